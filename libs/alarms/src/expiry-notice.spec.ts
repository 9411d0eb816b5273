import { expiryNotice, type ExpiryNotice, type ExpiryPolicy } from './index.ts';

const DAY_MS = 86_400_000;
const END = Date.parse('2026-05-01T00:00:00Z');
const CERTIFICATES: ExpiryPolicy = { thresholdsDays: [90, 60, 30], dailyWithinDays: 3, repeatExpired: 'daily' };

/** Days before the end at which something was told, evaluated daily. */
function toldOn(from: number, to: number, policy: ExpiryPolicy): number[] {
  let last: ExpiryNotice | undefined;
  const told: number[] = [];
  for (let day = from; day <= to; day += 1) {
    const notice = expiryNotice(END, END + day * DAY_MS, policy, last);
    if (notice) told.push(day);
    last = notice ?? last;
  }
  return told;
}

describe('a certificate', () => {
  it('is told of at 90, 60 and 30 days, daily near its end, and daily afterwards', () => {
    expect(toldOn(-120, 2, CERTIFICATES)).toEqual([-90, -60, -30, -3, -2, -1, 0, 1, 2]);
  });

  it('is told of at the thresholds alone where nothing is daily', () => {
    const policy: ExpiryPolicy = { thresholdsDays: [30], dailyWithinDays: 0, repeatExpired: 'once' };
    expect(toldOn(-120, 5, policy)).toEqual([-30, 0]);
  });

  it('is told of once a day, however often that day it is looked at', () => {
    const first = expiryNotice(END, END - DAY_MS, CERTIFICATES);
    expect(expiryNotice(END, END - DAY_MS + 3_600_000, CERTIFICATES, first)).toBeUndefined();
  });
});
