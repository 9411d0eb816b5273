import { parse } from 'csv-parse/sync';
import { manyMistakes, manyOf, manyRows } from './many.schema.ts';

describe('one entry that stands for many', () => {
  it('is numbered in its texts, and later from one to the next', () => {
    const many = manyOf(
      { count: 3, apart: 60_000, username: 'user{n}', validFrom: 1_000, sponsor: 'anna' },
      'validFrom',
    );
    expect(many).toEqual([
      { username: 'user1', validFrom: 1_000, sponsor: 'anna' },
      { username: 'user2', validFrom: 61_000, sponsor: 'anna' },
      { username: 'user3', validFrom: 121_000, sponsor: 'anna' },
    ]);
  });

  it('is itself where nothing says how many', () => {
    const one: { count?: number; username: string } = { username: 'literally {n}' };
    expect(manyOf(one, 'validFrom')).toEqual([one]);
  });

  it('must tell them apart, and say from when on', () => {
    expect(manyMistakes({ count: 2, username: 'same' }, ['username'], 'username')).toMatchObject([
      { path: ['username'] },
    ]);
    expect(manyMistakes({ count: 1, username: 'same' }, ['username'], 'username')).toEqual([]);
    const undated = { count: 2, apart: 1, username: '{n}', validFrom: undefined };
    expect(manyMistakes(undated, ['username'], 'validFrom')).toMatchObject([
      { expected: expect.stringContaining('validFrom') },
    ]);
  });
});

describe('a file of many rows', () => {
  it('has the columns in its first line, and is read as what was meant whatever is in a cell', () => {
    const row = { 'First Name': 'Ada "{n}"', Company: 'Engines, Ltd.\nLondon', Email: 'ada{n}@visitor.example' };
    const rows: unknown = parse(manyRows.parse({ count: 2, row }), { columns: true });
    expect(rows).toEqual([1, 2].map((n) => ({ ...row, 'First Name': `Ada "${n}"`, Email: `ada${n}@visitor.example` })));
  });

  it('is refused without a number of rows', () => {
    expect(manyRows.safeParse({ row: { Email: 'a@b.example' } }).success).toBe(false);
    expect(manyRows.safeParse({ count: 0, row: {} }).success).toBe(false);
  });
});
