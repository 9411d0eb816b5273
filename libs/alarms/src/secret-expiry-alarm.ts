import { SECRET_ABOUT_TO_EXPIRE, SECRET_HAS_EXPIRED } from './alarm-catalogue.ts';
import { expiryNotice, type ExpiryNotice, type ExpiryPolicy } from './expiry-notice.ts';

/** When the secret alarms are raised: our choice, ISE's own is unknown (fact sheet ise 4.1). */
export const DEFAULT_SECRET_EXPIRY_POLICY: ExpiryPolicy = {
  thresholdsDays: [30, 14, 7, 3, 1],
  repeatExpired: 'daily',
};

/** One of the two secret alarms is due. */
export interface SecretExpiryNotice extends ExpiryNotice {
  readonly alarm: typeof SECRET_ABOUT_TO_EXPIRE | typeof SECRET_HAS_EXPIRED;
}

/**
 * Which of the two secret alarms is due at `now`, going by the expiry date that was *typed* (Entra's does not matter,
 * fact sheet ise 1.2), given the last notice; see `expiryNotice`.
 */
export function secretExpiryAlarm(
  typedExpiryAt: number,
  now: number,
  last?: ExpiryNotice,
  policy: ExpiryPolicy = DEFAULT_SECRET_EXPIRY_POLICY,
): SecretExpiryNotice | undefined {
  const notice = expiryNotice(typedExpiryAt, now, policy, last);
  return notice && { ...notice, alarm: notice.stage === 'expired' ? SECRET_HAS_EXPIRED : SECRET_ABOUT_TO_EXPIRE };
}
