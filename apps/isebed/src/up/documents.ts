import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** JSON documents by key: what a live testbed keeps besides mails. Each `put` is on the disk when it returns. */
export class Documents {
  private readonly select: StatementSync;
  private readonly upsert: StatementSync;

  constructor(private readonly database: DatabaseSync) {
    database.exec('CREATE TABLE IF NOT EXISTS documents (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT');
    this.select = database.prepare('SELECT value FROM documents WHERE key = ?');
    this.upsert = database.prepare(
      'INSERT INTO documents (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
  }

  /** Undefined when there is none. The reader checks its form. */
  get(key: string): unknown {
    const row = this.select.get(key);
    return row && (JSON.parse(String(row['value'])) as unknown);
  }

  /** Nothing is written when it is there already, byte for byte. */
  put(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    if (this.select.get(key)?.['value'] !== text) this.upsert.run(key, text);
  }

  delete(key: string): void {
    this.database.prepare('DELETE FROM documents WHERE key = ?').run(key);
  }

  clear(): void {
    this.database.exec('DELETE FROM documents');
  }
}
