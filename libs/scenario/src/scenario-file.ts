import { readFileSync, statSync } from 'node:fs';
import type { Mistake } from './mistake.ts';
import { readScenario, type ReadOptions, type ReadResult } from './scenario-reader.ts';

/** A larger file is refused before it is read. */
const SIZE_BYTES_MAX = 1024 * 1024;

/**
 * Reads a scenario file, and tells all its mistakes at once. Never throws for what the file is or holds: a missing,
 * unreadable, binary, empty or huge file is a mistake as well.
 */
export function loadScenarioFile(path: string, options: ReadOptions = {}): ReadResult {
  const read = readTextFile(path, { expected: 'a scenario file', bytesMax: SIZE_BYTES_MAX });
  return 'text' in read ? readScenario(path, read.text, options) : read;
}

/**
 * The text of a file that a person wrote. Never throws for what the file is.
 *
 * @param expected a noun for the mistakes, such as `a scenario file`
 */
export function readTextFile(
  path: string,
  { expected, bytesMax }: { expected: string; bytesMax: number },
): { text: string } | { mistakes: Mistake[] } {
  const refused = (message: string, wanted: string): { mistakes: Mistake[] } => ({
    mistakes: [{ file: path, line: 1, column: 1, message, expected: wanted }],
  });
  let bytes: Buffer;
  try {
    const status = statSync(path);
    if (status.isDirectory()) return refused('a folder', expected);
    if (!status.isFile()) return refused('not an ordinary file', expected);
    if (status.size > bytesMax) return refused(`the file has ${status.size} bytes`, `at most ${bytesMax} bytes`);
    bytes = readFileSync(path);
  } catch (cause) {
    return refused(reasonOf(cause), `${expected} that can be read`);
  }
  const text = decode(bytes);
  return text === undefined ? refused('the file is not text', 'YAML in UTF-8') : { text };
}

function decode(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'the file may not be read',
  EPERM: 'the file may not be read',
  ELOOP: 'symbolic links go round in circles',
  ENAMETOOLONG: 'the path is too long',
};

/** What a file-system error means to the reader. */
export function reasonOf(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown error';
  return REASONS[code] ?? `the file cannot be read (${code})`;
}
