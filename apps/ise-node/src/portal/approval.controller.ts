import { Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { followApprovalLink, type GuestAccount } from '#libs/guests';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';
import { PortalThreads } from '../psn/portal-threads.ts';
import { SelfRegistrationService } from '../psn/self-registration.service.ts';
import { SponsorPortalService } from '../psn/sponsor-portal.service.ts';
import type { Fact, FormPage } from './form-page.ts';
import { labelOf } from './guest-field-list.ts';
import { PagesController } from './portal-controller.ts';
import { PortalLimits } from './portal-limits.ts';
import { PortalPages } from './portal-pages.ts';
import { approvalForm, GUEST_FIELDS, readForm, typedOf } from './typed-forms.ts';
import { languageOf, wordsIn, type Words } from './words.ts';

interface Decision {
  readonly token: string;
  readonly account: GuestAccount;
  readonly operation: 'approve' | 'deny';
}

/**
 * The page behind the links of an approval mail. Opening it decides nothing, since mail scanners open every link: that
 * takes its button.
 */
@PagesController('portal/approval')
export class ApprovalController {
  constructor(
    private readonly context: NodeContext,
    private readonly registrations: SelfRegistrationService,
    private readonly sponsors: SponsorPortalService,
    private readonly threads: PortalThreads,
    private readonly limits: PortalLimits,
    private readonly pages: PortalPages,
  ) {}

  @Get()
  ask(@Req() request: Request, @Res() response: Response, @Query('token') token: unknown): void {
    const decision = this.decisionOf(request, typeof token === 'string' ? token.slice(0, 256) : '');
    if (this.needsSignIn(request, decision)) {
      request.session.approvalToken = decision.token;
      return response.redirect(303, '/sponsorportal/sign-in');
    }
    this.show(request, response, decision);
  }

  @Post()
  async decide(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { token, reason } = readForm(approvalForm, typedOf(request));
    const decision = this.decisionOf(request, token);
    if (this.needsSignIn(request, decision)) return response.redirect(303, '/sponsorportal/sign-in');
    try {
      const { decision: made } = await this.threads.run('approver', () =>
        this.registrations.decideByLink(token, reason),
      );
      const words = wordsIn(languageOf(request));
      request.session.flash = { text: made === 'approved' ? words.decisionApproved : words.decisionDenied };
      response.redirect(303, '/portal/approval/done');
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 400) throw error;
      this.show(request, response, decision, error);
    }
  }

  @Get('done')
  done(@Req() request: Request, @Res() response: Response): void {
    const title = wordsIn(languageOf(request)).approvalRequest;
    this.pages.message(request, response, { title, paragraphs: [] }, { portal: 'guestPortal' });
  }

  /** @throws RequestError 409 for a link that decides nothing any more, 429 */
  private decisionOf(request: Request, token: string): Decision {
    this.limits.approval(request);
    const { clock, settings } = this.context;
    const found = followApprovalLink(token, settings.guests, clock.now());
    if (found.kind === 'found') return { token, account: found.account, operation: found.operation };
    const { code, text } = found.refusal;
    throw new RequestError(409, code, text, 'Look at the pending accounts of the sponsor portal.');
  }

  /** `requireApproverToAuthenticate`. @throws RequestError 403 for a sponsor who may not decide */
  private needsSignIn({ session }: Request, { account, operation }: Decision): boolean {
    const portal = this.context.settings.guestAccess.selfRegistrationPortal(account.portalId);
    if (!portal?.requireApproverToAuthenticate) return false;
    const sponsor = session.sponsor && this.context.settings.sponsor(session.sponsor.username);
    if (!sponsor || sponsor.passwordHash !== session.sponsor?.passwordHash) return true;
    const refusal = this.sponsors.rightsOf(sponsor.username).operationRefusal(operation, account);
    if (refusal) throw new RequestError(403, refusal.code, refusal.text, 'Ask for another sponsor group.');
    return false;
  }

  private show(request: Request, response: Response, decision: Decision, refusal?: RequestError): void {
    const words = wordsIn(languageOf(request));
    this.pages.form(request, response, approvalPage(decision, words), {
      portal: 'guestPortal',
      ...(refusal ? { refusal, typed: typedOf(request) } : {}),
    });
  }
}

function approvalPage({ token, account, operation }: Decision, words: Words): FormPage {
  const facts = GUEST_FIELDS.flatMap((name): Fact[] => {
    const value = account[name] ?? '';
    return value === '' ? [] : [{ label: labelOf(name, words), value }];
  });
  return {
    title: words.approvalRequest,
    intro: [words.approvalHint],
    facts,
    action: '/portal/approval',
    hidden: [{ name: 'token', value: token }],
    groups: operation === 'deny' ? [{ fields: [{ name: 'reason', label: words.reason }] }] : [],
    submit: words[operation],
    isDangerous: operation === 'deny',
  };
}
