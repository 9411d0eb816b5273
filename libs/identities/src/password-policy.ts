import type { User } from './user.ts';

const DAY_MS = 86_400_000;

/** How long a password lasts, and how many days before its end the reminder is sent. */
export interface PasswordPolicy {
  readonly lifetimeDays: number;
  readonly reminderDays: number;
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

/** The instant from which the reminder is due; never before the password was set. `undefined` if it never expires. */
export function passwordReminderDueAt(user: User, policy: PasswordPolicy): number | undefined {
  const expiresAt = passwordExpiresAt(user, policy);
  return expiresAt === undefined
    ? undefined
    : Math.max(expiresAt - policy.reminderDays * DAY_MS, user.passwordChangedAt);
}

/** A reminder to be sent now. */
export interface PasswordReminder {
  /** Names user and password period; remember it in order to remind only once. */
  readonly key: string;
  readonly user: User;
  readonly expiresAt: number;
}

/** The same for as long as this user keeps this password. */
export function reminderKey(user: User): string {
  return `${user.kind}/${user.username}/${user.passwordChangedAt}`;
}

/**
 * The reminders to send at `now`, the password that expires first coming first: once per user and password, given the
 * keys of those that were sent (or refused, as for a user without an address). What came due while no primary PAN was
 * up is among them. Disabled users and passwords that have expired are not: such a user can't log in any more.
 *
 * Cadence once per password is our choice; ISE's is unknown (fact sheet ise 6).
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
      const dueAt = passwordReminderDueAt(user, policy);
      const key = reminderKey(user);
      if (!user.enabled || expiresAt === undefined || dueAt === undefined) return [];
      return dueAt <= now && now < expiresAt && !alreadySent.has(key) ? [{ key, user, expiresAt }] : [];
    })
    .sort((a, b) => a.expiresAt - b.expiresAt);
}
