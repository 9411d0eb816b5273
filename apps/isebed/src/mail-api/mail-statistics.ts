import type { Clock, JournalRecord } from '#libs/simulation';
import type { MailArchive } from './mail-archive.ts';

/** Counts since the start of the process. */
export class MailStatistics {
  accepted = 0;
  acceptedBytes = 0;
  refused = 0;
  deleted = 0;

  constructor(
    readonly clock: Clock,
    archive: MailArchive,
  ) {
    archive.onChange((change) => {
      if ('deleted' in change) {
        this.deleted += change.deleted;
      } else {
        this.accepted += 1;
        this.acceptedBytes += change.added.size;
      }
    });
  }

  note({ kind }: JournalRecord): void {
    if (kind === 'exchange.message-refused') this.refused += 1;
  }
}
