import { Injectable } from '@nestjs/common';
import { ADMIN_LOCKED } from '#libs/alarms';
import {
  FAILED_SIGN_INS_MAX,
  isPassword,
  LOCKED_MS,
  lockedRefusal,
  signInRefusal,
  type SignInRefusal,
} from '#libs/identities';
import { AdminCredentials } from '../http/admin-credentials.ts';
import { NodeContext } from '../node-context.ts';
import { AlarmRaiser } from './alarm-raiser.ts';

/** What became of a sign-in. */
export type SignIn = { kind: 'admitted' } | { kind: 'unknown' } | { kind: 'refused'; refusal: SignInRefusal };

interface Failures {
  count: number;
  lockedUntil: number;
}

/**
 * Who may use the administration pages of this node: the administrator that it was set up with, and the administrators
 * of the configuration that have a password and are not disabled.
 *
 * Simplified: failed sign-ins are counted by each node for itself, and the first administrator is never locked.
 */
@Injectable()
export class AdminSignIn {
  private readonly failures = new Map<string, Failures>();

  constructor(
    private readonly context: NodeContext,
    private readonly credentials: AdminCredentials,
    private readonly alarms: AlarmRaiser,
  ) {}

  judge(username: string, password: string): SignIn {
    const { clock, settings } = this.context;
    const admin = settings.adminUsers.find((user) => user.username === username);
    const isFirst = this.credentials.match(username, password);
    if (!admin) return isFirst ? { kind: 'admitted' } : { kind: 'unknown' };
    const isRight = isFirst || (admin.passwordHash !== undefined && isPassword(password, admin.passwordHash));
    const failures = this.failures.get(username);
    if (failures && clock.now() < failures.lockedUntil && !isFirst) return this.refuse(lockedRefusal(username));
    if (!isRight) return this.failed(username);
    this.failures.delete(username);
    const refusal = signInRefusal(admin, settings.passwordPolicies, clock.now());
    return refusal ? this.refuse(refusal, username) : { kind: 'admitted' };
  }

  private failed(username: string): SignIn {
    const { clock } = this.context;
    const count = (this.failures.get(username)?.count ?? 0) + 1;
    const isLocked = count >= FAILED_SIGN_INS_MAX;
    this.failures.set(username, { count: isLocked ? 0 : count, lockedUntil: isLocked ? clock.now() + LOCKED_MS : 0 });
    if (!isLocked) return { kind: 'unknown' };
    void this.alarms.raise(ADMIN_LOCKED, `${username}: locked`, { subject: username });
    return this.refuse(lockedRefusal(username), username);
  }

  private refuse(refusal: SignInRefusal, username?: string): SignIn {
    if (username !== undefined) {
      const { definition, journal } = this.context;
      const { code, auditCode } = refusal;
      const audit = auditCode === undefined ? {} : { auditCode };
      journal.record({ kind: 'admin.sign-in-refused', node: definition.name, admin: username, code, ...audit });
    }
    return { kind: 'refused', refusal };
  }
}
