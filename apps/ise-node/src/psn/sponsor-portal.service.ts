import { Injectable } from '@nestjs/common';
import {
  resendRefusal,
  withoutPassword,
  type GuestAccount,
  type GuestAccountRequest,
  type GuestCreation,
  type Sponsor,
} from '#libs/guests';
import { composeGuestCredentials, composeSponsorSummary } from '#libs/notification';
import { NodeUnreachableError } from '#libs/replication';
import { ClusterPeers } from '../cluster/cluster-peers.ts';
import { RequestError } from '../http/request-error.ts';
import type { SendingOutcome } from '../mail/node-mailer.ts';
import { NodeContext } from '../node-context.ts';

/** What the sponsor ticked in the dialog. */
export interface NotificationChoice {
  copyMe: boolean;
  sendSummary: boolean;
}

/** What the portal tells the sponsor. What a real sponsor sees of a mail that fails is unknown (fact sheet ise 11.7). */
export interface PortalAnswer {
  account: Omit<GuestAccount, 'password'>;
  message: string;
}

/** E3: the sponsor portal as the PSN serves it. Accounts are written on the primary PAN, mail is sent from here. */
@Injectable()
export class SponsorPortalService {
  constructor(
    private readonly context: NodeContext,
    private readonly peers: ClusterPeers,
  ) {}

  async create(request: GuestAccountRequest, sponsorName: string, choice: NotificationChoice): Promise<PortalAnswer> {
    const sponsor = this.sponsorNamed(sponsorName);
    const creation = await this.askPan({ ...request, sponsor: sponsor.username });
    if (creation.kind === 'refused') {
      const [first] = creation.refusals;
      const text = creation.refusals.map((refusal) => refusal.text).join(' ');
      throw new RequestError(400, first?.code ?? 'guests.refused', text, 'Correct the named fields.');
    }
    const outcome = await this.notify(creation.account, sponsor, choice, 'created');
    return { account: withoutPassword(creation.account), message: portalMessage('Account created', outcome) };
  }

  async resend(username: string, sponsorName: string, choice: NotificationChoice): Promise<PortalAnswer> {
    const { clock, settings } = this.context;
    const sponsor = this.sponsorNamed(sponsorName);
    const account = settings.guest(username);
    if (!account) {
      throw new RequestError(404, 'guests.unknown', `there is no guest account ${username}`, 'Check the user name.');
    }
    const refusal = resendRefusal(account, clock.now());
    if (refusal) throw new RequestError(409, refusal.code, refusal.text, 'Create the account anew or extend it.');
    const outcome = await this.notify(account, sponsor, choice, 'resent');
    return { account: withoutPassword(account), message: portalMessage('Credentials sent', outcome) };
  }

  private async askPan(request: GuestAccountRequest): Promise<GuestCreation> {
    const { name } = this.context.settings.deployment.primaryPan;
    try {
      return await this.peers.ask(name, 'guest.create', request);
    } catch (error) {
      if (!(error instanceof NodeUnreachableError)) throw error;
      throw new RequestError(
        503,
        'guests.no-primary-pan',
        'No primary PAN is reachable',
        `Bring ${name} back, or promote the secondary PAN.`,
      );
    }
  }

  private async notify(
    account: GuestAccount,
    sponsor: Sponsor,
    { copyMe, sendSummary }: NotificationChoice,
    action: 'created' | 'resent',
  ): Promise<SendingOutcome> {
    const { mailer, settings } = this.context;
    const copyTo = copyMe ? sponsor.emailAddress : undefined;
    const credentials = composeGuestCredentials({
      account,
      sponsor,
      settings: settings.guestEmail,
      ...(copyTo === undefined ? {} : { copyTo }),
    });
    const outcome = await mailer.send(credentials);
    if (sendSummary) {
      await mailer.send(composeSponsorSummary({ action, accounts: [account], sponsor, settings: settings.guestEmail }));
    }
    return outcome;
  }

  private sponsorNamed(name: string): Sponsor {
    const sponsor = this.context.settings.sponsor(name);
    if (sponsor) return sponsor;
    throw new RequestError(
      404,
      'guests.unknown-sponsor',
      `there is no sponsor ${name}`,
      'Use the login name of a sponsor.',
    );
  }
}

function portalMessage(done: string, outcome: SendingOutcome): string {
  switch (outcome.kind) {
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
