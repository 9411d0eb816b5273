import { Get, NotFoundException, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { NodeContext } from '../node-context.ts';
import { SponsorPortalService } from '../psn/sponsor-portal.service.ts';
import { accountListView, type ListName } from './account-list.ts';
import { sponsorOf, SponsorPagesController } from './portal-controller.ts';
import { PortalPages } from './portal-pages.ts';
import { SponsorNotices } from './sponsor-notices.ts';
import { languageOf, wordsIn } from './words.ts';

/** The lists of the sponsor portal, and what is printed. */
@SponsorPagesController('sponsorportal')
export class SponsorAccountsController {
  constructor(
    private readonly context: NodeContext,
    private readonly sponsors: SponsorPortalService,
    private readonly notices: SponsorNotices,
    private readonly pages: PortalPages,
  ) {}

  @Get('accounts')
  accounts(@Req() request: Request, @Res() response: Response, @Query() query: Record<string, unknown>): void {
    this.list('accounts', request, response, query);
  }

  @Get('pending')
  pending(@Req() request: Request, @Res() response: Response, @Query() query: Record<string, unknown>): void {
    this.list('pending', request, response, query);
  }

  @Get('notices')
  noticesPage(@Req() request: Request, @Res() response: Response): void {
    const language = languageOf(request);
    const { timeZone } = this.context.settings.guestAccess;
    const format = new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    const notices = this.notices.of(sponsorOf(request)).map(({ at, text }) => ({
      at: new Date(at).toISOString(),
      time: format.format(at),
      text,
    }));
    const model = { title: wordsIn(language).notices, notices };
    this.pages.send(request, response, 'notices', model, { portal: 'sponsorPortal', tab: 'notices' });
  }

  @Get('print')
  print(@Req() request: Request, @Res() response: Response, @Query('guest') guest: unknown): void {
    if (typeof guest !== 'string') throw new NotFoundException();
    response.type('html').send(this.sponsors.print(guest, sponsorOf(request)));
  }

  private list(list: ListName, request: Request, response: Response, query: Record<string, unknown>): void {
    const sponsor = sponsorOf(request);
    const { clock, settings } = this.context;
    const view = accountListView({
      list,
      accounts: list === 'accounts' ? this.sponsors.manageable(sponsor) : this.sponsors.pending(sponsor),
      query: { filter: textOf(query['filter']), state: textOf(query['state']), page: pageOf(query['page']) },
      rights: this.sponsors.rightsOf(sponsor),
      language: languageOf(request),
      now: clock.now(),
      timeZoneOf: (account) => settings.guestAccess.timeZoneOf(account),
    });
    this.pages.send(request, response, 'accounts', view, { portal: 'sponsorPortal', tab: list });
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 256) : '';
}

function pageOf(value: unknown): number {
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : 1;
}
