import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import type { SecretVault } from '#libs/settings';

/** A mail as it lies in the outbox; everything but its number is sealed at rest, since it may hold a password. */
const mailSchema = z.object({
  type: z.string().optional(),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  validUntil: z.number().optional(),
});
export type OutboxMail = z.infer<typeof mailSchema>;

/**
 * `held`: whether this node may send it is not certain yet. `waiting`: for its turn or its next attempt. `submitting`:
 * the server cannot have it, for its end was not sent. `in-doubt`: its end may have been sent, the answer is not there.
 */
const stateSchema = z.enum(['held', 'waiting', 'submitting', 'in-doubt']);
export type OutboxState = z.infer<typeof stateSchema>;

/** One mail of the outbox. */
export interface OutboxEntry {
  readonly number: number;
  readonly mail: OutboxMail;
  readonly state: OutboxState;
  /** The attempt that comes next, or is under way; counts from 1. */
  readonly attempt: number;
  /** When the next attempt is due, epoch milliseconds. */
  readonly dueAt: number;
  /** The duty that was claimed for it, if it is one that only one node may carry out. */
  readonly duty?: string;
  /** `seq` of the journal record that it was accepted with. */
  readonly cause: number;
}

/**
 * What a node accepted for sending and has not settled: in its own database, not replicated, there again after a crash.
 * Synchronous, so that a step is on the disk when it returns.
 */
export class MailOutbox {
  private readonly statements: Record<'add' | 'advance' | 'remove' | 'all' | 'count', StatementSync>;

  /** @param database the node's; its owner closes it */
  constructor(
    database: DatabaseSync,
    private readonly vault: SecretVault,
  ) {
    // AUTOINCREMENT: a number is never given twice, also when its mail is gone (it is part of the Message-ID).
    database.exec(`
      CREATE TABLE IF NOT EXISTS outbox (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        mail TEXT NOT NULL,
        state TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        duty TEXT,
        cause INTEGER NOT NULL
      ) STRICT
    `);
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.statements = {
      add: prepare('INSERT INTO outbox (mail, state, attempt, due_at, duty, cause) VALUES (?, ?, 1, ?, ?, 0)'),
      advance: prepare('UPDATE outbox SET state = ?, attempt = ?, due_at = ?, cause = ? WHERE number = ?'),
      remove: prepare('DELETE FROM outbox WHERE number = ?'),
      all: prepare('SELECT * FROM outbox ORDER BY number'),
      count: prepare('SELECT count(*) AS count FROM outbox'),
    };
  }

  get count(): number {
    return Number(this.statements.count.get()?.['count'] ?? 0);
  }

  add(mail: OutboxMail, { dueAt, duty }: { dueAt: number; duty?: string | undefined }): OutboxEntry {
    const state = duty === undefined ? 'waiting' : 'held';
    const { lastInsertRowid } = this.statements.add.run(
      this.vault.seal(JSON.stringify(mail)),
      state,
      dueAt,
      duty ?? null,
    );
    const entry = { number: Number(lastInsertRowid), mail, state, attempt: 1, dueAt, cause: 0 } as const;
    return duty === undefined ? entry : { ...entry, duty };
  }

  /** Writes down how far it has got. */
  advance<T extends Pick<OutboxEntry, 'number' | 'state' | 'attempt' | 'dueAt' | 'cause'>>(entry: T): T {
    const { number, state, attempt, dueAt, cause } = entry;
    this.statements.advance.run(state, attempt, dueAt, cause, number);
    return entry;
  }

  remove(number: number): void {
    this.statements.remove.run(number);
  }

  /** Everything, in the order in which it was accepted. */
  list(): OutboxEntry[] {
    return this.statements.all.all().map((row) => {
      const entry = {
        number: Number(row['number']),
        mail: mailSchema.parse(JSON.parse(this.vault.open(String(row['mail'])))),
        state: stateSchema.parse(row['state']),
        attempt: Number(row['attempt']),
        dueAt: Number(row['due_at']),
        cause: Number(row['cause']),
      };
      return row['duty'] === null ? entry : { ...entry, duty: String(row['duty']) };
    });
  }
}
