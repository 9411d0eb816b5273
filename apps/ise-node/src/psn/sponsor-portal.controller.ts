import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import type { GuestAccountRequest } from '#libs/guests';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { NodeContext } from '../node-context.ts';
import { SponsorPortalService, type NotificationChoice, type PortalAnswer } from './sponsor-portal.service.ts';

const DAY_MS = 86_400_000;
const PORTAL_POOL_THREADS = 40;

const choice = {
  sponsor: z.string().min(1),
  copyMe: z.boolean().default(false),
  sendSummary: z.boolean().default(false),
};
const text = z.string().max(256).optional();
const createSchema = z.strictObject({
  ...choice,
  username: text,
  firstName: text,
  lastName: text,
  emailAddress: text,
  mobileNumber: text,
  company: text,
  personBeingVisited: text,
  reasonForVisit: text,
  guestType: text,
  validFrom: z.iso.datetime().optional(),
  validDays: z.number().positive().max(999).optional(),
});
const resendSchema = z.strictObject(choice);

/** The sponsor portal's buttons. Simplified: the sponsor is named, not logged in; the caller is an administrator. */
@Controller('isebed/v1/sponsor-portal/guests')
@UseGuards(AdminGuard)
export class SponsorPortalController {
  constructor(
    private readonly context: NodeContext,
    private readonly portal: SponsorPortalService,
  ) {}

  @Post()
  create(@Body(new ZodPipe(createSchema)) body: z.infer<typeof createSchema>): Promise<PortalAnswer> {
    const { sponsor, copyMe, sendSummary, validFrom, validDays, ...fields } = body;
    const request: GuestAccountRequest = {
      ...fields,
      ...(validFrom === undefined ? {} : { validFrom: Date.parse(validFrom) }),
      ...(validDays === undefined ? {} : { durationMs: validDays * DAY_MS }),
    };
    return this.onPortalThread(sponsor, () => this.portal.create(request, sponsor, { copyMe, sendSummary }));
  }

  @Post(':username/resend')
  @HttpCode(200)
  resend(
    @Param('username') username: string,
    @Body(new ZodPipe(resendSchema)) { sponsor, ...ticked }: { sponsor: string } & NotificationChoice,
  ): Promise<PortalAnswer> {
    return this.onPortalThread(sponsor, () => this.portal.resend(username, sponsor, ticked));
  }

  private onPortalThread<T>(user: string, work: () => T): T {
    const { journal, log, random } = this.context;
    const number = random.stream(`portal/${journal.lastSeq}`).integer(1, PORTAL_POOL_THREADS);
    return log.onThread({ thread: `portal-http-pool${number}`, user }, work);
  }
}
