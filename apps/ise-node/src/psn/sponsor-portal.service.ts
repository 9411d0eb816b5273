import { Injectable } from '@nestjs/common';
import {
  importColumnOf,
  importRefused,
  isOnPendingPage,
  isSponsorPassword,
  operationRefusal,
  readGuestImport,
  shownState,
  withoutPassword,
  type GuestAccount,
  type GuestAccountRequest,
  type GuestCommand,
  type GuestRefusal,
  type ImportMistake,
  type SponsorRights,
} from '#libs/guests';
import { SPONSOR_PORTAL } from '../guest-access-settings.ts';
import { RequestError } from '../http/request-error.ts';
import type { SendingOutcome } from '../mail/node-mailer.ts';
import { NodeContext } from '../node-context.ts';
import { GuestAccountsClient } from './guest-accounts.client.ts';
import { GuestNotifier } from './guest-notifier.ts';
import { refusedForm, SelfRegistrationService } from './self-registration.service.ts';
import { SponsorBatch, type OperationResult } from './sponsor-batch.ts';

/** What the sponsor ticked in the dialog. */
export interface NotificationChoice {
  copyMe: boolean;
  sendSummary: boolean;
  /** Whether the guests are mailed. Default: as each operation of the portal does (`docs/guests.md`). */
  notify?: boolean | undefined;
  /** "Sponsor's Email address" as typed, for summary and copy; default: the one that is known. */
  sponsorEmail?: string | undefined;
}

/** An account as a sponsor may see it, in the state of the moment. */
export type ShownAccount = Omit<GuestAccount, 'password'>;

/** What the portal tells the sponsor. What a real sponsor sees of a mail that fails is unknown (fact sheet ise 11.7). */
export interface PortalAnswer {
  account: ShownAccount;
  message: string;
  /** What became of the mail to the guest; absent: none was called for. */
  mail?: SendingOutcome['kind'] | undefined;
}

export interface BatchAnswer {
  accounts: ShownAccount[];
  message: string;
}

export interface OperationsAnswer {
  results: OperationResult[];
  message: string;
  /** What became of the only mail to a guest; several are not waited for. */
  mail?: SendingOutcome['kind'] | undefined;
}

/** The commands that a sponsor's buttons give; the guest's own are not among them. */
export type SponsorCommand = Exclude<GuestCommand, { operation: 'firstLogin' | 'changePassword' }>;

/**
 * E3: the sponsor portal as the PSN serves it. What the sponsor may do is judged here, by his groups; accounts are
 * written on the primary PAN; mail is sent from here.
 */
@Injectable()
export class SponsorPortalService {
  constructor(
    private readonly context: NodeContext,
    private readonly accounts: GuestAccountsClient,
    private readonly notifier: GuestNotifier,
    private readonly registrations: SelfRegistrationService,
  ) {}

  /** The sponsor's rights, if this is his password. */
  signIn(username: string, password: string): SponsorRights | undefined {
    const { definition, journal, settings } = this.context;
    const sponsor = settings.sponsor(username);
    const isRight = isSponsorPassword(sponsor, password);
    const kind = isRight ? 'sponsor.signed-in' : 'sponsor.sign-in-refused';
    journal.record({ kind, node: definition.name, sponsor: sponsor?.username ?? 'unknown' });
    return sponsor && isRight ? this.rightsOf(username) : undefined;
  }

  /** @throws RequestError 404 for a sponsor who is not there */
  rightsOf(username: string): SponsorRights {
    const { settings } = this.context;
    const sponsor = settings.sponsor(username);
    if (sponsor) return settings.guestAccess.rightsOf(sponsor, settings.sponsors);
    const remedy = 'Use the login name of a sponsor.';
    throw new RequestError(404, 'guests.unknown-sponsor', `there is no sponsor ${username}`, remedy);
  }

  /** "Manage Accounts": those that the sponsor manages. */
  manageable(sponsorName: string): ShownAccount[] {
    const rights = this.rightsOf(sponsorName);
    return this.context.settings.guests.filter((account) => rights.manages(account)).map((each) => this.shown(each));
  }

