import { z } from 'zod';
import { duration, wholeNumber } from './scalar.schema.ts';

/** Stands for 1, 2, 3 … in the texts of what is made many times. */
const NUMBER = '{n}';
const MANY_MAX = 10_000;

const manyCount = wholeNumber(1, MANY_MAX);

/** Keys that make many of one entry of a list. */
export const manyShape = {
  count: manyCount.optional().describe(`So many of them; ${NUMBER} in a text is the number of each, from 1.`),
  apart: duration.optional().describe('So much later for each than for the one before.'),
};

interface Many {
  readonly count?: number | undefined;
  readonly apart?: number | undefined;
}

/**
 * What all of many would have in common but may not, and what is missing for them to be apart.
 *
 * @param unique keys that must hold the number where there are many
 * @param instant the key that `apart` moves
 */
export function manyMistakes<Entry extends Many>(
  entry: Entry,
  unique: readonly (keyof Entry & string)[],
  instant: keyof Entry & string,
): { path: string[]; expected: string }[] {
  const { count = 1, apart } = entry;
  return [
    ...unique.flatMap((key) => {
      const value = entry[key];
      const isShared = count > 1 && typeof value === 'string' && !value.includes(NUMBER);
      return isShared ? [{ path: [key], expected: `${NUMBER} in it, since there are ${count} of them` }] : [];
    }),
    ...(apart !== undefined && entry[instant] === undefined
      ? [{ path: [], expected: `"${instant}", from which on they are apart` }]
      : []),
  ];
}

/** The entries that one entry stands for. @param instant the key that `apart` moves */
export function manyOf<Entry extends Many>(
  { count, apart = 0, ...entry }: Entry,
  instant: string,
): Omit<Entry, 'count' | 'apart'>[] {
  if (count === undefined) return [entry];
  return Array.from({ length: count }, (_, index) => {
    const moved = (key: string, value: unknown): unknown =>
      key === instant && typeof value === 'number' ? value + index * apart : numbered(value, index + 1);
    const made = Object.entries(entry).map(([key, value]) => [key, moved(key, value)]);
    return Object.fromEntries(made) as typeof entry;
  });
}

/** A file of many rows, by the names of its columns. */
export const manyRows = z
  .strictObject({
    count: manyCount.describe('Rows below the names of the columns.'),
    row: z.record(z.string(), z.string()).describe(`By column; ${NUMBER} in a text is the number of the row, from 1.`),
  })
  .transform(({ count, row }) => {
    const rows = Array.from({ length: count }, (_, index) =>
      Object.values(row).map((value) => quoted(value.replaceAll(NUMBER, String(index + 1)))),
    );
    return [Object.keys(row).map(quoted), ...rows].map((cells) => `${cells.join(',')}\n`).join('');
  });

function numbered(value: unknown, n: number): unknown {
  return typeof value === 'string' ? value.replaceAll(NUMBER, String(n)) : value;
}

/** RFC 4180, 2. */
function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
