import { instantOfLocalTime, localTime, timeLeft } from './zoned-time.ts';

describe('times in the portals', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata'])('go into a field and back in %s', (zone) => {
    for (const instant of [Date.UTC(2026, 1, 2, 10, 25), Date.UTC(2026, 6, 1), Date.UTC(2027, 11, 31, 23, 59)]) {
      expect(instantOfLocalTime(localTime(instant, zone), zone)).toBe(instant);
    }
  });

  it('take the earlier of two hours in autumn, and an hour that is left out in spring', () => {
    expect(instantOfLocalTime('2026-10-25T02:30', 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 0, 30));
    const skipped = instantOfLocalTime('2026-03-29T02:30', 'Europe/Berlin') ?? 0;
    expect(localTime(skipped, 'Europe/Berlin')).toMatch(/^2026-03-29T0[13]:30$/);
  });

  it.each(['', 'tomorrow', '2026-02-30T10:00', '2026-02-02 10:25', '2026-02-02T24:00', '26-02-02T10:25'])(
    'are none in "%s"',
    (text) => {
      expect(instantOfLocalTime(text, 'UTC')).toBeUndefined();
    },
  );

  it('show what is left as days, hours and minutes', () => {
    expect(timeLeft(((72 * 24 + 13) * 60 + 1) * 60_000 + 59_999)).toBe('72D 13H 1M');
    expect(timeLeft(-1)).toBe('0D 0H 0M');
  });
});
