import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { diskFailure } from './disk-failure.ts';
import { UpError } from './up.error.ts';

/** Version of what lies in a data folder, and how. */
const LAYOUT = 1;

const layoutSchema = z.object({ layout: z.int() });

/**
 * The folder that `--data` names: readable by its owner alone, used by one testbed at a time.
 *
 * `layout.json` says which version of this program can read it; `state.db` holds mails and documents and is the lock: it
 * is open in SQLite's exclusive mode, so the lock ends with the process, however that ends.
 */
export class DataFolder {
  private constructor(
    private readonly path: string,
    readonly database: DatabaseSync,
  ) {}

  /**
   * Opens the folder, or creates it.
   *
   * @throws UpError when it is no folder, is in use, or was written by a newer version
   */
  static open(path: string): DataFolder {
    createFolder(path);
    const file = join(path, 'layout.json');
    if (existsSync(file)) checkLayout(file);
    const database = openExclusively(path);
    if (!existsSync(file)) writeWhole(file, `${JSON.stringify({ layout: LAYOUT })}\n`);
    return new DataFolder(path, database);
  }

  fileOf(name: string): string {
    return join(this.path, name);
  }

  read(name: string): string | undefined {
    const file = this.fileOf(name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /** Writes all of a file or nothing of it, readable by its owner alone. */
  write(name: string, content: string): string {
    const file = this.fileOf(name);
    writeWhole(file, content);
    return file;
  }

  /** The database file of an ISE node. */
  nodeDatabase(node: string): string {
    mkdirSync(join(this.path, 'nodes'), { recursive: true, mode: 0o700 });
    return join(this.path, 'nodes', `${node}.db`);
  }

  forgetNodes(): void {
    rmSync(join(this.path, 'nodes'), { recursive: true, force: true });
  }

  close(): void {
    this.database.close();
  }
}

/** The error of a folder that can't be written, so that nothing can start in it; any other error as it is. */
export function asFolderError(cause: unknown, path: string | undefined): unknown {
  const reason = diskFailure(cause);
  if (reason === undefined) return cause;
  const remedy = 'Make room on its disk, or give another folder with --data.';
  return new UpError('up.data-folder', `${path ?? tmpdir()} can't be written: ${reason}`, remedy, cause);
}

/** A database whose every commit is on the disk when it returns. */
function openExclusively(path: string): DatabaseSync {
  const file = join(path, 'state.db');
  const database = new DatabaseSync(file);
  try {
    chmodSync(file, 0o600);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    return database;
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw cause;
    throw new UpError(
      'up.data-in-use',
      `another testbed uses the data folder ${path}`,
      'Stop it first, or give this one a folder of its own with --data.',
      cause,
    );
  }
}

/** SQLITE_BUSY (5) and SQLITE_LOCKED (6). */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (error.errcode === 5 || error.errcode === 6);
}

function createFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (statSync(path).isDirectory()) return;
  } catch (cause) {
    throw new UpError('up.data-folder', `${path} can't be used as data folder`, 'Give --data a folder.', cause);
  }
}

function checkLayout(file: string): void {
  const read = layoutSchema.safeParse(parseJson(readFileSync(file, 'utf8')));
  if (read.success && read.data.layout <= LAYOUT) return;
  throw new UpError(
    'up.data-newer',
    read.success
      ? `${file} says layout ${read.data.layout}; this program reads up to ${LAYOUT}`
      : `${file} is not of this program`,
    'Use the version of isebed that wrote the folder, or another folder with --data.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function writeWhole(file: string, content: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, content, { mode: 0o600, flush: true });
  renameSync(draft, file);
}
