import { refusalIn, wordsIn, type Language, type ToldText } from './words.ts';
import type { RequestError } from '../http/request-error.ts';

/** A field of a form. Its name is its identifier in the page too. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'tel' | 'password' | 'number' | 'datetime-local' | 'file' | 'checkbox';
  readonly required?: boolean;
  readonly hint?: string;
  readonly autocomplete?: string;
  readonly accept?: string;
  readonly value?: string;
  readonly checked?: boolean;
  /** Makes it a list to choose from. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

export interface FormPage {
  readonly title: string;
  readonly intro?: readonly string[];
  readonly facts?: readonly Fact[];
  readonly subTabs?: readonly { readonly href: string; readonly label: string; readonly isCurrent: boolean }[];
  readonly subTabsLabel?: string;
  readonly action: string;
  readonly isUpload?: boolean;
  readonly hidden?: readonly { readonly name: string; readonly value: string }[];
  readonly groups: readonly { readonly legend?: string; readonly fields: readonly Field[] }[];
  readonly submit: string;
  readonly isDangerous?: boolean;
  readonly cancel?: string;
  readonly links?: readonly { readonly href: string; readonly label: string }[];
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** What was typed, as the browser sent it. */
export type Typed = Readonly<Record<string, unknown>>;

/** The form as the template needs it: with what was typed and what is wrong with it. */
export function formView(page: FormPage, language: Language, typed?: Typed, refusal?: RequestError): object {
  const errors = refusal ? mistakesOf(refusal, language, page) : [];
  return {
    ...page,
    errors,
    report: refusal && reportOf(refusal),
    groups: page.groups.map(({ legend, fields }) => ({
      legend,
      fields: fields.map((field) =>
        fieldView(
          field,
          typed,
          errors.find((each) => each.field === field.name),
        ),
      ),
    })),
  };
}

type Mistake = ToldText & { readonly field?: string };

function fieldView(field: Field, typed: Typed | undefined, error: Mistake | undefined): object {
  const { name, type = 'text', hint, options } = field;
  const sent = typed?.[name];
  const isSecret = type === 'password' || type === 'file';
  const value = isSecret ? undefined : typeof sent === 'string' ? sent : field.value;
  const describedBy = [hint === undefined ? [] : `${name}-hint`, error === undefined ? [] : `${name}-error`].flat();
  return {
    ...field,
    type,
    value,
    isCheckbox: type === 'checkbox',
    checked: typed ? sent !== undefined : field.checked,
    error,
    describedBy: describedBy.join(' '),
    options: options?.map((option) => ({ ...option, isSelected: option.value === value })),
  };
}

/** Names of the rules, where the form has another field for it. */
const FIELD_ALIASES: Readonly<Record<string, readonly string[]>> = {
  validTo: ['validTo', 'validDays', 'byDays'],
  password: ['password', 'newPassword'],
};

function mistakesOf({ code, message, detail }: RequestError, language: Language, page: FormPage): Mistake[] {
  const names = new Set(page.groups.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const { refusals, mistakes } = detail.evidence ?? {};
  // The lines of a file have a table of their own.
  if (Array.isArray(mistakes)) return [{ text: wordsIn(language).reportOfFile, field: 'file' }];
  const listed = Array.isArray(refusals) ? refusals.flatMap(refusalOf) : [];
  if (listed.length === 0) return [refusalIn(language, code, message)];
  return listed.map((each) => {
    const field = each.field && (FIELD_ALIASES[each.field] ?? [each.field]).find((name) => names.has(name));
    return { ...refusalIn(language, each.code, each.text), ...(field ? { field } : {}) };
  });
}

function refusalOf(entry: unknown): { code: string; text: string; field?: string }[] {
  if (typeof entry !== 'object' || entry === null || !('code' in entry) || !('text' in entry)) return [];
  const field = 'field' in entry && typeof entry.field === 'string' ? entry.field : undefined;
  return [{ code: String(entry.code), text: String(entry.text), ...(field === undefined ? {} : { field }) }];
}

function reportOf({ detail }: RequestError): object | undefined {
  const { mistakes, mistakesInAll } = detail.evidence ?? {};
  if (!Array.isArray(mistakes)) return undefined;
  return { mistakes, more: Math.max(0, Number(mistakesInAll) - mistakes.length) };
}
