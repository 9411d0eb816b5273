import { isExpired, type GuestAccount } from './guest-account.ts';
import type { GuestType } from './guest-type.ts';

/**
 * The instant from which the mail "your access ends" (E1) is due for this account; `undefined` if there is none to
 * send: notification or its mail is off, the account can't log in anyway, or the guest was told of this very end.
 *
 * An account shorter than the advance is due as soon as it is valid.
 */
export function expiryNotificationDueAt(account: GuestAccount, type: GuestType): number | undefined {
  const { enabled, sendEmail, advanceMs } = type.expirationNotification;
  if (!enabled || !sendEmail) return undefined;
  if (account.state !== 'Created' && account.state !== 'Active') return undefined;
  if (account.expiryNotifiedFor === account.validTo) return undefined;
  return Math.max(account.validTo - advanceMs, account.validFrom);
}

/**
 * The accounts to mail at `now`, the one that ends first coming first. What came due while no primary PAN was up is
 * among them, so it is caught up; but an account that has ended is not: "ends soon" would be untrue (our choice).
 *
 * Mark each with `expiryNotifiedFor: account.validTo` once its mail is handed over or refused, and it comes only once.
 */
export function expiryNotificationsDue(
  accounts: readonly GuestAccount[],
  guestTypes: readonly GuestType[],
  now: number,
): GuestAccount[] {
  const types = new Map(guestTypes.map((type) => [type.name, type]));
  return accounts
    .filter((account) => {
      const type = types.get(account.guestType);
      const dueAt = type && expiryNotificationDueAt(account, type);
      return dueAt !== undefined && dueAt <= now && !isExpired(account, now);
    })
    .sort((a, b) => a.validTo - b.validTo);
}
