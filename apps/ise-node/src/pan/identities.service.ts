import { Injectable } from '@nestjs/common';
import { ADMIN_LOCKED } from '#libs/alarms';
import { hashPassword, type DisabledBecause, type User } from '#libs/identities';
import type { Random } from '#libs/simulation';
import { AlarmRaiser } from '../cluster/alarm-raiser.ts';
import { RequestError } from '../http/request-error.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

const SALT_DIGITS = 32;

/** What an edit may say of an account besides the fields that are stored as they are. */
export interface AccountChanges {
  enabled?: boolean | undefined;
  /** A new password begins a new period, with reminders of its own. */
  password?: string | undefined;
  /** ISO 8601; by default now if there is a new password. */
  passwordChangedAt?: string | undefined;
}

/** Administrators and network access users: written on the primary PAN. */
@Injectable()
export class IdentitiesService {
  private readonly salts: Random;

  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
    private readonly alarms: AlarmRaiser,
  ) {
    this.salts = context.random.stream('password salts');
  }

  /** Stores a new user, or one in place of another of the same kind and name; without `password` none opens it. */
  add<T extends User>(user: T, password?: string): T {
    const saved = this.withPassword(user, password);
    this.config.write(keyOf(saved), saved);
    return saved;
  }

  /** Stores `present` with changes; enabling it forgets why it was disabled. */
  edit<T extends User>(present: T, fields: Partial<T>, changes: AccountChanges): T {
    const { enabled = present.enabled, password, passwordChangedAt } = changes;
    const changedAt =
      passwordChangedAt !== undefined
        ? Date.parse(passwordChangedAt)
        : password !== undefined
          ? this.context.clock.now()
          : present.passwordChangedAt;
    const user: T = { ...present, ...fields, enabled, passwordChangedAt: changedAt };
    return this.add(enabled ? { ...user, disabledBecause: undefined } : user, password);
  }

  /** An account whose password or whose own time is over. */
  disable(user: User, because: DisabledBecause): void {
    const { definition, journal } = this.context;
    const { kind, username } = user;
    const name = `${kind}/${username}`;
    const disabled = journal.record({ kind: 'user.disabled', node: definition.name, user: name, because });
    journal.within(disabled, () => {
      this.config.write(keyOf(user), { ...user, enabled: false, disabledBecause: because });
      if (kind === 'admin') void this.alarms.raise(ADMIN_LOCKED, `${username}: ${because}`, { subject: username });
    });
  }

  /** The one of these users that has this name. @throws RequestError naming those there are */
  named<T extends User>(users: readonly T[], username: string): T {
    const found = users.find((user) => user.username === username);
    if (found) return found;
    const known = users.map((user) => user.username).join(', ') || 'none';
    throw new RequestError(404, 'identities.unknown-user', `there is no user "${username}"`, `Known: ${known}.`);
  }

  private withPassword<T extends User>(user: T, password: string | undefined): T {
    return password === undefined
      ? user
      : { ...user, passwordHash: hashPassword(password, this.salts.hex(SALT_DIGITS)) };
  }
}

function keyOf({ kind, username }: User): string {
  return kind === 'admin' ? CONFIG_KEYS.adminUser(username) : CONFIG_KEYS.internalUser(username);
}
