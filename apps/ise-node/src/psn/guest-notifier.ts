import { Injectable } from '@nestjs/common';
import type { ApprovalTokens, GuestAccount, GuestNotice, Sponsor } from '#libs/guests';
import {
  composeApprovalRequest,
  composeGuestApproval,
  composeGuestCredentials,
  composeGuestNotice,
  composeSponsorSummary,
  printGuestCredentials,
  type Composition,
  type PortalTexts,
} from '#libs/notification';
import { SPONSOR_PORTAL } from '../guest-access-settings.ts';
import type { SendingOutcome } from '../mail/node-mailer.ts';
import { NodeContext } from '../node-context.ts';

/** The page that approval links open (our choice). */
const APPROVAL_LINK_PATH = '/portal/approval';

/** E3: the mails of the portals, from the PSN that served them. */
@Injectable()
export class GuestNotifier {
  constructor(private readonly context: NodeContext) {}

  /** Tells the guest; `copyTo` is the sponsor's address if "Copy me" is ticked. */
  tell(
    notice: GuestNotice,
    account: GuestAccount,
    { sponsor, copyTo }: { sponsor?: Sponsor | undefined; copyTo?: string | undefined } = {},
  ): Promise<SendingOutcome> {
    return this.context.mailer.send(this.noticeMail(notice, account, { sponsor, copyTo }));
  }

  /** "Send me a summary": one mail, however many accounts. `to`: the address typed in the dialog. */
  summarize(action: string, accounts: readonly GuestAccount[], sponsor: Sponsor, to?: string): Promise<SendingOutcome> {
    const { mailer, settings } = this.context;
    const { guestEmail, guestAccess } = settings;
    const { timeZone } = guestAccess;
    return mailer.send(composeSponsorSummary({ action, accounts, sponsor, settings: guestEmail, to, timeZone }));
  }

  /** Asks the approvers, in one mail with two links that lead to this node's portal. */
  askForApproval(account: GuestAccount, approvers: readonly string[], tokens: ApprovalTokens): Promise<SendingOutcome> {
    const { mailer, settings } = this.context;
    return mailer.send(
      composeApprovalRequest({
        account,
        approvers,
        settings: settings.guestEmail,
        links: { approve: this.linkOf(tokens.approve), deny: this.linkOf(tokens.deny) },
        timeZone: settings.guestAccess.timeZoneOf(account),
        texts: this.textsOf(account),
      }),
    );
  }

  /** "Print": the page to hand to the guest. */
  print(account: GuestAccount): string {
    const timeZone = this.context.settings.guestAccess.timeZoneOf(account);
    return printGuestCredentials({ account, timeZone, texts: this.textsOf(account) });
  }

  private noticeMail(
    notice: GuestNotice,
    account: GuestAccount,
    whom: { sponsor?: Sponsor | undefined; copyTo?: string | undefined },
  ): Composition {
    const { guestEmail, guestAccess } = this.context.settings;
    const options = {
      account,
      settings: guestEmail,
      timeZone: guestAccess.timeZoneOf(account),
      texts: this.textsOf(account),
      ...whom,
    };
    switch (notice) {
      case 'credentials':
        return composeGuestCredentials(options);
      case 'approved':
        return composeGuestApproval(options);
      default:
        return composeGuestNotice(notice, options);
    }
  }

  private textsOf({ portalId }: GuestAccount): PortalTexts {
    return this.context.settings.guestAccess.portalTexts(portalId ?? SPONSOR_PORTAL);
  }

  private linkOf(token: string): string {
    const { definition, portalPort } = this.context;
    return `https://${definition.fqdn}:${portalPort}${APPROVAL_LINK_PATH}?token=${token}`;
  }
}
