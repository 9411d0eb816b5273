import { SECRET_ABOUT_TO_EXPIRE, SECRET_HAS_EXPIRED } from './alarm-catalogue.ts';

const DAY_MS = 86_400_000;

/** When the secret alarms are raised. ISE's own thresholds and repetition are unknown (fact sheet ise 4.1). */
export interface SecretExpiryPolicy {
  /** Days before the typed expiry date; in any order. */
  readonly thresholdsDays: readonly number[];
  /** How often "has expired" is raised: once, or on each (UTC) day on which it is evaluated. */
  readonly repeatExpired: 'once' | 'daily';
}

/** Our choice. */
export const DEFAULT_SECRET_EXPIRY_POLICY: SecretExpiryPolicy = {
  thresholdsDays: [30, 14, 7, 3, 1],
  repeatExpired: 'daily',
};

/** One of the two secret alarms is due. Keep the last one; it tells the next evaluation what was raised. */
export interface SecretExpiryNotice {
  readonly alarm: typeof SECRET_ABOUT_TO_EXPIRE | typeof SECRET_HAS_EXPIRED;
  /** The date it was raised for: with another one, the thresholds begin anew. */
  readonly typedExpiryAt: number;
  /** The threshold that was reached; 0 for "has expired". */
  readonly thresholdDays: number;
  readonly raisedAt: number;
}

/**
 * Which of the two secret alarms is due at `now`, going by the expiry date that was *typed* (Entra's does not matter,
 * fact sheet ise 1.2), given the last notice. Raises each threshold once, however often it is evaluated; of several
 * passed at once (nobody evaluated for days) only the nearest to the end.
 */
export function secretExpiryAlarm(
  typedExpiryAt: number,
  now: number,
  last?: SecretExpiryNotice,
  policy: SecretExpiryPolicy = DEFAULT_SECRET_EXPIRY_POLICY,
): SecretExpiryNotice | undefined {
  const previous = last?.typedExpiryAt === typedExpiryAt ? last : undefined;
  if (now >= typedExpiryAt) {
    const again = policy.repeatExpired === 'daily' && previous && utcDay(previous.raisedAt) < utcDay(now);
    if (previous?.alarm === SECRET_HAS_EXPIRED && !again) return undefined;
    return { alarm: SECRET_HAS_EXPIRED, typedExpiryAt, thresholdDays: 0, raisedAt: now };
  }
  const reached = policy.thresholdsDays.filter((days) => now >= typedExpiryAt - days * DAY_MS);
  if (reached.length === 0) return undefined;
  const nearest = Math.min(...reached);
  if (previous && previous.thresholdDays <= nearest) return undefined;
  return { alarm: SECRET_ABOUT_TO_EXPIRE, typedExpiryAt, thresholdDays: nearest, raisedAt: now };
}

function utcDay(instant: number): number {
  return Math.floor(instant / DAY_MS);
}
