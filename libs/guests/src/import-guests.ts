import { CsvError, parse } from 'csv-parse/sync';
import type { GuestAccountRequest } from './create-guest-account.ts';
import { didYouMean } from './nearest.ts';

/** Octets of a file that is imported. */
export const IMPORT_OCTETS_MAX = 10 * 1024 * 1024;

/** Mistakes that are told of one file; what follows is only counted. */
const MISTAKES_MAX = 100;

/** A mistake in an import file. Line 1 is the header; `column` is the header's name of it. */
export interface ImportMistake {
  readonly line: number;
  readonly column?: string;
  readonly text: string;
}

/** The rows as requests, each with its line; or everything that is wrong with the file. */
export type GuestImport =
  | {
      readonly kind: 'read';
      readonly rows: readonly { readonly line: number; readonly request: GuestAccountRequest }[];
    }
  | { readonly kind: 'refused'; readonly mistakes: readonly ImportMistake[]; readonly mistakesInAll: number };

/**
 * The columns of the template that the sponsor portal offers; no public copy of ISE's own was found, so these are the
 * labels of its forms (our choice). In any order, each at most once, none but Email Address or names needed.
 */
export const IMPORT_COLUMNS = {
  'First Name': 'firstName',
  'Last Name': 'lastName',
  'Email Address': 'emailAddress',
  'Mobile Number': 'mobileNumber',
  Company: 'company',
  'Person Being Visited': 'personBeingVisited',
  'Reason for Visit': 'reasonForVisit',
  'User Name': 'username',
  Password: 'password',
  Language: 'notificationLanguage',
} as const satisfies Record<string, keyof GuestAccountRequest>;

const COLUMN_NAMES = Object.keys(IMPORT_COLUMNS);

/** The header line of an empty template. */
export const IMPORT_TEMPLATE = `${COLUMN_NAMES.join(',')}\r\n`;

/**
 * Reads a CSV file (RFC 4180; a byte order mark, LF or CRLF): a header, then a guest a line. `rowsMax` is the sponsor
 * group's limit of a batch.
 */
export function readGuestImport(file: string, { rowsMax }: { rowsMax: number }): GuestImport {
  if (Buffer.byteLength(file) > IMPORT_OCTETS_MAX) {
    return refused([{ line: 1, text: `The file is larger than ${IMPORT_OCTETS_MAX / 1024 / 1024} MB.` }]);
  }
  const parsed = parseCsv(file);
  if ('mistake' in parsed) return refused([parsed.mistake]);
  const [header, ...rows] = parsed.rows;
  if (!header)
    return refused([{ line: 1, text: `The file is empty; its first line names columns: ${COLUMN_NAMES.join(', ')}.` }]);

  const columns = header.cells.map((name) => name.trim());
  const mistakes = headerMistakes(columns, header.line);
  if (mistakes.length > 0) return refused(mistakes);
  if (rows.length === 0) return refused([{ line: header.line, text: 'There is no guest below the header.' }]);
  if (rows.length > rowsMax) {
    const text = `The file has ${rows.length} guests; your sponsor group may import ${rowsMax} at once.`;
    return refused([{ line: rows[rowsMax]?.line ?? header.line, text }]);
  }
  const ragged = rows.filter(({ cells }) => cells.length !== columns.length);
  if (ragged.length > 0) {
    return refused(
      ragged.map(({ line, cells }) => ({
        line,
        text: `The line has ${cells.length} values, the header ${columns.length} columns.`,
      })),
    );
  }
  return { kind: 'read', rows: rows.map(({ line, cells }) => ({ line, request: requestOf(columns, cells) })) };
}

/** The column of a field of the request. */
export function importColumnOf(field: string | undefined): string | undefined {
  return Object.entries(IMPORT_COLUMNS).find(([, each]) => each === field)?.[0];
}

/** The mistakes as a refusal, the first of them told and all counted. */
export function refused(mistakes: readonly ImportMistake[]): Extract<GuestImport, { kind: 'refused' }> {
  return { kind: 'refused', mistakes: mistakes.slice(0, MISTAKES_MAX), mistakesInAll: mistakes.length };
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

const CSV = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const;

function parseCsv(file: string): { rows: Row[] } | { mistake: ImportMistake } {
  try {
    return { rows: rowsOf(parse(file, CSV)) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const count = (name: string): number => Number(Object.entries(error).find(([key]) => key === name)?.[1] ?? 0);
    // An open quotation is noticed at the end of the file; it began after the last record that was whole.
    const line =
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? (rowsOf(count('records') === 0 ? [] : parse(file, { ...CSV, to: count('records') })).at(-1)?.line ?? 0) + 1
        : count('lines');
    return { mistake: { line, text: CSV_MISTAKES[error.code] ?? 'The line is not CSV.' } };
  }
}

function rowsOf(records: unknown): Row[] {
  return Array.isArray(records) ? records.flatMap(rowOf) : [];
}

/** With `info`, a record comes with the number of the line that it ends on. */
function rowOf(entry: unknown): Row[] {
  if (typeof entry !== 'object' || entry === null || !('record' in entry) || !('info' in entry)) return [];
  const { record, info } = entry;
  if (!Array.isArray(record) || typeof info !== 'object' || info === null || !('lines' in info)) return [];
  return [{ line: Number(info.lines), cells: record.map(String) }];
}

const CSV_MISTAKES: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A quotation mark is opened and never closed.',
  INVALID_OPENING_QUOTE: 'A quotation mark stands inside a value that is not quoted.',
  CSV_INVALID_CLOSING_QUOTE: 'Something follows the closing quotation mark of a value.',
};

function headerMistakes(columns: readonly string[], line: number): ImportMistake[] {
  const [only = ''] = columns;
  if (columns.length === 1 && /[;\t]/.test(only)) {
    const separator = only.includes(';') ? 'semicolons' : 'tabs';
    return [{ line, text: `The columns are separated by ${separator}; save the file with commas.` }];
  }
  const mistakes = columns.flatMap((column, index): ImportMistake[] => {
    if (!isColumn(column)) {
      const known = `Columns: ${COLUMN_NAMES.join(', ')}.`;
      return [{ line, column, text: `There is no column "${column}".${didYouMean(column, COLUMN_NAMES)} ${known}` }];
    }
    return columns.indexOf(column) === index ? [] : [{ line, column, text: `The column "${column}" is there twice.` }];
  });
  return mistakes;
}

function requestOf(columns: readonly string[], cells: readonly string[]): GuestAccountRequest {
  return Object.fromEntries(
    columns.flatMap((column, index) => {
      const text = cells[index]?.trim() ?? '';
      return isColumn(column) && text !== '' ? [[IMPORT_COLUMNS[column], text]] : [];
    }),
  );
}

function isColumn(name: string): name is keyof typeof IMPORT_COLUMNS {
  return Object.hasOwn(IMPORT_COLUMNS, name);
}