  /** "Pending Accounts": requests of self-registered guests that wait or were decided. */
  pending(sponsorName: string): ShownAccount[] {
    const rights = this.rightsOf(sponsorName);
    const { clock, settings } = this.context;
    return settings.guests
      .filter((account) => isOnPendingPage(account, clock.now()) && rights.manages(account))
      .map((each) => this.shown(each));
  }

  /** "Create Accounts > Known". @throws RequestError 400, 403, 404, 503 */
  async create(request: GuestAccountRequest, sponsorName: string, choice: NotificationChoice): Promise<PortalAnswer> {
    const rights = this.rightsOf(sponsorName);
    const [account] = await this.createAll([request], rights);
    if (!account) throw refusedForm([]);
    const outcome = await this.batchOf(rights, choice).created([account], true);
    return { account: this.shown(account), message: portalMessage('Account created', outcome), mail: outcome?.kind };
  }

  /** "Create Accounts > Random": `count` accounts whose names begin with `prefix`. */
  async createRandom(
    { count, prefix, ...request }: GuestAccountRequest & { count: number; prefix: string },
    sponsorName: string,
    choice: NotificationChoice,
  ): Promise<BatchAnswer> {
    const rights = this.rightsOf(sponsorName);
    const { randomBatchSizeLimit: limit } = rights;
    if (!Number.isInteger(count) || count < 1 || count > limit) {
      throw refusedForm([
        {
          code: 'guests.batch-size',
          text: `Your sponsor group may create 1 to ${limit} accounts at once.`,
          field: 'count',
        },
      ]);
    }
    const requests = Array.from({ length: count }, () => ({ ...request, usernamePrefix: prefix }));
    const accounts = await this.createAll(requests, rights);
    await this.batchOf(rights, choice).created(accounts, rights.autoNotification);
    return { accounts: accounts.map((each) => this.shown(each)), message: `${accounts.length} accounts created` };
  }

  /** "Create Accounts > Import": every guest of the CSV file, or none and what is wrong with which line. */
  async import(
    { csv, ...common }: GuestAccountRequest & { csv: string },
    sponsorName: string,
    choice: NotificationChoice,
  ): Promise<BatchAnswer> {
    const rights = this.rightsOf(sponsorName);
    const file = readGuestImport(csv, { rowsMax: rights.importBatchSizeLimit });
    if (file.kind === 'refused') throw refusedImport(file.mistakes, file.mistakesInAll);
    const requests = file.rows.map(({ request }) => ({ ...common, ...request }));
    const accounts = await this.createAll(requests, rights, (refusals) =>
      refusedRows(refusals, (index) => file.rows[index]?.line ?? 1),
    );
    await this.batchOf(rights, choice).created(accounts, rights.autoNotification);
    return { accounts: accounts.map((each) => this.shown(each)), message: `${accounts.length} accounts imported` };
  }

  /** Resend alone needs no change of the account, so it works while no primary PAN is up. */
  async resend(username: string, sponsorName: string, choice: NotificationChoice): Promise<PortalAnswer> {
    const rights = this.rightsOf(sponsorName);
    const account = this.permitted(username, 'resend', rights);
    const refusal = operationRefusal(account, 'resend', this.context.clock.now());
    if (refusal) throw new RequestError(409, refusal.code, refusal.text, 'Create the account anew or extend it.');
    const outcome = await this.batchOf(rights, choice).resent(account);
    return { account: this.shown(account), message: portalMessage('Credentials sent', outcome), mail: outcome?.kind };
  }

  /**
   * A button of "Manage Accounts" or "Pending Accounts", for one account or several. What is refused for one of several
   * is told in `results`; a refusal for the only one is thrown.
   *
   * @throws RequestError 400, 403, 404, 409, 503
   */
  async perform(
    usernames: readonly string[],
    command: SponsorCommand,
    sponsorName: string,
    choice: NotificationChoice,
  ): Promise<OperationsAnswer> {
    const rights = this.rightsOf(sponsorName);
    const [only, ...others] = usernames;
    if (only === undefined) throw refusedForm([{ code: 'guests.none-chosen', text: 'Choose an account.' }]);
    if (others.length === 0) {
      this.permitted(only, command.operation, rights);
      if (command.operation === 'resend') {
        const { account, ...answer } = await this.resend(only, sponsorName, choice);
        return { results: [{ username: only, outcome: 'done', account }], ...answer };
      }
    }
    return this.batchOf(rights, choice).perform(usernames, command);
  }

