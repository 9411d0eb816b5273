import { Get, Header, Post, Redirect, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { IMPORT_TEMPLATE } from '#libs/guests';
import { SponsorPortalService } from '../psn/sponsor-portal.service.ts';
import { SponsorPagesController } from './portal-controller.ts';
import { SponsorCreation } from './sponsor-creation.ts';
import { knownForm, randomForm, readForm, typedOf } from './typed-forms.ts';
import { languageOf, wordsIn } from './words.ts';

/** "Create Accounts": Known and Random. */
@SponsorPagesController('sponsorportal')
export class SponsorCreateController {
  constructor(
    private readonly sponsors: SponsorPortalService,
    private readonly creation: SponsorCreation,
  ) {}

  @Get('create')
  @Redirect('/sponsorportal/create/known', 303)
  create(): void {}

  @Get('create/known')
  known(@Req() request: Request, @Res() response: Response): void {
    this.creation.show('known', request, response);
  }

  @Post('create/known')
  createKnown(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.creation.create('known', request, response, async (sponsor, choice) => {
      const fields = readForm(knownForm, typedOf(request));
      const { account, message, mail } = await this.sponsors.create(this.creation.requestOf(fields), sponsor, choice);
      const { username: guest } = account;
      const label = `${wordsIn(languageOf(request)).print} ${guest}`;
      const mayPrint = this.sponsors.rightsOf(sponsor).has('canViewGuestPasswords');
      return {
        text: `${message}: ${guest}`,
        lang: 'en',
        isWarning: mail !== undefined && mail !== 'accepted',
        links: mayPrint ? [{ href: `/sponsorportal/print?${new URLSearchParams({ guest }).toString()}`, label }] : [],
      };
    });
  }

  @Get('create/random')
  random(@Req() request: Request, @Res() response: Response): void {
    this.creation.show('random', request, response);
  }

  @Post('create/random')
  createRandom(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.creation.create('random', request, response, async (sponsor, choice) => {
      const { count, prefix, ...fields } = readForm(randomForm, typedOf(request));
      const random = { ...this.creation.requestOf(fields), count, prefix };
      return { text: (await this.sponsors.createRandom(random, sponsor, choice)).message, lang: 'en' };
    });
  }

  @Get('create/import')
  import(@Req() request: Request, @Res() response: Response): void {
    this.creation.show('import', request, response);
  }

  @Get('import-template.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="guests.csv"')
  template(): string {
    return IMPORT_TEMPLATE;
  }
}
