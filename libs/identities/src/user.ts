interface PasswordHolder {
  readonly username: string;
  readonly emailAddress?: string;
  /** Epoch milliseconds, UTC. */
  readonly passwordChangedAt: number;
  readonly passwordNeverExpires?: boolean;
  readonly enabled: boolean;
}

/** A network access user from ISE's own identity store. Plain JSON: it is replicated. */
export interface InternalUser extends PasswordHolder {
  readonly kind: 'internal';
  /** Shown in password mails instead of the login name (fact sheet ise 6). */
  readonly accountNameAlias?: string;
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