  /** "Print": the page to hand to the guest. @throws RequestError 403, 404, 409 */
  print(username: string, sponsorName: string): string {
    const rights = this.rightsOf(sponsorName);
    const account = this.permitted(username, 'resend', rights);
    if (!rights.has('canViewGuestPasswords')) {
      const text = `The sponsor ${sponsorName} lacks the permission canViewGuestPasswords.`;
      throw new RequestError(403, 'guests.not-permitted', text, 'Send the credentials by e-mail.');
    }
    const refusal = operationRefusal(account, 'resend', this.context.clock.now());
    if (refusal) throw new RequestError(409, refusal.code, refusal.text, 'Reset the password or extend the account.');
    return this.notifier.print(account);
  }

  private batchOf(rights: SponsorRights, choice: NotificationChoice): SponsorBatch {
    return new SponsorBatch(this.context, this.accounts, this.notifier, this.registrations, rights, choice);
  }

  private async createAll(
    requests: readonly GuestAccountRequest[],
    rights: SponsorRights,
    refusal: (refusals: readonly (GuestRefusal & { index: number })[]) => RequestError = refusedForm,
  ): Promise<readonly GuestAccount[]> {
    for (const type of new Set(requests.map(({ guestType }) => guestType))) {
      const forbidden = rights.creationRefusal(type);
      if (forbidden) throw notPermitted(forbidden);
    }
    const sponsored = requests.map((request) => ({
      ...request,
      sponsor: rights.sponsor.username,
      portalId: request.portalId ?? SPONSOR_PORTAL,
    }));
    const batch = await this.accounts.ask('guest.createMany', sponsored);
    if (batch.kind === 'refused') throw refusal(batch.refusals);
    return batch.accounts;
  }

  /** The account, if it is there and the sponsor may do this with it. */
  private permitted(username: string, operation: SponsorCommand['operation'], rights: SponsorRights): GuestAccount {
    const account = this.context.settings.guest(username);
    if (!account) {
      throw new RequestError(404, 'guests.unknown', `there is no guest account ${username}`, 'Check the user name.');
    }
    const forbidden = rights.operationRefusal(operation, account);
    if (forbidden) throw notPermitted(forbidden);
    return account;
  }

  private shown(account: GuestAccount): ShownAccount {
    return { ...withoutPassword(account), state: shownState(account, this.context.clock.now()) };
  }
}

function notPermitted({ code, text }: GuestRefusal): RequestError {
  return new RequestError(403, code, text, 'Ask for another sponsor group, or another sponsor.');
}

function refusedRows(
  refusals: readonly (GuestRefusal & { index: number })[],
  lineOf: (index: number) => number,
): RequestError {
  const mistakes = refusals.map(({ index, field, text }): ImportMistake => {
    const column = importColumnOf(field);
    return { line: lineOf(index), ...(column === undefined ? {} : { column }), text };
  });
  const told = importRefused(mistakes);
  return refusedImport(told.mistakes, told.mistakesInAll);
}

/** The report on a file: nothing of it was imported. */
function refusedImport(mistakes: readonly ImportMistake[], mistakesInAll: number): RequestError {
  const lines = mistakes.map(({ line, column, text }) => `Line ${line}${column ? `, ${column}` : ''}: ${text}`);
  const more = mistakesInAll > mistakes.length ? ` And ${mistakesInAll - mistakes.length} more.` : '';
  const remedy = 'Correct the file and import it again: nothing of it was taken.';
  const evidence = { mistakes, mistakesInAll };
  return new RequestError(400, 'guests.import-refused', lines.join(' ') + more, remedy, evidence);
}

function portalMessage(done: string, outcome: SendingOutcome | undefined): string {
  switch (outcome?.kind) {
    case undefined:
    case 'accepted':
      return done;
    case 'not-sent':
      return outcome.reason;
    case 'refused':
    case 'retrying':
    case 'unknown':
    case 'withdrawn':
    case 'expired':
      return 'Unable to send email notification';
  }
}
