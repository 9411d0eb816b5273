import {
  operationRefusal,
  shownState,
  withoutPassword,
  type GuestAccount,
  type GuestNotice,
  type GuestOperationOutcome,
  type GuestRefusal,
  type SponsorRights,
} from '#libs/guests';
import { RequestError } from '../http/request-error.ts';
import type { SendingOutcome } from '../mail/node-mailer.ts';
import type { NodeContext } from '../node-context.ts';
import type { GuestAccountsClient } from './guest-accounts.client.ts';
import type { GuestNotifier } from './guest-notifier.ts';
import { refusedForm, type SelfRegistrationService } from './self-registration.service.ts';
import type { NotificationChoice, OperationsAnswer, SponsorCommand } from './sponsor-portal.service.ts';

/** What became of one of the chosen accounts. */
export interface OperationResult {
  username: string;
  outcome: 'done' | 'deleted' | 'refused';
  /** As it is now, or was when it was deleted. */
  account?: Omit<GuestAccount, 'password'>;
  refusal?: GuestRefusal;
}

/** Past participles, for messages and summaries. */
const DONE: Readonly<Record<SponsorCommand['operation'], string>> = {
  edit: 'changed',
  resend: 'resent',
  resetPassword: 'given a new password',
  extend: 'extended',
  suspend: 'suspended',
  reinstate: 'reinstated',
  approve: 'approved',
  deny: 'denied',
  delete: 'deleted',
};

/** One click of a sponsor: what is done with the chosen accounts, and the mails that come of it. */
export class SponsorBatch {
  constructor(
    private readonly context: NodeContext,
    private readonly accounts: GuestAccountsClient,
    private readonly notifier: GuestNotifier,
    private readonly registrations: SelfRegistrationService,
    private readonly rights: SponsorRights,
    private readonly choice: NotificationChoice,
  ) {}

  /** Mails for new accounts: to the guests if it was ticked, or else `byDefault`; the outcome if there is one guest. */
  async created(accounts: readonly GuestAccount[], byDefault: boolean): Promise<SendingOutcome | undefined> {
    const told = (this.choice.notify ?? byDefault) ? accounts : [];
    const mails = told.map((account) => ({ account, notice: 'credentials' as const }));
    return this.mail(mails, 'created', accounts);
  }

  /** The credentials once more. */
  async resent(account: GuestAccount): Promise<SendingOutcome | undefined> {
    return this.mail([{ account, notice: 'credentials' }], 'resent', [account]);
  }

  /** @throws RequestError if the only chosen account is refused, or no primary PAN is up */
  async perform(usernames: readonly string[], command: SponsorCommand): Promise<OperationsAnswer> {
    const results: OperationResult[] = [];
    const mails: { account: GuestAccount; notice: GuestNotice }[] = [];
    const touched: GuestAccount[] = [];
    for (const username of new Set(usernames)) {
      const outcome = await this.performOne(username, command);
      if (outcome.kind === 'refused') {
        const [refusal] = outcome.refusals;
        if (usernames.length === 1) throw asRequestError(outcome.refusals);
        results.push({ username, outcome: 'refused', ...(refusal ? { refusal } : {}) });
        continue;
      }
      const { account, notices } = outcome;
      touched.push(account);
      mails.push(
        ...notices.filter((notice) => this.isCalledFor(notice, account)).map((notice) => ({ account, notice })),
      );
      const state = shownState(account, this.context.clock.now());
      results.push({ username, outcome: outcome.kind, account: { ...withoutPassword(account), state } });
    }
    const mail = await this.mail(mails, DONE[command.operation], touched);
    const message = messageOf(usernames.length, touched.length, DONE[command.operation]);
    return { results, message, mail: mail?.kind };
  }

  private async performOne(username: string, command: SponsorCommand): Promise<GuestOperationOutcome> {
    const { clock, settings } = this.context;
    const account = settings.guest(username);
    const unknown: GuestRefusal = { code: 'guests.unknown', text: `There is no guest account ${username}.` };
    const forbidden = account ? this.rights.operationRefusal(command.operation, account) : unknown;
    if (forbidden) return { kind: 'refused', refusals: [forbidden] };
    if (account && command.operation === 'resend') {
      const refusal = operationRefusal(account, 'resend', clock.now());
      return refusal ? { kind: 'refused', refusals: [refusal] } : { kind: 'done', account, notices: ['credentials'] };
    }
    const by = this.rights.sponsor.username;
    const decides = command.operation === 'approve' || command.operation === 'deny';
    return this.accounts.ask('guest.perform', {
      username,
      command: decides ? { ...command, by } : command,
      by: `sponsor/${by}`,
      requireSuspensionReason: this.rights.requireSuspensionReason,
    });
  }

  /**
   * Credentials always go out; decisions as the guest's portal says; the other notices if they were asked for. Ticking
   * or unticking overrides it.
   */
  private isCalledFor(notice: GuestNotice, account: GuestAccount): boolean {
    if (this.choice.notify !== undefined) return this.choice.notify;
    if (notice === 'approved' || notice === 'denied') return this.registrations.notifies(account);
    return notice === 'credentials';
  }

  /** One mail is waited for, as the portal's page does; several are handed over, and the queue goes on by itself. */
  private async mail(
    mails: readonly { account: GuestAccount; notice: GuestNotice }[],
    action: string,
    touched: readonly GuestAccount[],
  ): Promise<SendingOutcome | undefined> {
    const { sponsor } = this.rights;
    const ownAddress = this.choice.sponsorEmail ?? sponsor.emailAddress;
    const copyTo = this.choice.copyMe ? ownAddress : undefined;
    const sent = mails.map(({ account, notice }) => this.notifier.tell(notice, account, { sponsor, copyTo }));
    const outcome = sent.length === 1 ? await sent[0] : undefined;
    if (this.choice.sendSummary && touched.length > 0) {
      const summary = this.notifier.summarize(action, touched, sponsor, this.choice.sponsorEmail);
      if (mails.length <= 1) await summary;
    }
    return outcome;
  }
}

function asRequestError(refusals: readonly GuestRefusal[]): RequestError {
  const [first] = refusals;
  const text = refusals.map((refusal) => refusal.text).join(' ');
  const code = first?.code ?? 'guests.refused';
  if (code === 'guests.not-permitted') return new RequestError(403, code, text, 'Ask for another sponsor group.');
  if (code === 'guests.unknown') return new RequestError(404, code, text, 'Check the user name.');
  if (code.endsWith('-state')) return new RequestError(409, code, text, 'Bring the account into such a state first.');
  return refusedForm(refusals);
}

function messageOf(chosen: number, done: number, participle: string): string {
  return chosen === 1 ? `Account ${participle}` : `${done} of ${chosen} accounts ${participle}`;
}
