import type { GuestAccount } from '#libs/guests';
import { BUILT_IN_LANGUAGES } from '#libs/notification';
import type { Field } from './form-page.ts';
import { GUEST_FIELDS, type GuestField } from './typed-forms.ts';
import type { Words } from './words.ts';

const SPECIAL: Readonly<Partial<Record<GuestField, Pick<Field, 'type' | 'autocomplete'>>>> = {
  emailAddress: { type: 'email', autocomplete: 'email' },
  mobileNumber: { type: 'tel', autocomplete: 'tel' },
  firstName: { autocomplete: 'given-name' },
  lastName: { autocomplete: 'family-name' },
  company: { autocomplete: 'organization' },
};

interface GuestFieldOptions {
  readonly words: Words;
  readonly locations: readonly string[];
  /** What is known of the guest already. */
  readonly account?: Omit<GuestAccount, 'password'> | undefined;
  /** Whether the guest types it: then the browser may fill it in. */
  readonly isOwn?: boolean;
  readonly required?: readonly GuestField[];
}

/** The fields of a guest, for every form that has them. */
export function guestFieldList({
  words,
  locations,
  account,
  isOwn = false,
  required = [],
}: GuestFieldOptions): Field[] {
  return GUEST_FIELDS.map((name) => {
    const { type, autocomplete } = SPECIAL[name] ?? {};
    return {
      name,
      label: labelOf(name, words),
      value: account?.[name] ?? '',
      required: required.includes(name),
      ...(type === undefined ? {} : { type }),
      ...(autocomplete === undefined ? {} : { autocomplete: isOwn ? autocomplete : 'off' }),
      ...(name === 'personBeingVisited' && required.includes(name) ? { hint: words.personHint } : {}),
      ...(name === 'notificationLanguage' ? { options: languageOptions() } : {}),
      ...(name === 'location' ? { options: listOptions(locations, words) } : {}),
    };
  });
}

export function labelOf(name: GuestField, words: Words): string {
  return name === 'notificationLanguage' ? words.language : words[name];
}

/** English comes first: it is what an account without a language gets. */
export function languageOptions(): { value: string; label: string }[] {
  return BUILT_IN_LANGUAGES.map((language) => ({ value: language, label: language }));
}

/** The names, after "none". */
export function listOptions(listed: readonly string[], words: Words): { value: string; label: string }[] {
  return [{ value: '', label: words.none }, ...listed.map((name) => ({ value: name, label: name }))];
}
