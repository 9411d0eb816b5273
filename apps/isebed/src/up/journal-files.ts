import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalRecord } from '#libs/simulation';
import type { Storage } from './storage.ts';

/** Bounds of what is kept: `filesMax` files of about `fileBytesMax` bytes, and what waits for a disk that fails. */
const JOURNAL_LIMITS = { fileBytesMax: 16_777_216, filesMax: 16, waitingBytesMax: 4_194_304 };

/**
 * The journal on disk, as JSON lines in numbered files, of which the oldest go. A journal begins in a file of its own,
 * for its `seq` begins at 1. While the disk fails the newest records wait for it; a gap in `seq` tells of the others.
 */
export class JournalFiles {
  private descriptor: number | undefined;
  private number: number;
  private bytes = 0;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  /** How much of the first that waits is written already. */
  private written = 0;

  constructor(
    private readonly folder: string,
    private readonly storage: Storage,
    private readonly limits = JOURNAL_LIMITS,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.number = this.numbers.at(-1) ?? 0;
  }

  /** What is appended from now on belongs to another journal than what was before. */
  begin(): void {
    this.flush();
    this.close();
  }

  append(record: JournalRecord): void {
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    this.waiting.push(line);
    this.waitingBytes += line.length;
    this.flush();
    this.dropWhatWaitsTooLong();
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private flush(): void {
    this.storage.attempt('journal', () => {
      for (let [line] = this.waiting; line; [line] = this.waiting) {
        this.descriptor ??= this.openNext();
        const written = writeSync(this.descriptor, line, this.written);
        this.written += written;
        this.bytes += written;
        if (this.written < line.length) continue;
        this.forgetFirst(line);
        if (this.bytes >= this.limits.fileBytesMax) this.close();
      }
    });
  }

  private forgetFirst(line: Buffer): void {
    this.waiting.shift();
    this.waitingBytes -= line.length;
    this.written = 0;
  }

  /** The first one stays if some of it is written: what follows must not end up in the middle of its line. */
  private dropWhatWaitsTooLong(): void {
    while (this.waitingBytes > this.limits.waitingBytesMax && this.waiting.length > 1) {
      const [dropped] = this.waiting.splice(this.written > 0 ? 1 : 0, 1);
      this.waitingBytes -= dropped?.length ?? 0;
    }
  }

  private openNext(): number {
    const descriptor = openSync(this.fileOf(this.number + 1), 'wx', 0o600);
    this.number += 1;
    this.bytes = 0;
    for (const number of this.numbers.slice(0, -this.limits.filesMax)) rmSync(this.fileOf(number), { force: true });
    return descriptor;
  }

  private fileOf(number: number): string {
    return join(this.folder, `${String(number).padStart(6, '0')}.jsonl`);
  }

  /** Of the files there are, ascending. */
  private get numbers(): number[] {
    return readdirSync(this.folder)
      .flatMap((name) => /^(\d{6,})\.jsonl$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((one, other) => one - other);
  }
}
