import { accountExpiresAt, type DisabledBecause, type User } from './user.ts';

const DAY_MS = 86_400_000;

/** How long a password lasts, and how many days before its end it is reminded of. */
export interface PasswordPolicy {
  readonly lifetimeDays: number;
  readonly reminderDays: number;
  /** Days of further reminders, each sent once. Default: none. */
  readonly furtherReminderDays?: readonly number[];
  /** Whether the account is disabled at the end of its password. Default: it is. */
  readonly disableAtEnd?: boolean;
}

/** One policy per kind of user: they stand on different pages of ISE. */
export interface PasswordPolicies {
  readonly admin: PasswordPolicy;
  readonly internal: PasswordPolicy;
}

/**
 * Lifetimes: 45 days for administrators, 60 for internal users (fact sheet ise 6). The 30 days of the reminder are
 * what is said of administrators there, without proof; for internal users they are our choice.
 */
export const DEFAULT_PASSWORD_POLICIES: PasswordPolicies = {
  admin: { lifetimeDays: 45, reminderDays: 30 },
  internal: { lifetimeDays: 60, reminderDays: 30 },
};

/** Epoch milliseconds; `undefined` if the password never expires. */
export function passwordExpiresAt(user: User, policy: PasswordPolicy): number | undefined {
  return user.passwordNeverExpires ? undefined : user.passwordChangedAt + policy.lifetimeDays * DAY_MS;
}

/** The instant from which the first reminder is due; never before the password was set. `undefined` if it never expires. */
export function passwordReminderDueAt(user: User, policy: PasswordPolicy): number | undefined {
  const expiresAt = passwordExpiresAt(user, policy);
  return expiresAt === undefined ? undefined : dueAt(user, expiresAt, Math.max(...thresholdsOf(policy)));
}

/** A reminder to be sent now. */
export interface PasswordReminder {
  /** Names user, password and threshold; remember it in order to remind only once. */
  readonly key: string;
  readonly user: User;
  readonly expiresAt: number;
}

/** One key for each reminder of this user's present password, the last one before its end coming first. */
export function reminderKeys(user: User, policy: PasswordPolicy): string[] {
  return thresholdsOf(policy).map((days) => keyOf(user, days));
}

/**
 * The reminders to send at `now`, the password that expires first coming first: once per user, password and threshold,
 * given the keys of those that were sent (or refused, as for a user without an address). What came due while no primary
 * PAN was up is among them; of several thresholds passed meanwhile only the nearest to the end. Disabled users and
 * passwords that have expired are not: such a user can't log in any more.
 *
 * Cadence once per threshold is our choice; ISE's is unknown (fact sheet ise 6).
 */
export function remindersDue(
  users: readonly User[],
  policies: PasswordPolicies,
  now: number,
  alreadySent: ReadonlySet<string>,
): PasswordReminder[] {
  return users
    .flatMap((user) => {
      const policy = policies[user.kind];
      const expiresAt = passwordExpiresAt(user, policy);
      if (!user.enabled || expiresAt === undefined || now >= expiresAt) return [];
      const nearest = thresholdsOf(policy).findIndex((days) => dueAt(user, expiresAt, days) <= now);
      const keys = reminderKeys(user, policy);
      const key = keys[nearest];
      if (key === undefined || keys.slice(0, nearest + 1).some((each) => alreadySent.has(each))) return [];
      return [{ key, user, expiresAt }];
    })
    .sort((a, b) => a.expiresAt - b.expiresAt);
}

/** Why this account is to be disabled at `now`; undefined if it is not, or is disabled already. */
export function reasonToDisable(user: User, policies: PasswordPolicies, now: number): DisabledBecause | undefined {
  if (!user.enabled) return undefined;
  if (now >= (accountExpiresAt(user) ?? Infinity)) return 'account-expired';
  const policy = policies[user.kind];
  const isOver = now >= (passwordExpiresAt(user, policy) ?? Infinity);
  return isOver && policy.disableAtEnd !== false ? 'password-expired' : undefined;
}

/** Ascending, each once. */
function thresholdsOf({ reminderDays, furtherReminderDays = [] }: PasswordPolicy): number[] {
  return [...new Set([reminderDays, ...furtherReminderDays])].sort((a, b) => a - b);
}

function dueAt(user: User, expiresAt: number, days: number): number {
  return Math.max(expiresAt - days * DAY_MS, user.passwordChangedAt);
}

function keyOf(user: User, days: number): string {
  return `${user.kind}/${user.username}/${user.passwordChangedAt}/${days}`;
}
