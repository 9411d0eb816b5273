import type { DatabaseSync, StatementSync } from 'node:sqlite';
import PostalMime, { type Email } from 'postal-mime';
import { z } from 'zod';
import { InvariantError } from '#libs/diagnosis';
import type { ExchangeOnline, StoredMessage } from '#mocks/exchange';

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

/** One mail came in, or that many were deleted. */
export type ArchiveChange = { added: ArchivedMail } | { deleted: number };

/**
 * Every mail that was accepted, in a database: with a file and `synchronous = FULL` a mail is on the disk when `add`
 * returns. What is deleted here is deleted for the reader alone; Exchange does not notice.
 */
export class MailArchive {
  private readonly mails = new Map<string, ArchivedMail>();
  private readonly parsed = new Map<string, Promise<Email>>();
  private readonly listeners = new Set<(change: ArchiveChange) => void>();
  private readonly statements: Record<'insert' | 'raw' | 'mark' | 'delete', StatementSync>;

  constructor(private readonly database: DatabaseSync) {
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

  add({ raw, ...meta }: StoredMessage): void {
    const id = String(this.statements.insert.run(JSON.stringify(meta), raw).lastInsertRowid);
    const mail = { ...meta, id, size: raw.length, read: false, tags: [] };
    this.mails.set(id, mail);
    this.notify({ added: mail });
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

  mark(mail: ArchivedMail, changes: { read?: boolean; tags?: readonly string[] }): void {
    Object.assign(mail, changes);
    this.statements.mark.run(mail.read ? 1 : 0, JSON.stringify(mail.tags), mail.id);
  }

  delete(mails: readonly ArchivedMail[]): void {
    this.database.exec('BEGIN');
    for (const { id } of mails) {
      this.statements.delete.run(id);
      this.mails.delete(id);
      this.parsed.delete(id);
    }
    this.database.exec('COMMIT');
    this.notify({ deleted: mails.length });
  }

  /** Calls `listener` after each change of what there is; returns the function that stops it. */
  onChange(listener: (change: ArchiveChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private notify(change: ArchiveChange): void {
    for (const listener of this.listeners) listener(change);
  }
}

/** Keeps what `online` accepts in the archive before it answers 250, and gives it back what was accepted before. */
export function archiveInto(archive: MailArchive, online: ExchangeOnline): void {
  for (const mail of archive.newestFirst.reverse()) online.store({ ...mail, raw: archive.raw(mail) });
  online.onStored((message) => archive.add(message));
}

/** What `add` wrote: the version of the folder's layout vouches for the rest. */
function isMeta(value: unknown): value is Omit<StoredMessage, 'raw'> {
  return typeof value === 'object' && value !== null && 'messageId' in value && 'receivedAt' in value;
}
