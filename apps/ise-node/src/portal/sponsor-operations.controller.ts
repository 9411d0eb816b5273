import { Get, NotFoundException, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { GuestAccount } from '#libs/guests';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';
import { PortalThreads } from '../psn/portal-threads.ts';
import { SelfRegistrationService } from '../psn/self-registration.service.ts';
import { SponsorPortalService, type OperationsAnswer } from '../psn/sponsor-portal.service.ts';
import { isButtonOperation, type ButtonOperation, type ListName } from './account-list.ts';
import { handsOver, operationDialog } from './operation-dialog.ts';
import { sponsorOf, SponsorPagesController } from './portal-controller.ts';
import { PortalPages } from './portal-pages.ts';
import type { Flash } from './portal-session.ts';
import { SponsorNotices } from './sponsor-notices.ts';
import { typedCommand } from './typed-command.ts';
import { choiceOf, chosenForm, mistyped, readForm, typedOf } from './typed-forms.ts';
import { languageOf, wordsIn, type Words } from './words.ts';

type ShownAccount = Omit<GuestAccount, 'password'>;

/** What was clicked, for which accounts, and where. */
interface Chosen {
  readonly operation: ButtonOperation;
  readonly from: ListName;
  readonly usernames: readonly string[];
}

/** The buttons of the sponsor portal's lists: each opens a dialog, and the dialog is what does it. */
@SponsorPagesController('sponsorportal')
export class SponsorOperationsController {
  constructor(
    private readonly context: NodeContext,
    private readonly sponsors: SponsorPortalService,
    private readonly registrations: SelfRegistrationService,
    private readonly threads: PortalThreads,
    private readonly pages: PortalPages,
    private readonly notices: SponsorNotices,
  ) {}

  @Get('accounts/dialog')
  dialog(@Req() request: Request, @Res() response: Response, @Query() query: Record<string, unknown>): void {
    const chosen = chosenOf(query);
    const words = wordsIn(languageOf(request));
    const isTooMany = chosen.operation === 'edit' && chosen.usernames.length > 1;
    if (chosen.usernames.length === 0 || isTooMany) {
      request.session.flash = { text: isTooMany ? words.chooseOnlyOne : words.chooseOne, isWarning: true };
      return response.redirect(303, `/sponsorportal/${chosen.from}`);
    }
    this.show(request, response, chosen);
  }

  @Post('operations')
  async perform(@Req() request: Request, @Res() response: Response): Promise<void> {
    const chosen = chosenOf(typedOf(request));
    try {
      request.session.flash = await this.performChosen(request, chosen);
      response.redirect(303, `/sponsorportal/${chosen.from}`);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.show(request, response, chosen, error);
    }
  }

  private async performChosen(request: Request, { operation, usernames }: Chosen): Promise<Flash> {
    const words = wordsIn(languageOf(request));
    const sponsor = sponsorOf(request);
    const typed = typedOf(request);
    const prints = handsOver(operation) && 'print' in typed ? usernames : [];
    const choice = choiceOf(typed);
    if (handsOver(operation)) choice.notify = 'email' in typed;
    if (operation === 'resend' && !choice.notify) {
      if (prints.length === 0)
        throw mistyped([{ code: 'portal.no-delivery', text: words.chooseDelivery, field: 'email' }]);
      return { text: words.print, links: printLinks(prints, words) };
    }
    const [first] = this.accountsOf(sponsor, usernames);
    if (!first) throw new NotFoundException();
    const command = typedCommand(operation, typed, first, this.timeZoneOf(first));
    const answer = await this.threads.run(sponsor, () => this.sponsors.perform(usernames, command, sponsor, choice));
    const done = answer.results.filter(({ outcome }) => outcome === 'done').map(({ username }) => username);
    const flash = flashOf(answer, operation);
    this.notices.add(
      sponsor,
      `${flash.text} (${usernames.slice(0, 10).join(', ')}${usernames.length > 10 ? ', …' : ''})`,
    );
    return prints.length === 0
      ? flash
      : {
          ...flash,
          links: printLinks(
            done.filter((name) => prints.includes(name)),
            words,
          ),
        };
  }

  private show(request: Request, response: Response, chosen: Chosen, refusal?: RequestError): void {
    const sponsor = sponsorOf(request);
    const accounts = this.accountsOf(sponsor, chosen.usernames);
    const [first] = accounts;
    if (!first) throw refusal ?? new NotFoundException();
    const { guestTypes, guestAccess } = this.context.settings;
    const decides = chosen.operation === 'approve' || chosen.operation === 'deny';
    const page = operationDialog({
      ...chosen,
      accounts,
      rights: this.sponsors.rightsOf(sponsor),
      words: wordsIn(languageOf(request)),
      guestTypes: guestTypes.map(({ name }) => name),
      locations: guestAccess.locations.map(({ name }) => name),
      timeZone: this.timeZoneOf(first),
      notifies: decides && this.registrations.notifies(first),
    });
    this.pages.form(request, response, page, {
      portal: 'sponsorPortal',
      tab: chosen.from,
      ...(refusal ? { refusal, typed: typedOf(request) } : {}),
    });
  }

  /** Those of the named accounts that the sponsor sees in his lists. */
  private accountsOf(sponsor: string, usernames: readonly string[]): ShownAccount[] {
    const listed = [...this.sponsors.manageable(sponsor), ...this.sponsors.pending(sponsor)];
    return usernames.flatMap((username) => listed.find((account) => account.username === username) ?? []);
  }

  private timeZoneOf(account: ShownAccount): string {
    return this.context.settings.guestAccess.timeZoneOf(account);
  }
}

/** @throws NotFoundException for a button that is not there */
function chosenOf(typed: Readonly<Record<string, unknown>>): Chosen {
  const { operation, from } = typed;
  if (!isButtonOperation(operation)) throw new NotFoundException();
  const usernames = [...new Set(readForm(chosenForm, typed).guests)];
  return { operation, from: from === 'pending' ? 'pending' : 'accounts', usernames };
}

function flashOf({ message, results, mail }: OperationsAnswer, operation: ButtonOperation): Flash {
  const refused = results.flatMap(({ refusal }) => refusal?.text ?? []);
  const isUnsent = mail !== undefined && mail !== 'accepted';
  // The message of Resend is what became of its mail.
  const unsent = isUnsent && operation !== 'resend' ? ['The email to the guest could not be sent.'] : [];
  return { text: [message, ...unsent, ...refused].join('. '), lang: 'en', isWarning: isUnsent || refused.length > 0 };
}

function printLinks(usernames: readonly string[], words: Words): { href: string; label: string }[] {
  return usernames.map((guest) => ({
    href: `/sponsorportal/print?${new URLSearchParams({ guest }).toString()}`,
    label: `${words.print} ${guest}`,
  }));
}
