import type { PasswordHash } from './password-hash.ts';

/** Why an account is switched off; absent on a disabled account: somebody did it by hand. */
export type DisabledBecause = 'password-expired' | 'account-expired';

interface PasswordHolder {
  readonly username: string;
  readonly emailAddress?: string;
  /** Epoch milliseconds, UTC. */
  readonly passwordChangedAt: number;
  /** Never leaves the node: `withoutPasswordHash` gives a copy that may be shown. */
  readonly passwordHash?: PasswordHash;
  readonly passwordNeverExpires?: boolean;
  readonly enabled: boolean;
  readonly disabledBecause?: DisabledBecause;
}

/** A network access user from ISE's own identity store. Plain JSON: it is replicated. */
export interface InternalUser extends PasswordHolder {
  readonly kind: 'internal';
  /** Shown in password mails instead of the login name (fact sheet ise 6). */
  readonly accountNameAlias?: string;
  /** Last day of the account, `YYYY-MM-DD`; counts while `expiryDateEnabled` (fact sheet ise 6). */
  readonly expiryDate?: string;
  readonly expiryDateEnabled?: boolean;
  /** The password must be changed at the next login; on by default in the real product. */
  readonly changePassword?: boolean;
}

/** Somebody who logs in to the administration pages. Plain JSON: it is replicated. */
export interface AdminUser extends PasswordHolder {
  readonly kind: 'admin';
  /** The tick "Include system alarms in emails" (fact sheet ise 4.2). */
  readonly includeSystemAlarmsInEmails: boolean;
}

export type User = InternalUser | AdminUser;

/** The name that mails address the user by: the account name alias if there is one, else the login name. */
export function displayNameOf(user: User): string {
  return (user.kind === 'internal' && user.accountNameAlias?.trim()) || user.username;
}

/** The end of the account itself: midnight UTC at the end of its last day. Epoch milliseconds; undefined: none. */
export function accountExpiresAt(user: User): number | undefined {
  if (user.kind !== 'internal' || !user.expiryDateEnabled || user.expiryDate === undefined) return undefined;
  return Date.parse(`${user.expiryDate}T00:00:00Z`) + 86_400_000;
}

/** A copy for answers and lists. */
export function withoutPasswordHash<T extends User>(user: T): Omit<T, 'passwordHash'> {
  const { passwordHash: _secret, ...shown } = user;
  return shown;
}
