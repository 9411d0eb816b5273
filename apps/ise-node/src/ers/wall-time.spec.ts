import { daysBetween, instantOf, shortDate, wallTime } from './wall-time.ts';

const BERLIN = 'Europe/Berlin';
const at = (text: string, zone = BERLIN): string | undefined => {
  const instant = instantOf(text, zone);
  return instant === undefined ? undefined : new Date(instant).toISOString();
};

describe('wall-clock times of ERS', () => {
  it.each([
    ['01/15/2026 08:30', BERLIN, '2026-01-15T07:30:00.000Z'],
    ['07/15/2026 08:30', BERLIN, '2026-07-15T06:30:00.000Z'],
    ['07/15/2026 08:30', 'America/Los_Angeles', '2026-07-15T15:30:00.000Z'],
    ['12/31/2026 23:59', 'Pacific/Kiritimati', '2026-12-31T09:59:00.000Z'],
    ['02/29/2028 00:00', 'UTC', '2028-02-29T00:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, instant) => {
    expect(at(text, zone)).toBe(instant);
    expect(wallTime(Date.parse(instant), zone)).toBe(text);
  });

  it('take the earlier one of an hour that comes twice', () => {
    expect(at('10/25/2026 02:30')).toBe('2026-10-25T00:30:00.000Z');
    expect(wallTime(Date.parse('2026-10-25T01:30:00Z'), BERLIN)).toBe('10/25/2026 02:30');
  });

  it('have an instant also for an hour that is skipped, within an hour of the change', () => {
    const change = Date.parse('2026-03-29T01:00:00Z');
    expect(Math.abs((instantOf('03/29/2026 02:30', BERLIN) ?? 0) - change)).toBeLessThanOrEqual(3_600_000);
  });

  it.each([
    '',
    '2026-02-02',
    '02/30/2026 00:00',
    '13/01/2026 00:00',
    '02/02/2026 24:00',
    '02/02/2026 8:00',
    '02/02/2026 08:00:00',
  ])('"%s" is none', (text) => expect(at(text)).toBeUndefined());

  it('count days by date alone, also over a change of the clocks', () => {
    const days = (from: string, to: string): number =>
      daysBetween(instantOf(from, BERLIN) ?? 0, instantOf(to, BERLIN) ?? 0, BERLIN);
    expect(days('03/28/2026 23:59', '03/29/2026 00:00')).toBe(1);
    expect(days('03/28/2026 12:00', '03/30/2026 11:00')).toBe(2);
    expect(days('10/24/2026 00:00', '10/24/2026 23:00')).toBe(0);
  });

  it('have a short form for filters', () => {
    expect(shortDate(Date.parse('2018-09-13T12:00:00Z'), 'UTC')).toBe('13-SEP-18');
    expect(shortDate(Date.parse('2026-01-31T23:30:00Z'), BERLIN)).toBe('01-FEB-26');
  });
});
