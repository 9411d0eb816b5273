import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigStore, type ConfigChange } from './config-store.ts';

const changes = fc
  .array(
    fc.record({
      key: fc.constantFrom('smtp-server', 'guest/1001', 'guest/1002', 'guest-type/Daily (default)'),
      // The store holds JSON: -0 and keys like __proto__ are no part of it.
      value: fc.jsonValue({ noUnicodeString: false }).map((value): unknown => JSON.parse(JSON.stringify(value))),
    }),
    { maxLength: 20 },
  )
  .map((all) => all.map((change, index): ConfigChange => ({ ...change, version: index + 1 })));

function storeWith(all: readonly ConfigChange[]): ConfigStore {
  const store = new ConfigStore();
  for (const change of all) store.apply(change);
  return store;
}

describe('ConfigStore', () => {
  it('holds what the changes leave, as a plain map would', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const store = storeWith(all);
        const expected = new Map<string, unknown>();
        for (const { key, value } of all) {
          if (value === null) expected.delete(key);
          else expected.set(key, value);
        }
        const entries = [...expected].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(store.snapshot()).toEqual({ version: all.length, entries });
        for (const [key, value] of expected) expect(store.get(key)).toEqual(value);
        expect(store.list('guest/')).toEqual(
          entries.filter(([key]) => key.startsWith('guest/')).map(([, value]) => value),
        );
      }),
    );
  });

  it('is the same after it was restored from a snapshot, whatever it held before', () => {
    fc.assert(
      fc.property(changes, changes, (all, before) => {
        const snapshot = storeWith(all).snapshot();
        const restored = storeWith(before);
        restored.restore(JSON.parse(JSON.stringify(snapshot)));
        expect(restored.snapshot()).toEqual(snapshot);
      }),
    );
  });

  it('goes on after a restore with the next version', () => {
    const store = new ConfigStore();
    store.restore({ version: 41, entries: [['a', 1]] });
    expect(store.apply({ version: 42, key: 'b', value: 2 })).toBe(true);
    expect(store.snapshot()).toEqual({
      version: 42,
      entries: [
        ['a', 1],
        ['b', 2],
      ],
    });
  });

  it.each([
    ['the present one', 1],
    ['one too far', 3],
    ['an old one', 0],
  ])('does not apply a change whose version is %s', (_what, version) => {
    const store = storeWith([{ version: 1, key: 'a', value: 'kept' }]);
    const heard: unknown[] = [];
    store.onChange((change) => heard.push(change));
    expect(store.apply({ version, key: 'a', value: 'lost' })).toBe(false);
    expect(store.snapshot()).toEqual({ version: 1, entries: [['a', 'kept']] });
    expect(heard).toEqual([]);
  });

  it('keeps all of a change or nothing of it', () => {
    const store = storeWith([{ version: 1, key: 'a', value: 'kept' }]);
    expect(() => store.apply({ version: 2, key: 'a', value: undefined })).toThrow();
    expect(() =>
      store.restore({
        version: 9,
        entries: [
          ['b', 1],
          ['c', undefined],
        ],
      }),
    ).toThrow();
    expect(store.snapshot()).toEqual({ version: 1, entries: [['a', 'kept']] });
  });

  it('tells listeners of each change, and of what a restore brings, until they stop', () => {
    const store = new ConfigStore();
    const heard: string[] = [];
    const stop = store.onChange(({ key, version }) => heard.push(`${key}@${version}`));
    store.apply({ version: 1, key: 'a', value: 1 });
    store.restore({
      version: 5,
      entries: [
        ['b', 1],
        ['c', 2],
      ],
    });
    stop();
    store.apply({ version: 6, key: 'd', value: 1 });
    expect(heard).toEqual(['a@1', 'b@5', 'c@5']);
  });

  it('takes a prefix literally', () => {
    const store = storeWith([
      { version: 1, key: 'guest/%', value: 1 },
      { version: 2, key: 'guest-type/a', value: 2 },
      { version: 3, key: 'Guest/x', value: 3 },
    ]);
    expect(store.list('guest/')).toEqual([1]);
    expect(store.list('%')).toEqual([]);
    expect(store.list('')).toHaveLength(3);
  });

  it('finds in a file again what was written there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'isebed-store-'));
    try {
      const first = new ConfigStore(join(folder, 'pan1.sqlite'));
      first.apply({ version: 1, key: 'a', value: { deep: [1] } });
      first.close();
      const second = new ConfigStore(join(folder, 'pan1.sqlite'));
      expect(second.snapshot()).toEqual({ version: 1, entries: [['a', { deep: [1] }]] });
      second.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
