import type { Clock } from '#libs/simulation';
import type { ArchivedMail, MailArchive } from './mail-archive.ts';
import { listItemOf } from './mail-view.ts';
import { type SearchQuery } from './search-query.ts';

export interface Page {
  start: number;
  limit: number;
}

/** Reading the archive: lists, searches, waiting. */
export class MailDesk {
  /** @param realTime what waiting clients count in, whatever the testbed's clock does */
  constructor(
    readonly archive: MailArchive,
    private readonly realTime: Clock,
  ) {}

  async search(query: SearchQuery): Promise<ArchivedMail[]> {
    const found: ArchivedMail[] = [];
    for (const mail of this.archive.newestFirst) {
      if (query.matches(mail, await this.archive.parse(mail))) found.push(mail);
    }
    return found;
  }

  /** One page of `found`, with the numbers that belong to it (Mailpit: `MessagesSummary`). */
  async page(found: readonly ArchivedMail[], { start, limit }: Page) {
    const { archive } = this;
    const all = archive.newestFirst;
    const shown = found.slice(start, start + limit);
    return {
      total: all.length,
      unread: all.filter(({ read }) => !read).length,
      count: shown.length,
      messages_count: found.length,
      messages_unread: found.filter(({ read }) => !read).length,
      start,
      tags: this.tags(),
      messages: await Promise.all(shown.map(async (mail) => listItemOf(mail, await archive.parse(mail)))),
    };
  }

  /** Every tag in use, in alphabetical order. */
  tags(): string[] {
    return [...new Set(this.archive.newestFirst.flatMap(({ tags }) => tags))].sort();
  }

  /** Resolves once `count` mails match, or when `timeoutMs` of real time are over; with what matches then. */
  async waitFor(query: SearchQuery, count: number, timeoutMs: number): Promise<ArchivedMail[]> {
    let wake: () => void = () => undefined;
    const stop = this.archive.onChange(() => wake());
    const timeout = new AbortController();
    let over = false;
    void this.realTime.sleep(timeoutMs, timeout.signal).then(
      () => {
        over = true;
        wake();
      },
      () => undefined,
    );
    try {
      for (;;) {
        const changed = new Promise<void>((resolve) => (wake = resolve));
        const found = await this.search(query);
        if (found.length >= count || over) return found;
        await changed;
      }
    } finally {
      stop();
      timeout.abort();
    }
  }
}
