import { DatabaseSync } from 'node:sqlite';

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
  private readonly listeners = new Set<(change: ConfigChange) => void>();

  /** @param location a file, or `:memory:` */
  constructor(location = ':memory:') {
    this.database = new DatabaseSync(location);
    this.database.exec(`
      CREATE TABLE IF NOT EXISTS config (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL) STRICT;
      INSERT OR IGNORE INTO progress (id, version) VALUES (1, 0);
    `);
  }

  get version(): number {
    const row = this.database.prepare('SELECT version FROM progress').get();
    return Number(row?.['version'] ?? 0);
  }

  /** The document at `key`; the caller knows its type, having written it through the same schema. */
  get<T>(key: string): T | undefined {
    const row = this.database.prepare('SELECT value FROM config WHERE key = ?').get(key);
    return row === undefined ? undefined : (JSON.parse(String(row['value'])) as T);
  }

  /** All documents whose key starts with `prefix`, in the order of their keys. */
  list<T>(prefix: string): T[] {
    return this.database
      .prepare('SELECT value FROM config WHERE substr(key, 1, ?) = ? ORDER BY key')
      .all(prefix.length, prefix)
      .map((row) => JSON.parse(String(row['value'])) as T);
  }

  /** Applies a change that follows directly on the present version; false when it does not. */
  apply(change: ConfigChange): boolean {
    if (change.version !== this.version + 1) return false;
    if (change.value === null) {
      this.database.prepare('DELETE FROM config WHERE key = ?').run(change.key);
    } else {
      this.database
        .prepare('INSERT INTO config (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
        .run(change.key, JSON.stringify(change.value));
    }
    this.setVersion(change.version);
    for (const listener of this.listeners) listener(change);
    return true;
  }

  snapshot(): ConfigSnapshot {
    const rows = this.database.prepare('SELECT key, value FROM config ORDER BY key').all();
    return {
      version: this.version,
      entries: rows.map((row) => [String(row['key']), JSON.parse(String(row['value']))] as const),
    };
  }

  /** Replaces everything, as a manual sync does. */
  restore(snapshot: ConfigSnapshot): void {
    this.database.exec('DELETE FROM config');
    const insert = this.database.prepare('INSERT INTO config (key, value) VALUES (?, ?)');
    for (const [key, value] of snapshot.entries) insert.run(key, JSON.stringify(value));
    this.setVersion(snapshot.version);
    for (const [key, value] of snapshot.entries) {
      for (const listener of this.listeners) listener({ version: snapshot.version, key, value });
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

  private setVersion(version: number): void {
    this.database.prepare('UPDATE progress SET version = ?').run(version);
  }
}
