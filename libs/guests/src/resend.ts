import { isExpired, type GuestAccount } from './guest-account.ts';
import type { GuestRefusal } from './guest-refusal.ts';

/**
 * Why the credentials can't be sent again, or `undefined` if they can: the account must be Created or Active, and the
 * guest must not have chosen a password of his own (fact sheet ise 5.1).
 */
export function resendRefusal(account: GuestAccount, now: number): GuestRefusal | undefined {
  const state = isExpired(account, now) ? 'Expired' : account.state;
  if (state !== 'Created' && state !== 'Active') {
    return {
      code: 'guests.resend-state',
      text: `The account ${account.username} is ${state}; only Created and Active accounts can be resent.`,
    };
  }
  if (account.passwordChangedByGuest) {
    return {
      code: 'guests.resend-password-changed',
      text: `The guest ${account.username} has changed the password; reset it instead.`,
    };
  }
  return undefined;
}
