import { Get, Post, Redirect, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';
import { SponsorPortalService } from '../psn/sponsor-portal.service.ts';
import { PagesController } from './portal-controller.ts';
import { PortalLimits } from './portal-limits.ts';
import { PortalPages } from './portal-pages.ts';
import { destroySession, regenerateSession } from './portal-session.ts';
import { signInPage } from './sign-in-page.ts';
import { readForm, signInForm, typedOf } from './typed-forms.ts';
import { languageOf, wordsIn } from './words.ts';

/** Signing in to the sponsor portal, and out. */
@PagesController('sponsorportal')
export class SponsorAccessController {
  constructor(
    private readonly context: NodeContext,
    private readonly sponsors: SponsorPortalService,
    private readonly limits: PortalLimits,
    private readonly pages: PortalPages,
  ) {}

  @Get()
  @Redirect('/sponsorportal/accounts', 303)
  home(): void {}

  @Get('sign-in')
  signInForm(@Req() request: Request, @Res() response: Response): void {
    if (request.session.sponsor) return response.redirect(303, '/sponsorportal/accounts');
    this.show(request, response);
  }

  @Post('sign-in')
  async signIn(@Req() request: Request, @Res() response: Response): Promise<void> {
    try {
      const { username, password } = readForm(signInForm, request.body);
      this.limits.signIn(request, username);
      if (!this.sponsors.signIn(username, password)) {
        throw new RequestError(403, 'guests.sign-in-failed', 'Invalid username or password', 'Try again.');
      }
      const { approvalToken } = request.session;
      await regenerateSession(request);
      request.session.sponsor = {
        username,
        passwordHash: this.context.settings.sponsor(username)?.passwordHash ?? '',
      };
      const next = approvalToken === undefined ? '/sponsorportal/accounts' : approvalPath(approvalToken);
      response.redirect(303, next);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.show(request, response, error);
    }
  }

  @Post('sign-out')
  async signOut(@Req() request: Request, @Res() response: Response): Promise<void> {
    await destroySession(request);
    response.redirect(303, '/sponsorportal/sign-in');
  }

  private show(request: Request, response: Response, refusal?: RequestError): void {
    const page = signInPage(wordsIn(languageOf(request)), { action: '/sponsorportal/sign-in' });
    this.pages.form(request, response, page, {
      portal: 'sponsorPortal',
      ...(refusal ? { refusal, typed: typedOf(request) } : {}),
    });
  }
}

/** Back to the page of an approval link. */
function approvalPath(token: string): string {
  return `/portal/approval?${new URLSearchParams({ token }).toString()}`;
}
