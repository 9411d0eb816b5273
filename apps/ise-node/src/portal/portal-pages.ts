import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import Handlebars from 'handlebars';
import { readFileSync } from 'node:fs';
import { RequestError } from '../http/request-error.ts';
import { SponsorPortalService } from '../psn/sponsor-portal.service.ts';
import { formView, type Fact, type FormPage, type Typed } from './form-page.ts';
import { formTokenOf } from './portal-session.ts';
import { SponsorNotices } from './sponsor-notices.ts';
import { languageOf, wordsIn, type ToldText } from './words.ts';

export type PortalName = 'sponsorPortal' | 'guestPortal';
export type SponsorTab = 'create' | 'accounts' | 'pending' | 'notices';

interface PageOptions {
  readonly portal: PortalName;
  /** The tab of the sponsor portal that the page belongs to. */
  readonly tab?: SponsorTab;
  readonly status?: number;
}

/** Text and links. */
export interface MessagePage {
  readonly title: string;
  readonly paragraphs: readonly ToldText[];
  readonly facts?: readonly Fact[];
  readonly links?: readonly { readonly href: string; readonly label: string }[];
}

/** Everything is escaped by the templates; there is no way around it in them (a test looks for one). */
const handlebars = Handlebars.create();
for (const name of ['form', 'field', 'accounts', 'notices', 'message'])
  handlebars.registerPartial(name, templateOf(name));
const layout = handlebars.compile(templateOf('layout'));

/** Renders the pages of both portals. */
@Injectable()
export class PortalPages {
  constructor(
    private readonly sponsors: SponsorPortalService,
    private readonly notices: SponsorNotices,
  ) {}

  form(
    request: Request,
    response: Response,
    page: FormPage,
    options: PageOptions & { typed?: Typed; refusal?: RequestError },
  ): void {
    const { typed, refusal, ...rest } = options;
    const status = refusal?.status ?? rest.status ?? 200;
    tellWhenToRetry(response, refusal);
    this.send(request, response, 'form', formView(page, languageOf(request), typed, refusal), { ...rest, status });
  }

  message(request: Request, response: Response, page: MessagePage, options: PageOptions): void {
    this.send(request, response, 'message', page, options);
  }

  /** Any of the templates, with the model that it needs. */
  send(
    request: Request,
    response: Response,
    view: 'form' | 'accounts' | 'notices' | 'message',
    model: object,
    { portal, tab, status = 200 }: PageOptions,
  ): void {
    const language = languageOf(request);
    const words = wordsIn(language);
    const { sponsor, guest, flash } = request.session;
    const user = portal === 'sponsorPortal' ? sponsor?.username : guest?.username;
    if (flash) delete request.session.flash;
    const html = layout({
      ...model,
      view,
      words,
      lang: language,
      portalName: words[portal],
      user,
      signOutAction: portal === 'sponsorPortal' ? '/sponsorportal/sign-out' : '/portal/sign-out',
      token: view === 'form' || user !== undefined ? formTokenOf(request) : undefined,
      tabs: portal === 'sponsorPortal' && user !== undefined ? this.tabs(request, user, tab) : undefined,
      flash,
    });
    response.status(status).type('html').send(html);
  }

  private tabs(request: Request, sponsor: string, current: SponsorTab | undefined): object[] {
    const words = wordsIn(languageOf(request));
    const tabs: [SponsorTab, string][] = [
      ['create', words.createAccounts],
      ['accounts', `${words.manageAccounts} (${this.sponsors.manageable(sponsor).length})`],
      ['pending', `${words.pendingAccounts} (${this.sponsors.pending(sponsor).length})`],
      ['notices', `${words.notices} (${this.notices.of(sponsor).length})`],
    ];
    return tabs.map(([tab, label]) => ({ href: `/sponsorportal/${tab}`, label, isCurrent: tab === current }));
  }
}

/** An answer 429 says when to come again (RFC 6585, 4). */
export function tellWhenToRetry(response: Response, error: unknown): void {
  const seconds = error instanceof RequestError ? error.detail.evidence?.['retryAfterSeconds'] : undefined;
  if (typeof seconds === 'number') response.setHeader('Retry-After', String(seconds));
}

function templateOf(name: string): string {
  return readFileSync(new URL(`./templates/${name}.hbs`, import.meta.url), 'utf8');
}
