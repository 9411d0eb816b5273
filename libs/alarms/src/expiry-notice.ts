const DAY_MS = 86_400_000;

/** When something that ends on a date is told of. */
export interface ExpiryPolicy {
  /** Days before the end, each told once; in any order. */
  readonly thresholdsDays: readonly number[];
  /** Told daily from so many days before the end on; 0: only at the thresholds. */
  readonly dailyWithinDays?: number;
  /** How often "has expired" is told: once, or on each (UTC) day on which it is evaluated. */
  readonly repeatExpired: 'once' | 'daily';
}

/** Something is to be told now. Keep the last one: it tells the next evaluation what was told. Plain JSON. */
export interface ExpiryNotice {
  readonly stage: 'about-to-expire' | 'expired';
  /** The end it was told of: with another one, the thresholds begin anew. */
  readonly expiresAt: number;
  /** The threshold that was reached; 0 for `expired`. */
  readonly thresholdDays: number;
  readonly toldAt: number;
}

/**
 * What is to be told at `now` of something that ends at `expiresAt`, given the last notice. Each threshold comes once,
 * however often it is evaluated; of several passed at once (nobody evaluated for days) only the nearest to the end.
 */
export function expiryNotice(
  expiresAt: number,
  now: number,
  { thresholdsDays, dailyWithinDays = 0, repeatExpired }: ExpiryPolicy,
  last?: ExpiryNotice,
): ExpiryNotice | undefined {
  const previous = last?.expiresAt === expiresAt ? last : undefined;
  const isNewDay = previous === undefined || utcDay(previous.toldAt) < utcDay(now);
  if (now >= expiresAt) {
    if (previous?.stage === 'expired' && !(repeatExpired === 'daily' && isNewDay)) return undefined;
    return { stage: 'expired', expiresAt, thresholdDays: 0, toldAt: now };
  }
  const reached = thresholdsDays.filter((days) => now >= expiresAt - days * DAY_MS);
  const isDaily = now >= expiresAt - dailyWithinDays * DAY_MS && dailyWithinDays > 0;
  if (reached.length === 0 && !isDaily) return undefined;
  const nearest = Math.min(...reached, ...(isDaily ? [dailyWithinDays] : []));
  if (previous && previous.thresholdDays <= nearest && !(isDaily && isNewDay)) return undefined;
  return { stage: 'about-to-expire', expiresAt, thresholdDays: nearest, toldAt: now };
}

function utcDay(instant: number): number {
  return Math.floor(instant / DAY_MS);
}
