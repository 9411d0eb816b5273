import { Injectable } from '@nestjs/common';
import { withoutPassword, type GuestAccount, type GuestRefusal, type Registration } from '#libs/guests';
import { RequestError } from '../http/request-error.ts';
import type { SendingOutcome } from '../mail/node-mailer.ts';
import { NodeContext } from '../node-context.ts';
import { GuestAccountsClient } from './guest-accounts.client.ts';
import { GuestNotifier } from './guest-notifier.ts';

/** What the portal shows after Register. */
export interface RegistrationAnswer {
  /** With its password: the guest's own page alone may show it. */
  account: GuestAccount;
  /** Whether somebody has to approve first. */
  pending: boolean;
  message: string;
  /** What became of the mail; absent: none was called for. */
  mail?: SendingOutcome['kind'];
}

/** What the page of an approval link shows. */
export interface DecisionAnswer {
  account: Omit<GuestAccount, 'password'>;
  decision: 'approved' | 'denied';
  message: string;
}

/** E3: the self-registration portal as the PSN serves it, and the links of its approval mails. */
@Injectable()
export class SelfRegistrationService {
  constructor(
    private readonly context: NodeContext,
    private readonly accounts: GuestAccountsClient,
    private readonly notifier: GuestNotifier,
  ) {}

  /** @throws RequestError 400 with everything that is wrong with the form, 503 without a primary PAN */
  async register(registration: Registration, portalName?: string): Promise<RegistrationAnswer> {
    const outcome = await this.accounts.ask('guest.register', {
      registration,
      ...(portalName === undefined ? {} : { portal: portalName }),
    });
    if (outcome.kind === 'refused') throw refusedForm(outcome.refusals);
    const { account, approval } = outcome;
    if (approval) {
      const mail = await this.notifier.askForApproval(account, approval.approvers, approval.tokens);
      const message = 'Your request awaits approval';
      return { account, pending: true, message, mail: mail.kind };
    }
    const portal = this.context.settings.guestAccess.selfRegistrationPortal(portalName);
    const message = 'Your guest account has been created';
    const registered = { account, pending: false, message };
    if (!portal?.credentialNotificationUsingEmail) return registered;
    return { ...registered, mail: (await this.notifier.tell('credentials', account)).kind };
  }

  /** Opens a link of an approval mail: what it decides is in its token. @throws RequestError 409, 503 */
  async decideByLink(token: string, reason?: string): Promise<DecisionAnswer> {
    const outcome = await this.accounts.ask('guest.followLink', { token, ...(reason === undefined ? {} : { reason }) });
    if (outcome.kind === 'refused') {
      const [first] = outcome.refusals;
      const remedy = 'Look at the pending accounts of the sponsor portal.';
      throw new RequestError(409, first?.code ?? 'guests.refused', first?.text ?? 'refused', remedy);
    }
    const { account, notices } = outcome;
    const decision = account.approval?.decision ?? 'denied';
    for (const notice of notices) if (this.notifies(account)) await this.notifier.tell(notice, account);
    const guest = account.firstName || account.username;
    return { account: withoutPassword(account), decision, message: `The request of ${guest} was ${decision}` };
  }

  /** `credentialNotificationUsingEmail` of the portal that the guest registered on; denials go by it too (our choice). */
  notifies({ portalId }: Pick<GuestAccount, 'portalId'>): boolean {
    return (
      this.context.settings.guestAccess.selfRegistrationPortal(portalId)?.credentialNotificationUsingEmail ?? false
    );
  }
}

/** Everything that is wrong with a form, as one answer. */
export function refusedForm(refusals: readonly GuestRefusal[]): RequestError {
  const text = refusals.map((refusal) => refusal.text).join(' ');
  const evidence = { refusals: refusals.map(({ code, field, text: why }) => ({ code, field, text: why })) };
  return new RequestError(400, refusals[0]?.code ?? 'guests.refused', text, 'Correct the named fields.', evidence);
}
