import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** A change of the configuration: `version` counts from 1 without gaps; `value` null deletes. */
export interface ConfigChange {
  version: number;
  key: string;
  value: unknown;
}

/** The whole configuration at one version. */
export interface ConfigSnapshot {
  version: number;
  entries: readonly (readonly [key: string, value: unknown])[];
}

/**
 * One node's copy of the deployment's configuration: JSON documents by key, in the node's own database.
 * Keys are paths (`smtp-server`, `guest/1001`); what must not appear in clear is sealed by its owner before.
 */
export class ConfigStore {
  private readonly database: DatabaseSync;
  private readonly statements: Record<
    'version' | 'setVersion' | 'get' | 'list' | 'all' | 'put' | 'delete',
    StatementSync
  >;
  private readonly listeners = new Set<(change: ConfigChange) => void>();

  /** @param location a file, or `:memory:` */
  constructor(location = ':memory:') {
    this.database = new DatabaseSync(location);
    this.database.exec(`
      CREATE TABLE IF NOT EXISTS config (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL) STRICT;
      INSERT OR IGNORE INTO progress (id, version) VALUES (1, 0);
    `);
    const prepare = (sql: string): StatementSync => this.database.prepare(sql);
    this.statements = {
      version: prepare('SELECT version FROM progress'),
      setVersion: prepare('UPDATE progress SET version = ?'),
      get: prepare('SELECT value FROM config WHERE key = ?'),
      list: prepare('SELECT value FROM config WHERE substr(key, 1, ?) = ? ORDER BY key'),
      all: prepare('SELECT key, value FROM config ORDER BY key'),
      put: prepare(
        'INSERT INTO config (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      ),
      delete: prepare('DELETE FROM config WHERE key = ?'),
    };
  }

  get version(): number {
    return Number(this.statements.version.get()?.['version'] ?? 0);
  }

  /** The document at `key`; the caller knows its type, having written it through the same schema. */
  get<T>(key: string): T | undefined {
    const row = this.statements.get.get(key);
    return row === undefined ? undefined : (JSON.parse(String(row['value'])) as T);
  }

  /** All documents whose key starts with `prefix`, in the order of their keys. */
  list<T>(prefix: string): T[] {
    return this.statements.list.all(prefix.length, prefix).map((row) => JSON.parse(String(row['value'])) as T);
  }

  /** Applies a change that follows directly on the present version; false when it does not. */
  apply(change: ConfigChange): boolean {
    if (change.version !== this.version + 1) return false;
    this.atOnce(() => {
      if (change.value === null) this.statements.delete.run(change.key);
      else this.statements.put.run(change.key, JSON.stringify(change.value));
      this.statements.setVersion.run(change.version);
    });
    for (const listener of this.listeners) listener(change);
    return true;
  }

  snapshot(): ConfigSnapshot {
    const entries = this.statements.all
      .all()
      .map((row) => [String(row['key']), JSON.parse(String(row['value'])) as unknown] as const);
    return { version: this.version, entries };
  }

  /** Replaces everything, as a manual sync does. */
  restore({ version, entries }: ConfigSnapshot): void {
    this.atOnce(() => {
      this.database.exec('DELETE FROM config');
      for (const [key, value] of entries) this.statements.put.run(key, JSON.stringify(value));
      this.statements.setVersion.run(version);
    });
    for (const [key, value] of entries) {
      for (const listener of this.listeners) listener({ version, key, value });
    }
  }

  /** Calls `listener` after each change; returns the function that stops it. */
  onChange(listener: (change: ConfigChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.database.close();
  }

  /** All of `work` or nothing of it is in the database, also after a crash. */
  private atOnce(work: () => void): void {
    this.database.exec('BEGIN');
    try {
      work();
      this.database.exec('COMMIT');
    } catch (error) {
      // A full disk ends some transactions on its own, and then the reason would be lost.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }
}
