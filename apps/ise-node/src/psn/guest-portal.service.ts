import { Injectable } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import {
  GUEST_AUDIT_CODES,
  mayLogInAt,
  operationRefusal,
  shownState,
  withoutPassword,
  type GuestAccount,
} from '#libs/guests';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';
import { GuestAccountsClient } from './guest-accounts.client.ts';
import { refusedForm } from './self-registration.service.ts';

/** The guest portal as the PSN serves it: sign-in and change of password. */
@Injectable()
export class GuestPortalService {
  constructor(
    private readonly context: NodeContext,
    private readonly accounts: GuestAccountsClient,
  ) {}

  /**
   * Signs a guest in. The first time makes the account Active, on the primary PAN; while none is up, guests get in all
   * the same (fact sheet ise 2.3) and the account stays Created.
   *
   * @throws RequestError 401 for wrong credentials, 403 for an account that can't be used now
   */
  async signIn(username: string, password: string): Promise<Omit<GuestAccount, 'password'>> {
    const account = this.authenticate(username, password);
    this.requireUsable(account);
    try {
      const outcome = await this.accounts.ask('guest.perform', {
        username,
        command: { operation: 'firstLogin' },
        by: 'guest',
      });
      if (outcome.kind === 'refused') throw refusedForm(outcome.refusals);
      this.note('guest.signed-in', username);
      return withoutPassword(outcome.account);
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 503) throw error;
      this.note('guest.signed-in', username, { withoutPan: true });
      return withoutPassword(account);
    }
  }

  /** @throws RequestError 401 for the wrong present password, 400 if the policy refuses the new one, 503 */
  async changePassword(username: string, password: string, newPassword: string): Promise<void> {
    const account = this.authenticate(username, password);
    this.requireUsable(account);
    const command = { operation: 'changePassword', newPassword } as const;
    const outcome = await this.accounts.ask('guest.perform', { username, command, by: 'guest' });
    if (outcome.kind === 'refused') throw refusedForm(outcome.refusals);
  }

  /** The same answer for an unknown user name and a wrong password. */
  private authenticate(username: string, password: string): GuestAccount {
    const account = this.context.settings.guest(username);
    if (isSame(password, account?.password ?? '') && account) return account;
    const auditCode = account ? GUEST_AUDIT_CODES.authenticationFailed : GUEST_AUDIT_CODES.notFound;
    // A name that nobody has may be anything that was typed, a password too.
    this.note('guest.sign-in-refused', account?.username ?? 'unknown', { auditCode });
    throw new RequestError(401, 'guests.sign-in-failed', 'Invalid username or password', 'Try again.');
  }

  private requireUsable(account: GuestAccount): void {
    const { clock, settings } = this.context;
    const now = clock.now();
    const refusal = operationRefusal(account, 'firstLogin', now);
    const type = settings.guestTypes.find(({ name }) => name === account.guestType);
    const isOpen = !type || mayLogInAt(type, now, settings.guestAccess.timeZoneOf(account));
    if (!refusal && isOpen && now >= account.validFrom) return;
    const isSuspended = shownState(account, now) === 'Suspended';
    const auditCode = isSuspended ? GUEST_AUDIT_CODES.isSuspended : GUEST_AUDIT_CODES.notEnabled;
    this.note('guest.sign-in-refused', account.username, { auditCode });
    const text = refusal ? 'This account can not be used' : 'This account can not be used at this time';
    throw new RequestError(403, refusal?.code ?? 'guests.not-at-this-time', text, 'Ask your sponsor.');
  }

  private note(kind: string, guest: string, details: Record<string, number | boolean> = {}): void {
    const { definition, journal } = this.context;
    journal.record({ kind, node: definition.name, guest, ...details });
  }
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
