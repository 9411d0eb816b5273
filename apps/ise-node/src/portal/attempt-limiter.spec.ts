import { VirtualClock } from '#libs/simulation';
import { AttemptLimiter } from './attempt-limiter.ts';

const LIMIT = { attempts: 2, windowMs: 60_000 };

describe('AttemptLimiter', () => {
  it('lets so many attempts pass in a window, for each key, and says how long to wait', async () => {
    await VirtualClock.run({ startAt: 0 }, async (clock) => {
      const limiter = new AttemptLimiter(clock, LIMIT);
      expect([limiter.take('a'), limiter.take('a'), limiter.take('a')]).toEqual([undefined, undefined, 60_000]);
      expect(limiter.take('b')).toBeUndefined();
      await clock.sleep(59_999);
      expect(limiter.take('a')).toBe(1);
      await clock.sleep(1);
      expect(limiter.take('a')).toBeUndefined();
    });
  });

  it('forgets the oldest of more than 10,000 keys, and no other', async () => {
    await VirtualClock.run({ startAt: 0 }, async (clock) => {
      const limiter = new AttemptLimiter(clock, { ...LIMIT, attempts: 1 });
      for (let key = 0; key <= 10_000; key += 1) limiter.take(String(key));
      expect(limiter.take('1')).toBe(60_000);
      expect(limiter.take('10000')).toBe(60_000);
      expect(limiter.take('0')).toBeUndefined();
    });
  });
});
