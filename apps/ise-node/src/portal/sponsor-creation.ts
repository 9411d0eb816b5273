import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { GuestAccountRequest } from '#libs/guests';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';
import { PortalThreads } from '../psn/portal-threads.ts';
import { SponsorPortalService, type NotificationChoice } from '../psn/sponsor-portal.service.ts';
import { createForm, type Way } from './create-forms.ts';
import { sponsorOf } from './portal-controller.ts';
import { PortalPages } from './portal-pages.ts';
import type { Flash } from './portal-session.ts';
import { SponsorNotices } from './sponsor-notices.ts';
import { typedInstant } from './typed-command.ts';
import { choiceOf, typedOf } from './typed-forms.ts';
import { languageOf, wordsIn } from './words.ts';

const DAY_MS = 86_400_000;

interface TypedValidity {
  readonly validFrom?: string | undefined;
  readonly validDays?: number | undefined;
}

/** What the three forms of "Create Accounts" have in common. */
@Injectable()
export class SponsorCreation {
  constructor(
    private readonly context: NodeContext,
    private readonly sponsors: SponsorPortalService,
    private readonly threads: PortalThreads,
    private readonly notices: SponsorNotices,
    private readonly pages: PortalPages,
  ) {}

  show(way: Way, request: Request, response: Response, refusal?: RequestError): void {
    const { guestTypes, guestAccess } = this.context.settings;
    const page = createForm({
      way,
      words: wordsIn(languageOf(request)),
      rights: this.sponsors.rightsOf(sponsorOf(request)),
      guestTypes: guestTypes.map(({ name }) => name),
      locations: guestAccess.locations.map(({ name }) => name),
      timeZone: guestAccess.timeZone,
    });
    this.pages.form(request, response, page, {
      portal: 'sponsorPortal',
      tab: 'create',
      ...(refusal ? { refusal, typed: typedOf(request) } : {}),
    });
  }

  /** Creates by `work`, which says what to tell the sponsor on the list of accounts; or shows the form again. */
  async create(
    way: Way,
    request: Request,
    response: Response,
    work: (sponsor: string, choice: NotificationChoice) => Promise<Flash>,
  ): Promise<void> {
    const sponsor = sponsorOf(request);
    try {
      const choice = choiceOf(typedOf(request));
      const flash = await this.threads.run(sponsor, () => work(sponsor, choice));
      this.notices.add(sponsor, flash.text);
      request.session.flash = flash;
      response.redirect(303, '/sponsorportal/accounts');
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.show(way, request, response, error);
    }
  }

  /** The typed validity as the service takes it; times are those of the deployment. @throws RequestError 400 */
  requestOf<Fields extends TypedValidity>({
    validFrom,
    validDays,
    ...fields
  }: Fields): Omit<Fields, keyof TypedValidity> & GuestAccountRequest {
    const from = typedInstant('validFrom', validFrom, this.context.settings.guestAccess.timeZone);
    return {
      ...fields,
      ...(from === undefined ? {} : { validFrom: from }),
      ...(validDays === undefined ? {} : { durationMs: Math.round(validDays * DAY_MS) }),
    };
  }
}
