import type { Journal, JournalRecord } from '#libs/simulation';
import type { JournalFiles } from './journal-files.ts';

/** What happens in a live testbed: one journal after another, for each reset begins a new one. */
export class LiveJournal {
  private readonly listeners = new Set<(record: JournalRecord) => void>();

  /** @param files where it is written down, if anywhere */
  constructor(private readonly files: JournalFiles | undefined) {}

  /** Another journal begins, in which nothing is recorded yet. */
  follow(journal: Journal): void {
    this.files?.begin();
    journal.subscribe((record) => {
      this.files?.append(record);
      for (const listener of this.listeners) listener(record);
    });
  }

  /** Calls `listener` with each further record, also after a reset; the result stops it. */
  subscribe(listener: (record: JournalRecord) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.files?.close();
  }
}
