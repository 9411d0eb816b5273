import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { atOnce } from './at-once.ts';
import {
  isSamePosition,
  type ConfigChange,
  type ConfigEntries,
  type ConfigSnapshot,
  type Position,
} from './config-change.ts';

/** Changes whose keys are remembered, so that a node that missed them can be brought up. */
const REMEMBERED_MAX = 10_000;

/** Sorts behind whatever a key may hold. */
const LAST = '\u{10FFFF}';

/** A key that changed, for those who listen. */
export interface ChangedKey {
  readonly version: number;
  readonly key: string;
  readonly value: unknown;
}

type StatementName =
  | 'position'
  | 'setVersion'
  | 'setTerm'
  | 'get'
  | 'list'
  | 'all'
  | 'put'
  | 'delete'
  | 'remember'
  | 'forget'
  | 'forgetAll'
  | 'termAt'
  | 'missed'
  | 'termBegan';

/**
 * One node's copy of the deployment's configuration: JSON documents by key, in the node's own database.
 * Keys are paths (`smtp-server`, `guest/1001`); what must not appear in clear is sealed by its owner before.
 */
export class ConfigStore {
  private readonly statements: Record<StatementName, StatementSync>;
  /** By prefix: the documents that `listFrozen` gave, by key and in its order. */
  private readonly frozen = new Map<string, Map<string, unknown>>();
  /** The position that `frozen` was kept up to: another one than that of the database after a rollback. */
  private frozenAt: Position | undefined;
  private readonly listeners = new Set<(change: ChangedKey) => void>();

