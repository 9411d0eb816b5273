import type { DatabaseSync, StatementSync } from 'node:sqlite';
import PostalMime, { type Email } from 'postal-mime';
import { z } from 'zod';
import { InvariantError } from '#libs/diagnosis';
import type { ExchangeOnline, MessageKeeper, StoredMessage } from '#mocks/exchange';
import { atOnce } from './at-once.ts';

/** Parsed mails kept at hand. */
const PARSED_MAX = 1_000;

/** A mail that Exchange accepted, without its bytes. */
export interface ArchivedMail extends Omit<StoredMessage, 'raw'> {
  /** Counts from 1; never given twice. */
  id: string;
  /** Bytes. */
  size: number;
  read: boolean;
  tags: readonly string[];
}

/** Runs a write that can wait: at once, or when the disk can be written again. */
export type Deferrable = (write: () => void) => void;

/** One mail came in, or that many were deleted. */
export type ArchiveChange = { added: ArchivedMail } | { deleted: number };

/**
 * The mails that were accepted, of more than `mailsMax` the newest, in a database: with a file and `synchronous = FULL` a mail is on the disk when `add`
 * returns. What is deleted here is deleted for the reader alone; Exchange does not notice.
 */
export class MailArchive {
  private readonly mails = new Map<string, ArchivedMail>();
  private readonly parsed = new Map<string, Promise<Email>>();
  private readonly listeners = new Set<(change: ArchiveChange) => void>();
  private readonly statements: Record<'insert' | 'raw' | 'mark' | 'delete', StatementSync>;
  /** Marked here, and not yet in the database. */
  private readonly marked = new Set<ArchivedMail>();

  constructor(
    private readonly database: DatabaseSync,
    private readonly defer: Deferrable = (write) => write(),
    readonly mailsMax = Number.POSITIVE_INFINITY,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS mails (
        id INTEGER PRIMARY KEY AUTOINCREMENT, meta TEXT NOT NULL, raw BLOB NOT NULL,
        read INTEGER NOT NULL DEFAULT 0, tags TEXT NOT NULL DEFAULT '[]'
      ) STRICT`);
    this.statements = {
      insert: database.prepare('INSERT INTO mails (meta, raw) VALUES (?, ?)'),
      raw: database.prepare('SELECT raw FROM mails WHERE id = ?'),
      mark: database.prepare('UPDATE mails SET read = ?, tags = ? WHERE id = ?'),
      delete: database.prepare('DELETE FROM mails WHERE id = ?'),
    };
    for (const row of database.prepare('SELECT id, meta, read, tags, length(raw) AS size FROM mails').all()) {
      const id = String(row['id']);
      const meta: unknown = JSON.parse(String(row['meta']));
      if (!isMeta(meta)) throw new InvariantError(`mail ${id} of the data folder is damaged`);
      const tags = z.array(z.string()).parse(JSON.parse(String(row['tags'])));
      this.mails.set(id, { ...meta, id, size: Number(row['size']), read: row['read'] === 1, tags });
    }
  }

  /** All of them or none. @throws the error of the database when it can't be written */
  add(messages: readonly StoredMessage[]): void {
    const added: ArchivedMail[] = [];
    const excess = Math.max(this.count + messages.length - this.mailsMax, 0);
    const oldest = excess > 0 ? [...this.mails.values()].slice(0, excess) : [];
    atOnce(this.database, () => {
      for (const { id } of oldest) this.statements.delete.run(id);
      for (const { raw, ...meta } of messages) {
        const id = String(this.statements.insert.run(JSON.stringify(meta), raw).lastInsertRowid);
        added.push({ ...meta, id, size: raw.length, read: false, tags: [] });
      }
    });
    this.forget(oldest);
    for (const mail of added) this.mails.set(mail.id, mail);
    for (const mail of added) this.notify({ added: mail });
  }

  /** Newest first. */
  get newestFirst(): ArchivedMail[] {
    return [...this.mails.values()].reverse();
  }

  get count(): number {
    return this.mails.size;
  }

  /** `latest` is the newest. */
  find(id: string): ArchivedMail | undefined {
    return id === 'latest' ? this.newestFirst[0] : this.mails.get(id);
  }

  raw({ id }: ArchivedMail): Buffer {
    const raw = this.statements.raw.get(id)?.['raw'];
    return raw instanceof Uint8Array ? Buffer.from(raw) : Buffer.alloc(0);
  }

  parse(mail: ArchivedMail): Promise<Email> {
    const known = this.parsed.get(mail.id);
    if (known) return known;
    const [oldest] = this.parsed.keys();
    if (oldest !== undefined && this.parsed.size >= PARSED_MAX) this.parsed.delete(oldest);
    const email = PostalMime.parse(this.raw(mail), { attachmentEncoding: 'arraybuffer' });
    this.parsed.set(mail.id, email);
    return email;
  }

  /** Holds at once, also while the database can't be written. */
  mark(mail: ArchivedMail, changes: { read?: boolean; tags?: readonly string[] }): void {
    Object.assign(mail, changes);
    this.marked.add(mail);
    this.defer(() => this.saveMarks());
  }

  /** All of them or none. @throws the error of the database when it can't be written */
  delete(mails: readonly ArchivedMail[]): void {
    atOnce(this.database, () => {
      for (const { id } of mails) this.statements.delete.run(id);
    });
    this.forget(mails);
  }

  /** Calls `listener` after each change of what there is; returns the function that stops it. */
  onChange(listener: (change: ArchiveChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private forget(mails: readonly ArchivedMail[]): void {
    if (mails.length === 0) return;
    for (const mail of mails) {
      this.mails.delete(mail.id);
      this.parsed.delete(mail.id);
      this.marked.delete(mail);
    }
    this.notify({ deleted: mails.length });
  }

  private saveMarks(): void {
    atOnce(this.database, () => {
      for (const { read, tags, id } of this.marked) this.statements.mark.run(read ? 1 : 0, JSON.stringify(tags), id);
    });
    this.marked.clear();
  }

  private notify(change: ArchiveChange): void {
    for (const listener of this.listeners) listener(change);
  }
}

/**
 * Gives `online` back what was accepted before; from then on `keeper` has its say on what it accepts, and it remembers
 * no more than the archive does.
 */
export function archiveInto(archive: MailArchive, online: ExchangeOnline, keeper: MessageKeeper): void {
  for (const mail of archive.newestFirst.reverse()) online.store({ ...mail, raw: archive.raw(mail) });
  online.keepMessagesWith((messages) => {
    if (!keeper(messages)) return false;
    const excess = online.messages.length + messages.length - archive.mailsMax;
    const oldest = new Set(excess > 0 ? online.messages.slice(0, excess) : []);
    if (oldest.size > 0) online.deleteMessages((message) => oldest.has(message));
    return true;
  });
}

/** What `add` wrote: the version of the folder's layout vouches for the rest. */
function isMeta(value: unknown): value is Omit<StoredMessage, 'raw'> {
  return typeof value === 'object' && value !== null && 'messageId' in value && 'receivedAt' in value;
}
