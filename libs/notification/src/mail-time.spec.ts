import { durationText, longTime, shortTime } from './mail-time.ts';

const END = Date.parse('2026-05-03T10:25:00Z');

describe('times in mails', () => {
  it('are printed in both forms of the sample', () => {
    expect(longTime(END, 'UTC')).toBe('2026-05-03 10:25:00');
    expect(shortTime(END, 'UTC')).toBe('05/03/2026 10:25');
  });

  it('are printed in the zone asked for, summer time included, midnight as 00', () => {
    expect(longTime(END, 'Europe/Berlin')).toBe('2026-05-03 12:25:00');
    expect(longTime(Date.parse('2026-01-01T00:00:00Z'), 'UTC')).toBe('2026-01-01 00:00:00');
    expect(shortTime(Date.parse('2025-12-31T23:30:00Z'), 'Europe/Berlin')).toBe('01/01/2026 00:30');
  });

  it('refuse a zone that does not exist', () => {
    expect(() => longTime(END, 'Mars/Olympus')).toThrow(RangeError);
  });

  it.each([
    [90 * 86_400_000, '90 days'],
    [86_400_000, '1 day'],
    [36 * 3_600_000, '36 hours'],
    [45 * 60_000, '45 minutes'],
    [59_999, '0 minutes'],
  ])('print a duration of %d ms as %s', (durationMs, text) => expect(durationText(durationMs)).toBe(text));
});
