import { DatabaseSync } from 'node:sqlite';
import { VirtualClock } from '#libs/simulation';
import { diskFailure } from './disk-failure.ts';
import { Storage } from './storage.ts';

const FULL = Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });

function inStorage(test: (storage: Storage, clock: VirtualClock, log: string[]) => Promise<void>): Promise<void> {
  return VirtualClock.run({ startAt: Date.parse('2026-02-02T05:00:00Z') }, async (clock) => {
    const log: string[] = [];
    const storage = new Storage({ realTime: clock, log: (line) => log.push(line) });
    await test(storage, clock, log);
    storage.close();
  });
}

describe('Storage', () => {
  it('tries again until the disk can be written, and says once that it fails and once that it does not', async () => {
    await inStorage(async (storage, clock, log) => {
      let tries = 0;
      const write = (): void => {
        tries += 1;
        if (tries < 4) throw FULL;
      };
      expect(storage.attempt('tenant', write)).toBe(false);
      expect(storage.complaints).toEqual(['tenant: not written since 2026-02-02T05:00:00.000Z, the disk is full']);
      await clock.sleep(5_999);
      expect([tries, storage.complaints.length]).toEqual([3, 1]);
      await clock.sleep(1);
      expect([tries, storage.complaints]).toEqual([4, []]);
      await clock.sleep(60_000);
      expect(tries).toBe(4);
      expect(log).toEqual(['tenant: not written, the disk is full; trying again every 2 s', 'tenant: written again']);
    });
  });

  it('is content as soon as the same thing is written by somebody else', async () => {
    await inStorage(async (storage, clock) => {
      const again = (): void => {
        throw new Error('tried although it is written');
      };
      const failing = (): void => {
        throw FULL;
      };
      storage.attempt('time', failing, again);
      expect(storage.attempt('time', () => undefined)).toBe(true);
      await clock.sleep(60_000);
      expect(storage.complaints).toEqual([]);
    });
  });

  it('does not hide what is no failure of the disk', async () => {
    await inStorage(async (storage) => {
      const broken = (): void => {
        throw new TypeError('a bug');
      };
      expect(() => storage.attempt('time', broken)).toThrow('a bug');
    });
  });
});

describe('diskFailure', () => {
  it.each([
    ['write', 'ENOSPC', 'the disk is full'],
    ['rename', 'EROFS', 'the disk is read-only'],
    ['fsync', 'EIO', 'the disk fails'],
    ['open', 'EMFILE', 'EMFILE'],
    ['connect', 'ENOENT', undefined],
    ['listen', 'EADDRINUSE', undefined],
  ])('takes %s %s for: %s', (syscall, code, reason) => {
    expect(diskFailure(Object.assign(new Error(), { syscall, code }))).toBe(reason);
  });

  it('knows a database that is full from one that is misused', () => {
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE t (x BLOB NOT NULL) STRICT; PRAGMA max_page_count = 3');
    const failing = (sql: string): unknown => {
      try {
        return database.exec(sql);
      } catch (error) {
        return error;
      }
    };
    expect(diskFailure(failing('INSERT INTO t VALUES (zeroblob(100000))'))).toBe('the disk is full');
    expect(diskFailure(failing('INSERT INTO t VALUES (NULL)'))).toBeUndefined();
    database.close();
  });
});
