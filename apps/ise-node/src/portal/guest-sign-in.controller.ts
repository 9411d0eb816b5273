import { Get, Header, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { readFileSync } from 'node:fs';
import { operationRefusal, type GuestAccount } from '#libs/guests';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';
import { GuestPortalService } from '../psn/guest-portal.service.ts';
import { PortalThreads } from '../psn/portal-threads.ts';
import type { FormPage } from './form-page.ts';
import { PagesController } from './portal-controller.ts';
import { PortalLimits } from './portal-limits.ts';
import { PortalPages } from './portal-pages.ts';
import { destroySession, regenerateSession } from './portal-session.ts';
import { signInPage } from './sign-in-page.ts';
import { mistyped, passwordForm, readForm, signInForm, typedOf } from './typed-forms.ts';
import { languageOf, wordsIn } from './words.ts';

const STYLES = readFileSync(new URL('./templates/portal.css', import.meta.url), 'utf8');

/** The guest portal: signing in, and a password of one's own. */
@PagesController('portal')
export class GuestSignInController {
  constructor(
    private readonly context: NodeContext,
    private readonly guests: GuestPortalService,
    private readonly threads: PortalThreads,
    private readonly limits: PortalLimits,
    private readonly pages: PortalPages,
  ) {}

  @Get('assets/portal.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('Cache-Control', 'public, max-age=600')
  styles(): string {
    return STYLES;
  }

  @Get()
  home(@Req() request: Request, @Res() response: Response): void {
    const account = this.signedIn(request);
    if (account) this.showAccount(request, response, account);
    else this.showSignIn(request, response);
  }

  @Post('sign-in')
  async signIn(@Req() request: Request, @Res() response: Response): Promise<void> {
    try {
      const { username, password } = readForm(signInForm, typedOf(request));
      this.limits.signIn(request, username);
      const account = await this.threads.run('guest', () => this.guests.signIn(username, password));
      await regenerateSession(request);
      request.session.guest = { username: account.username };
      response.redirect(303, '/portal');
    } catch (error) {
      // 401 is for HTTP's own authentication (RFC 9110, 15.5.2); this is a form.
      const refusal = asRefusal(error, 403);
      this.showSignIn(request, response, refusal);
    }
  }

  @Post('password')
  async changePassword(@Req() request: Request, @Res() response: Response): Promise<void> {
    const account = this.signedIn(request);
    if (!account) return response.redirect(303, '/portal');
    const words = wordsIn(languageOf(request));
    try {
      const { password, newPassword, repeated } = readForm(passwordForm, typedOf(request));
      if (newPassword !== repeated) {
        throw mistyped([{ code: 'portal.passwords-differ', text: words.passwordsDiffer, field: 'repeated' }]);
      }
      const { username } = account;
      this.limits.signIn(request, username);
      await this.threads.run('guest', () => this.guests.changePassword(username, password, newPassword));
      await regenerateSession(request);
      request.session.guest = { username };
      request.session.flash = { text: words.passwordChanged };
      response.redirect(303, '/portal');
    } catch (error) {
      const refusal = asRefusal(error, 403);
      this.showAccount(request, response, account, refusal);
    }
  }

  @Post('sign-out')
  async signOut(@Req() request: Request, @Res() response: Response): Promise<void> {
    await destroySession(request);
    response.redirect(303, '/portal');
  }

  /** The signed-in guest, as long as the account may be used. */
  private signedIn({ session }: Request): GuestAccount | undefined {
    const { clock, settings } = this.context;
    const account = session.guest && settings.guest(session.guest.username);
    if (account && !operationRefusal(account, 'firstLogin', clock.now())) return account;
    delete session.guest;
    return undefined;
  }

  private showSignIn(request: Request, response: Response, refusal?: RequestError): void {
    const words = wordsIn(languageOf(request));
    const page = signInPage(words, {
      action: '/portal/sign-in',
      links: [{ href: '/portal/self-registration', label: words.registerLink }],
    });
    this.pages.form(request, response, page, {
      portal: 'guestPortal',
      ...(refusal ? { refusal, typed: typedOf(request) } : {}),
    });
  }

  private showAccount(request: Request, response: Response, account: GuestAccount, refusal?: RequestError): void {
    const language = languageOf(request);
    const words = wordsIn(language);
    const timeZone = this.context.settings.guestAccess.timeZoneOf(account);
    const format = new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'long', timeStyle: 'short' });
    const secret = (name: string, label: string, autocomplete: string) =>
      ({ name, label, type: 'password', autocomplete, required: true }) as const;
    const page: FormPage = {
      title: words.welcome,
      intro: [words.signedInText],
      facts: [
        { label: words.username, value: account.username },
        { label: words.validTo, value: `${format.format(account.validTo)} (${timeZone})` },
      ],
      action: '/portal/password',
      groups: [
        {
          legend: words.changePassword,
          fields: [
            secret('password', words.currentPassword, 'current-password'),
            secret('newPassword', words.newPassword, 'new-password'),
            secret('repeated', words.repeatPassword, 'new-password'),
          ],
        },
      ],
      submit: words.changePassword,
    };
    this.pages.form(request, response, page, { portal: 'guestPortal', ...(refusal ? { refusal } : {}) });
  }
}

/** A refusal to show above the form, with `unauthorized` instead of 401. */
function asRefusal(error: unknown, unauthorized: 403): RequestError {
  if (!(error instanceof RequestError)) throw error;
  if (error.status !== 401) return error;
  const { remedy, evidence } = error.detail;
  return new RequestError(unauthorized, error.code, error.message, remedy, evidence);
}