  /** @param database the node's; its owner closes it */
  constructor(private readonly database = new DatabaseSync(':memory:')) {
    this.database.exec(`
      CREATE TABLE IF NOT EXISTS config (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS term (id INTEGER PRIMARY KEY CHECK (id = 1), term INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS changes
        (version INTEGER NOT NULL, term INTEGER NOT NULL, at INTEGER NOT NULL, key TEXT NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS changes_by_version ON changes (version);
      INSERT OR IGNORE INTO progress (id, version) VALUES (1, 0);
      INSERT OR IGNORE INTO term (id, term) VALUES (1, 1);
    `);
    const prepare = (sql: string): StatementSync => this.database.prepare(sql);
    this.statements = {
      position: prepare('SELECT term.term, progress.version FROM progress JOIN term USING (id)'),
      setVersion: prepare('UPDATE progress SET version = ?'),
      setTerm: prepare('UPDATE term SET term = ?'),
      get: prepare('SELECT value FROM config WHERE key = ?'),
      list: prepare('SELECT key, value FROM config WHERE key >= ? AND key < ? ORDER BY key'),
      all: prepare('SELECT key, value FROM config ORDER BY key'),
      put: prepare(
        'INSERT INTO config (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      ),
      delete: prepare('DELETE FROM config WHERE key = ?'),
      remember: prepare('INSERT INTO changes (version, term, at, key) VALUES (?, ?, ?, ?)'),
      forget: prepare('DELETE FROM changes WHERE version <= ?'),
      forgetAll: prepare('DELETE FROM changes'),
      termAt: prepare('SELECT term FROM changes WHERE version <= ? ORDER BY version DESC LIMIT 1'),
      missed: prepare('SELECT key, min(at) AS at FROM changes WHERE version > ? GROUP BY key ORDER BY min(rowid)'),
      termBegan: prepare('SELECT min(version) AS version FROM changes WHERE term = ?'),
    };
  }

  get position(): Position {
    const row = this.statements.position.get();
    return { term: Number(row?.['term'] ?? 1), version: Number(row?.['version'] ?? 0) };
  }

  get version(): number {
    return this.position.version;
  }

  /** The first version that was written in the present term, as far as it is remembered. */
  get termBeganAt(): number {
    const { term, version } = this.position;
    return Number(this.statements.termBegan.get(term)?.['version'] ?? version);
  }

  /** The document at `key`; the caller knows its type, having written it through the same schema. */
  get<T>(key: string): T | undefined {
    const row = this.statements.get.get(key);
    return row === undefined ? undefined : (JSON.parse(String(row['value'])) as T);
  }

  /** All documents whose key starts with `prefix`, in the order of their keys. */
  list<T>(prefix: string): T[] {
    return this.statements.list.all(prefix, `${prefix}${LAST}`).map((row) => JSON.parse(String(row['value'])) as T);
  }

  /** The same, for long lists that are read often: kept in memory, and must not be changed. */
  listFrozen<T extends object>(prefix: string): Readonly<T>[] {
    this.dropFrozenUnlessAt(this.position);
    const known = this.frozen.get(prefix);
    if (known) return [...known.values()] as T[];
    const rows = this.statements.list.all(prefix, `${prefix}${LAST}`);
    const documents = new Map(rows.map((row) => [String(row['key']), frozenDocument(String(row['value']))]));
    this.frozen.set(prefix, documents);
    return [...documents.values()] as T[];
  }

  /** The change that would write these entries now. @param term a later one, at a promotion */
  nextChange(entries: ConfigEntries, at: number, term = this.position.term): ConfigChange {
    const after = this.position;
    return { after, term, version: after.version + 1, at, entries };
  }

  /** Applies a change that follows on the present position; false when it does not. */
  apply(change: ConfigChange): boolean {
    const { after, term, version, at, entries } = change;
    if (!isSamePosition(after, this.position)) return false;
    this.dropFrozenUnlessAt(after);
    this.frozenAt = undefined;
    atOnce(this.database, () => {
      for (const [key, value] of entries) {
        this.put(key, value);
        this.statements.remember.run(version, term, at, key);
      }
      this.statements.setVersion.run(version);
      this.statements.setTerm.run(term);
      this.statements.forget.run(version - REMEMBERED_MAX);
    });
    this.frozenAt = { term, version };
    this.tell(version, entries);
    return true;
  }

  /**
   * What a copy at `position` has missed; undefined when it is not an earlier state of this one, or so early that it
   * is no longer remembered.
   */
  changesSince(position: Position): ConfigChange | undefined {
    const { term, version } = this.position;
    if (position.version > version || this.termAt(position.version) !== position.term) return undefined;
    const missed = this.statements.missed.all(position.version);
    const entries = missed.map((row): [string, unknown] => {
      const key = String(row['key']);
      return [key, this.get(key) ?? null];
    });
    const at = missed.reduce((oldest, row) => Math.min(oldest, Number(row['at'])), Number.MAX_SAFE_INTEGER);
    return { after: position, term, version, at, entries };
  }

  snapshot(): ConfigSnapshot {
    const entries = this.statements.all
      .all()
      .map((row) => [String(row['key']), JSON.parse(String(row['value'])) as unknown] as const);
    return { ...this.position, entries };
  }

  /** Replaces everything, as a manual sync does. */
  restore({ term, version, entries }: ConfigSnapshot): void {
    const kept = new Set(entries.map(([key]) => key));
    const gone = this.snapshot().entries.flatMap(([key]): [string, unknown][] => (kept.has(key) ? [] : [[key, null]]));
    this.frozen.clear();
    atOnce(this.database, () => {
      this.database.exec('DELETE FROM config');
      this.statements.forgetAll.run();
      for (const [key, value] of entries) this.put(key, value);
      // Where the history that can be told begins.
      this.statements.remember.run(version, term, 0, '');
      this.statements.setVersion.run(version);
      this.statements.setTerm.run(term);
    });
    this.tell(version, [...gone, ...entries]);
  }

  /** Calls `listener` for each key that changed; returns the function that stops it. */
  onChange(listener: (change: ChangedKey) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private put(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    if (value === null) this.statements.delete.run(key);
    else this.statements.put.run(key, text);
    for (const [prefix, documents] of this.frozen) {
      if (!key.startsWith(prefix)) continue;
      if (value === null) documents.delete(key);
      else if (documents.has(key)) documents.set(key, frozenDocument(text));
      // Its place in the order of keys is the database's to tell.
      else this.frozen.delete(prefix);
    }
  }

  private dropFrozenUnlessAt(position: Position): void {
    if (this.frozenAt && isSamePosition(this.frozenAt, position)) return;
    this.frozen.clear();
    this.frozenAt = position;
  }

  private tell(version: number, entries: ConfigEntries): void {
    for (const [key, value] of entries) for (const listener of this.listeners) listener({ version, key, value });
  }

  /** Undefined for a version older than the history. */
  private termAt(version: number): number | undefined {
    const row = this.statements.termAt.get(version);
    return row === undefined ? undefined : Number(row['term']);
  }
}

function frozenDocument(text: string): unknown {
  const document: unknown = JSON.parse(text);
  return Object.freeze(document);
}
