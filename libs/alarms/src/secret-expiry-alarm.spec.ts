import fc from 'fast-check';
import {
  DEFAULT_SECRET_EXPIRY_POLICY,
  SECRET_ABOUT_TO_EXPIRE,
  SECRET_HAS_EXPIRED,
  secretExpiryAlarm,
  type ExpiryPolicy,
  type SecretExpiryNotice,
} from './index.ts';

const DAY_MS = 86_400_000;
const EXPIRY = Date.parse('2026-05-01T00:00:00Z');

/** Evaluates at the given instants, each time with the last notice, and gives back the notices. */
function evaluate(instants: readonly number[], policy?: ExpiryPolicy): SecretExpiryNotice[] {
  const notices: SecretExpiryNotice[] = [];
  for (const now of instants) {
    const notice = secretExpiryAlarm(EXPIRY, now, notices.at(-1), policy);
    if (notice) notices.push(notice);
  }
  return notices;
}

function daily(fromDay: number, toDay: number): number[] {
  return Array.from({ length: toDay - fromDay + 1 }, (_, index) => EXPIRY + (fromDay + index) * DAY_MS);
}

describe('secretExpiryAlarm', () => {
  it('warns at 30, 14, 7, 3 and 1 days, then says daily that the secret has expired', () => {
    const raised = evaluate(daily(-90, 2)).map(({ alarm, toldAt }) => [(toldAt - EXPIRY) / DAY_MS, alarm]);
    expect(raised).toEqual([
      [-30, SECRET_ABOUT_TO_EXPIRE],
      [-14, SECRET_ABOUT_TO_EXPIRE],
      [-7, SECRET_ABOUT_TO_EXPIRE],
      [-3, SECRET_ABOUT_TO_EXPIRE],
      [-1, SECRET_ABOUT_TO_EXPIRE],
      [0, SECRET_HAS_EXPIRED],
      [1, SECRET_HAS_EXPIRED],
      [2, SECRET_HAS_EXPIRED],
    ]);
  });

  it('says once that the secret has expired if so set', () => {
    const policy: ExpiryPolicy = { thresholdsDays: [], repeatExpired: 'once' };
    expect(evaluate(daily(-1, 5), policy).map(({ toldAt }) => toldAt)).toEqual([EXPIRY]);
  });

  it('changes from one alarm to the other at the very instant', () => {
    expect(secretExpiryAlarm(EXPIRY, EXPIRY - 1)?.alarm).toBe(SECRET_ABOUT_TO_EXPIRE);
    expect(secretExpiryAlarm(EXPIRY, EXPIRY)?.alarm).toBe(SECRET_HAS_EXPIRED);
    expect(secretExpiryAlarm(EXPIRY, EXPIRY - 30 * DAY_MS - 1)).toBeUndefined();
  });

  it('raises only the nearest of several thresholds that passed unseen', () => {
    const notices = evaluate([EXPIRY - 20 * DAY_MS, EXPIRY - 2 * DAY_MS, EXPIRY - 2 * DAY_MS + 1]);
    expect(notices.map(({ thresholdDays }) => thresholdDays)).toEqual([30, 3]);
  });

  it('begins anew when another date is typed', () => {
    const [last] = evaluate([EXPIRY]);
    const later = EXPIRY + 10 * DAY_MS;
    expect(secretExpiryAlarm(later, EXPIRY, last)).toMatchObject({ alarm: SECRET_ABOUT_TO_EXPIRE, thresholdDays: 14 });
  });

  it('raises no threshold twice, however often it is evaluated', () => {
    const instants = fc.array(fc.integer({ min: EXPIRY - 40 * DAY_MS, max: EXPIRY - 1 }));
    fc.assert(
      fc.property(instants, (values) => {
        const thresholds = evaluate(values.toSorted((a, b) => a - b)).map(({ thresholdDays }) => thresholdDays);
        expect(thresholds).toEqual([...new Set(thresholds)].sort((a, b) => b - a));
        for (const days of thresholds) expect(DEFAULT_SECRET_EXPIRY_POLICY.thresholdsDays).toContain(days);
      }),
    );
  });
});
