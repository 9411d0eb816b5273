import type { Clock, Timer } from '#libs/simulation';
import { diskFailure } from './disk-failure.ts';

/** Milliseconds of real time after which what could not be written is tried again. */
const RETRY_MS = 2_000;

/** Something that is not on the disk although it should be. */
interface Trouble {
  /** When it began, real time. */
  since: string;
  reason: string;
  /** Writes what is missing as it is by then. */
  again: () => void;
}

export interface StorageOptions {
  realTime: Clock;
  /** Takes one line, when something can't be written any more and when it can again. */
  log: (line: string) => void;
}

/** Writes to the data folder that may fail without taking the testbed with them: logged, shown, and tried again. */
export class Storage {
  private readonly troubles = new Map<string, Trouble>();
  private retry: Timer | undefined;

  constructor(private readonly options: StorageOptions) {}

  /**
   * Runs `write`. When the disk fails, `again` is run now and then until it succeeds, or `what` is written otherwise.
   *
   * @param what names it for people: `mails`, `tenant`
   * @returns whether it is on the disk
   * @throws what is not a failure of the disk
   */
  attempt(what: string, write: () => void, again: () => void = write): boolean {
    try {
      write();
    } catch (error) {
      const reason = diskFailure(error);
      if (reason === undefined) throw error;
      this.note(what, reason, again);
      return false;
    }
    this.settle(what);
    return true;
  }

  /** Takes note of what failed elsewhere; `again` finds out whether it would succeed by now. */
  note(what: string, reason: string, again: () => void): void {
    const known = this.troubles.get(what);
    if (!known) this.options.log(`${what}: not written, ${reason}; trying again every ${RETRY_MS / 1_000} s`);
    this.troubles.set(what, { since: known?.since ?? this.options.realTime.timestamp(), reason, again });
    this.retry ??= this.options.realTime.after(RETRY_MS, () => this.tryAgain());
  }

  /** What can't be written at the moment, and why, for people. */
  get complaints(): string[] {
    return [...this.troubles].map(([what, { since, reason }]) => `${what}: not written since ${since}, ${reason}`);
  }

  /** Tries no more. */
  close(): void {
    this.retry?.cancel();
    this.troubles.clear();
  }

  private tryAgain(): void {
    this.retry = undefined;
    for (const [what, { again }] of [...this.troubles]) this.attempt(what, again);
  }

  private settle(what: string): void {
    if (this.troubles.delete(what)) this.options.log(`${what}: written again`);
  }
}
