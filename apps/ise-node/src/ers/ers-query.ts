import { ErsException } from './ers-exception.ts';
import { plainText, type ErsListing, type ErsObject, type ErsResource } from './ers-resource.ts';

const PAGE_SIZE = 20;
const PAGE_SIZE_MAX = 100;

/** Filters in one request; more is no question that somebody would ask. */
const FILTERS_MAX = 20;

type Test = (value: string, sought: string) => boolean;

const contains: Test = (value, sought) => value.includes(sought);
const starts: Test = (value, sought) => value.startsWith(sought);
const ends: Test = (value, sought) => value.endsWith(sought);
const equals: Test = (value, sought) => value === sought;
const not =
  (test: Test): Test =>
  (value, sought) =>
    !test(value, sought);

/** Operators of a filter (fact sheet ise 7.1); `STARTW` is a spelling of the real product. Case does not matter. */
const OPERATORS: Readonly<Record<string, Test>> = {
  EQ: equals,
  NEQ: not(equals),
  STARTSW: starts,
  STARTW: starts,
  NSTARTSW: not(starts),
  ENDSW: ends,
  NENDSW: not(ends),
  CONTAINS: contains,
  NCONTAINS: not(contains),
};

interface ErsFilter {
  field: string;
  test: Test;
  sought: string;
}

export interface ErsQuery {
  page: number;
  size: number;
  sort: { field: string; descending: boolean } | undefined;
  filters: readonly ErsFilter[];
  anyFilter: boolean;
  /** The query as it came, but for the page: links to other pages repeat it. */
  parameters: URLSearchParams;
}

/** @throws ErsException QUERY_VALIDATION_EXCEPTION, with every mistake at once */
export function readQuery(
  parameters: URLSearchParams,
  { filterFields, sortFields }: Pick<ErsResource, 'filterFields' | 'sortFields'>,
): ErsQuery {
  const mistakes: string[] = [];
  const number = (name: string, fallback: number, max: number): number => {
    const text = parameters.get(name);
    if (text === null) return fallback;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > max) mistakes.push(`${name} must be a whole number from 1 to ${max}`);
    return value;
  };
  const page = number('page', 1, 1_000_000);
  const size = number('size', PAGE_SIZE, PAGE_SIZE_MAX);
  const [ascending, descending] = [parameters.get('sortasc'), parameters.get('sortdsc')];
  const sortField = ascending ?? descending;
  if (ascending !== null && descending !== null) mistakes.push('sortasc and sortdsc exclude each other');
  if (sortField !== null && !sortFields.includes(sortField)) {
    mistakes.push(`cannot sort by "${clipped(sortField)}"; sorted is by: ${sortFields.join(', ') || 'nothing'}`);
  }
  const texts = parameters.getAll('filter');
  if (texts.length > FILTERS_MAX) mistakes.push(`no more than ${FILTERS_MAX} filters`);
  const filters = texts.slice(0, FILTERS_MAX).flatMap((text) => {
    const filter = readFilter(text, filterFields);
    if (typeof filter !== 'string') return [filter];
    mistakes.push(filter);
    return [];
  });
  const filterType = (parameters.get('filtertype') ?? parameters.get('filterType') ?? 'and').toLowerCase();
  if (filterType !== 'and' && filterType !== 'or') mistakes.push('filtertype must be "and" or "or"');
  if (mistakes.length > 0) throw new ErsException('QUERY_VALIDATION_EXCEPTION', ...mistakes);
  return {
    page,
    size,
    sort: sortField === null ? undefined : { field: sortField, descending: descending !== null },
    filters,
    anyFilter: filterType === 'or',
    parameters,
  };
}

function readFilter(text: string, fields: readonly string[]): ErsFilter | string {
  const [, field = '', operator = '', sought = ''] = /^([^.]*)\.([^.]*)\.(.*)$/s.exec(text) ?? [];
  const test = Object.hasOwn(OPERATORS, operator.toUpperCase()) ? OPERATORS[operator.toUpperCase()] : undefined;
  if (field === '' || !test) {
    return `filter "${clipped(text)}" is not field.OPERATOR.value with one of ${Object.keys(OPERATORS).join(', ')}`;
  }
  const known = fields.find((each) => each.toLowerCase() === field.toLowerCase());
  if (known === undefined) {
    return `cannot filter by "${clipped(field)}"; filtered is by: ${fields.join(', ') || 'nothing'}`;
  }
  return { field: known, test, sought: sought.toLowerCase() };
}

/** The objects that pass the filters, in the asked order (that of their names otherwise), and one page of them. */
export function applyQuery(
  objects: readonly ErsObject[],
  query: ErsQuery,
  filterValue: NonNullable<ErsResource['filterValue']> = (object, field) => object[field],
): ErsListing {
  const { filters, anyFilter, sort, page, size } = query;
  const passes = (object: ErsObject): boolean => {
    const results = filters.map(({ field, test, sought }) => test(textOf(filterValue(object, field)), sought));
    return anyFilter ? results.length === 0 || results.includes(true) : !results.includes(false);
  };
  const field = sort?.field ?? 'name';
  const key = (object: ErsObject): string => textOf(filterValue(object, field));
  const found = objects
    .filter(passes)
    .sort((a, b) => compare(key(a), key(b)) * (sort?.descending ? -1 : 1) || compare(a.id, b.id));
  return { total: found.length, page: found.slice((page - 1) * size, page * size), query };
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.map(textOf).join(',') : plainText(value).toLowerCase();
}

/** By code units: the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function clipped(text: string): string {
  return text.slice(0, 60);
}
