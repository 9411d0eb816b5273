/** Calls of the file system, as Node names them in `syscall`; those of sockets have other names. */
const FILE_CALLS = new Set(['open', 'write', 'fsync', 'rename', 'mkdir', 'rm', 'rmdir', 'unlink', 'scandir', 'chmod']);

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'a file may grow no further',
  EIO: 'the disk fails',
  EROFS: 'the disk is read-only',
  ENOENT: 'the folder is gone',
};

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html: READONLY, IOERR, FULL, CANTOPEN. */
const SQLITE_REASONS: Readonly<Record<number, string>> = {
  8: 'the database is read-only',
  10: 'the disk fails',
  13: 'the disk is full',
  14: 'the database cannot be opened',
};

/** Why a file or a database could not be written, for people; undefined when the error is about something else. */
export function diskFailure(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return SQLITE_REASONS[error.errcode & 0xff];
  if (!('syscall' in error && 'code' in error)) return undefined;
  return FILE_CALLS.has(String(error.syscall)) ? (REASONS[String(error.code)] ?? String(error.code)) : undefined;
}
