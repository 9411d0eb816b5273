import { Get, NotFoundException, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { SelfRegistrationPortal } from '#libs/guests';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';
import { PortalThreads } from '../psn/portal-threads.ts';
import { SelfRegistrationService } from '../psn/self-registration.service.ts';
import type { FormPage } from './form-page.ts';
import { guestFieldList } from './guest-field-list.ts';
import { PagesController } from './portal-controller.ts';
import { PortalLimits } from './portal-limits.ts';
import { PortalPages, type MessagePage } from './portal-pages.ts';
import { readForm, registrationForm, typedOf } from './typed-forms.ts';
import { languageOf, wordsIn, type Language, type Words } from './words.ts';

const NOTIFICATION_LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', de: 'German', es: 'Spanish' };

/** The self-registration portal; `?portal=` names one besides the built-in. */
@PagesController('portal/self-registration')
export class SelfRegistrationController {
  constructor(
    private readonly context: NodeContext,
    private readonly registrations: SelfRegistrationService,
    private readonly threads: PortalThreads,
    private readonly limits: PortalLimits,
    private readonly pages: PortalPages,
  ) {}

  @Get()
  form(@Req() request: Request, @Res() response: Response, @Query('portal') name: unknown): void {
    this.show(request, response, this.portalNamed(name));
  }

  @Post()
  async register(@Req() request: Request, @Res() response: Response): Promise<void> {
    const portal = this.portalNamed(typedOf(request)['portal']);
    try {
      this.limits.selfRegistration(request);
      const { portal: _named, ...registration } = readForm(registrationForm, typedOf(request));
      const { account, pending, mail } = await this.threads.run('guest', () =>
        this.registrations.register(registration, portal.name),
      );
      const { username, password } = account;
      request.session.registered = {
        username,
        password,
        isPending: pending,
        portal: portal.name,
        ...(mail === undefined ? {} : { mail }),
      };
      response.redirect(303, '/portal/self-registration/done');
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.show(request, response, portal, error);
    }
  }

  @Get('done')
  done(@Req() request: Request, @Res() response: Response): void {
    const { registered } = request.session;
    if (!registered) return response.redirect(303, '/portal/self-registration');
    const words = wordsIn(languageOf(request));
    const page = registeredPage(registered, this.portalNamed(registered.portal), words);
    this.pages.message(request, response, page, { portal: 'guestPortal' });
  }

  /** @throws NotFoundException */
  private portalNamed(name: unknown): SelfRegistrationPortal {
    const given = typeof name === 'string' && name !== '' ? name : undefined;
    const portal = this.context.settings.guestAccess.selfRegistrationPortal(given);
    if (!portal) throw new NotFoundException();
    return portal;
  }

  private show(request: Request, response: Response, portal: SelfRegistrationPortal, refusal?: RequestError): void {
    const language = languageOf(request);
    const words = wordsIn(language);
    const approvedByHost = portal.requireGuestApproval && portal.sendApprovalRequestTo === 'PERSONBEINGVISITED';
    const locations = this.context.settings.guestAccess.locations.map(({ name }) => name);
    const fields = guestFieldList({
      words,
      locations,
      isOwn: true,
      required: ['emailAddress', ...(approvedByHost ? (['personBeingVisited'] as const) : [])],
    });
    const page: FormPage = {
      title: words.register,
      intro: [words.registerIntro],
      action: '/portal/self-registration',
      hidden: [{ name: 'portal', value: portal.name }],
      groups: [
        {
          fields: fields.map((field) =>
            field.name === 'notificationLanguage' ? { ...field, value: NOTIFICATION_LANGUAGES[language] } : field,
          ),
        },
      ],
      submit: words.register,
      cancel: '/portal',
    };
    this.pages.form(request, response, page, {
      portal: 'guestPortal',
      ...(refusal ? { refusal, typed: typedOf(request) } : {}),
    });
  }
}

interface Registered {
  readonly username: string;
  readonly password: string;
  readonly isPending: boolean;
  readonly mail?: string;
}

/**
 * What follows a registration. With LOGINPAGEWITHINSTRUCTIONS the credentials come by mail alone; a URL is a link, since a
 * browser that sent a form under this page's policy follows no redirect to elsewhere (our choices).
 */
function registeredPage(registered: Registered, portal: SelfRegistrationPortal, words: Words): MessagePage {
  const { username, password, isPending, mail } = registered;
  const isSent = mail === 'accepted';
  if (isPending) {
    const told = portal.credentialNotificationUsingEmail ? words.pendingText : words.pendingTextNoMail;
    return { title: words.pending, paragraphs: [{ text: isSent ? told : words.requestNotMailed }] };
  }
  const mailText = isSent ? words.credentialsMailed : words.credentialsNotMailed;
  const paragraphs = mail === undefined ? [] : [{ text: mailText }];
  const { postRegistrationRedirect: next, postRegistrationRedirectUrl: url } = portal;
  const links = [
    { href: '/portal', label: words.signIn },
    ...(next === 'URL' && url !== undefined && /^https?:/.test(url) ? [{ href: url, label: words.goOn }] : []),
  ];
  if (next === 'LOGINPAGEWITHINSTRUCTIONS' && isSent) return { title: words.registered, paragraphs, links };
  return {
    title: words.registered,
    paragraphs: [{ text: words.registeredText }, ...paragraphs],
    facts: [
      { label: words.username, value: username },
      { label: words.password, value: password },
    ],
    links,
  };
}
