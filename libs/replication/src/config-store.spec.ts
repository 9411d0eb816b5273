import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigStore } from './config-store.ts';
import type { ConfigEntries } from './config-change.ts';

const AT = 1_770_000_000_000;

const KEYS = ['smtp-server', 'guest/1001', 'guest/1002', 'guest-type/Daily (default)'] as const;
/** Writes of one or two documents. */
const writes = fc.array(
  fc.uniqueArray(
    fc.tuple(
      fc.constantFrom(...KEYS),
      // The store holds JSON: -0 and keys like __proto__ are no part of it.
      fc.jsonValue({ noUnicodeString: false }).map((value): unknown => JSON.parse(JSON.stringify(value))),
    ),
    { minLength: 1, maxLength: 2, selector: ([key]) => key },
  ),
  { maxLength: 20 },
);

function write(store: ConfigStore, entries: ConfigEntries, at = AT, term?: number): boolean {
  return store.apply(store.nextChange(entries, at, term));
}

function storeWith(all: readonly ConfigEntries[]): ConfigStore {
  const store = new ConfigStore();
  for (const entries of all) write(store, entries);
  return store;
}

describe('ConfigStore', () => {
  it('holds what the writes leave, as a plain map would', () => {
    fc.assert(
      fc.property(writes, (all) => {
        const store = storeWith(all);
        const expected = new Map<string, unknown>();
        for (const [key, value] of all.flat()) {
          if (value === null) expected.delete(key);
          else expected.set(key, value);
        }
        const entries = [...expected].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(store.snapshot()).toEqual({ term: 1, version: all.length, entries });
        for (const [key, value] of expected) expect(store.get(key)).toEqual(value);
        expect(store.list('guest/')).toEqual(
          entries.filter(([key]) => key.startsWith('guest/')).map(([, value]) => value),
        );
      }),
    );
  });

  it('is the same after it was restored from a snapshot, whatever it held before', () => {
    fc.assert(
      fc.property(writes, writes, (all, before) => {
        const snapshot = storeWith(all).snapshot();
        const restored = storeWith(before);
        restored.restore(JSON.parse(JSON.stringify(snapshot)));
        expect(restored.snapshot()).toEqual(snapshot);
      }),
    );
  });

  it('is brought up by one change from any earlier state to the present one', () => {
    fc.assert(
      fc.property(writes, writes, (common, missed) => {
        const ahead = storeWith([...common, ...missed]);
        const behind = storeWith(common);
        const change = ahead.changesSince(behind.position);
        if (common.length === 0) return expect(change).toBeUndefined();
        expect(change && behind.apply(JSON.parse(JSON.stringify(change)))).toBe(true);
        expect(behind.snapshot()).toEqual(ahead.snapshot());
      }),
    );
  });

  it('goes on after a restore with the next version', () => {
    const store = new ConfigStore();
    store.restore({ term: 3, version: 41, entries: [['a', 1]] });
    expect(write(store, [['b', 2]])).toBe(true);
    expect(store.snapshot()).toEqual({
      term: 3,
      version: 42,
      entries: [
        ['a', 1],
        ['b', 2],
      ],
    });
  });

  it.each([
    ['an earlier version', { term: 1, version: 0 }],
    ['a later version', { term: 1, version: 2 }],
    ['another term', { term: 2, version: 1 }],
  ])('does not apply a change that follows on %s', (_what, after) => {
    const store = storeWith([[['a', 'kept']]]);
    const heard: unknown[] = [];
    store.onChange((change) => heard.push(change));
    expect(store.apply({ after, term: 2, version: after.version + 1, at: AT, entries: [['a', 'lost']] })).toBe(false);
    expect(store.snapshot()).toEqual({ term: 1, version: 1, entries: [['a', 'kept']] });
    expect(heard).toEqual([]);
  });

  it('keeps all of a change or nothing of it', () => {
    const store = storeWith([[['a', 'kept']]]);
    expect(() =>
      write(store, [
        ['b', 1],
        ['a', undefined],
      ]),
    ).toThrow();
    expect(() =>
      store.restore({
        term: 2,
        version: 9,
        entries: [
          ['b', 1],
          ['c', undefined],
        ],
      }),
    ).toThrow();
    expect(store.snapshot()).toEqual({ term: 1, version: 1, entries: [['a', 'kept']] });
  });

  it('lists frozen documents as the database has them, whatever was written, restored or rolled back in between', () => {
    const prefix = 'guest';
    const kinds = fc.array(fc.tuple(fc.constantFrom('write', 'roll back', 'restore', 'fail'), writes), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(kinds, (turns) => {
        const database = new DatabaseSync(':memory:');
        const store = new ConfigStore(database);
        for (const [kind, batch] of turns) {
          const before = store.snapshot();
          if (kind === 'roll back') database.exec('SAVEPOINT outer');
          for (const entries of batch) write(store, entries);
          if (kind === 'roll back') store.listFrozen(prefix);
          if (kind === 'roll back') database.exec('ROLLBACK TO outer; RELEASE outer');
          if (kind === 'restore') store.restore({ ...before, version: before.version + 100 });
          if (kind === 'fail') expect(() => write(store, [...(batch[0] ?? []), ['z', undefined]])).toThrow();
          expect(store.listFrozen(prefix)).toEqual(store.list(prefix));
        }
      }),
    );
  });

  it('tells listeners of each key that changes, also of those that a restore takes away, until they stop', () => {
    const store = new ConfigStore();
    const heard: string[] = [];
    const stop = store.onChange(({ key, value, version }) => heard.push(`${key}=${String(value)}@${version}`));
    write(store, [['a', 1]]);
    store.restore({
      term: 1,
      version: 5,
      entries: [
        ['b', 1],
        ['c', 2],
      ],
    });
    stop();
    write(store, [['d', 1]]);
    expect(heard).toEqual(['a=1@1', 'a=null@5', 'b=1@5', 'c=2@5']);
  });

  it('takes a prefix literally', () => {
    const store = storeWith([[['guest/%', 1]], [['guest-type/a', 2]], [['Guest/x', 3]]]);
    expect(store.list('guest/')).toEqual([1]);
    expect(store.list('%')).toEqual([]);
    expect(store.list('')).toHaveLength(3);
  });

  it('tells when the first of the missed changes was written, and each key once', () => {
    const store = storeWith([[['a', 1]]]);
    const { position } = store;
    write(store, [['b', 1]], AT + 5);
    write(store, [['b', 2]], AT + 9);
    expect(store.changesSince(position)).toEqual({
      after: position,
      term: 1,
      version: 3,
      at: AT + 5,
      entries: [['b', 2]],
    });
  });

  it('knows no way from another history: a later version, another term, or from before a restore', () => {
    const store = storeWith([[['a', 1]], [['b', 2]]]);
    write(store, [['c', 3]], AT, 2);
    expect(store.position).toEqual({ term: 2, version: 3 });
    expect(store.termBeganAt).toBe(3);
    expect(store.changesSince({ term: 1, version: 2 })).toMatchObject({ entries: [['c', 3]] });
    expect(store.changesSince({ term: 1, version: 3 })).toBeUndefined();
    expect(store.changesSince({ term: 2, version: 4 })).toBeUndefined();
    store.restore(store.snapshot());
    expect(store.changesSince({ term: 1, version: 2 })).toBeUndefined();
    expect(store.changesSince({ term: 2, version: 3 })).toMatchObject({ entries: [] });
  });

  it('finds in a file again what was written there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'isebed-store-'));
    try {
      const first = new DatabaseSync(join(folder, 'pan1.sqlite'));
      write(new ConfigStore(first), [['a', { deep: [1] }]], AT, 4);
      first.close();
      const second = new DatabaseSync(join(folder, 'pan1.sqlite'));
      expect(new ConfigStore(second).snapshot()).toEqual({ term: 4, version: 1, entries: [['a', { deep: [1] }]] });
      second.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
