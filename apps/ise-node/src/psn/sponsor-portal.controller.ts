import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { IMPORT_OCTETS_MAX, IMPORT_TEMPLATE, type GuestAccountRequest } from '#libs/guests';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { commandSchema, guestFields, notificationChoice, validity } from './portal-forms.ts';
import { PortalThreads } from './portal-threads.ts';
import {
  SponsorPortalService,
  type BatchAnswer,
  type OperationsAnswer,
  type PortalAnswer,
  type ShownAccount,
} from './sponsor-portal.service.ts';

const DAY_MS = 86_400_000;

const text = z.string().max(256).optional();
const createSchema = z.strictObject({ ...notificationChoice, ...guestFields, ...validity, username: text });
const common = { ...notificationChoice, ...validity, location: text, ssid: text, groupTag: text };
const randomSchema = z.strictObject({
  ...common,
  count: z.int().min(1).max(10_000),
  prefix: z.string().max(32).default(''),
  notificationLanguage: text,
});
const importSchema = z.strictObject({ ...common, csv: z.string().max(IMPORT_OCTETS_MAX) });
const resendSchema = z.strictObject(notificationChoice);
const operationsSchema = z.strictObject({
  ...notificationChoice,
  guests: z.array(z.string().min(1)).min(1).max(10_000),
  command: commandSchema,
});
const sponsorQuery = z.object({ sponsor: z.string().min(1) });
type SponsorQuery = z.infer<typeof sponsorQuery>;

/** The sponsor portal's buttons as an API of our own: the sponsor is named, not logged in; the caller administers. */
@Controller('isebed/v1/sponsor-portal')
@UseGuards(AdminGuard)
export class SponsorPortalController {
  constructor(
    private readonly threads: PortalThreads,
    private readonly portal: SponsorPortalService,
  ) {}

  @Get('guests')
  guests(@Query(new ZodPipe(sponsorQuery)) { sponsor }: SponsorQuery): ShownAccount[] {
    return this.portal.manageable(sponsor);
  }

  @Get('pending')
  pending(@Query(new ZodPipe(sponsorQuery)) { sponsor }: SponsorQuery): ShownAccount[] {
    return this.portal.pending(sponsor);
  }

  @Get('import-template')
  @Header('content-type', 'text/csv; charset=utf-8')
  template(): string {
    return IMPORT_TEMPLATE;
  }

  @Get('guests/:username/print')
  @Header('content-type', 'text/html; charset=utf-8')
  print(@Param('username') username: string, @Query(new ZodPipe(sponsorQuery)) { sponsor }: SponsorQuery): string {
    return this.portal.print(username, sponsor);
  }

  @Post('guests')
  create(@Body(new ZodPipe(createSchema)) body: z.infer<typeof createSchema>): Promise<PortalAnswer> {
    const { sponsor, choice, rest } = split(body);
    return this.threads.run(sponsor, () => this.portal.create(requestOf(rest), sponsor, choice));
  }

  @Post('guests/random')
  createRandom(@Body(new ZodPipe(randomSchema)) body: z.infer<typeof randomSchema>): Promise<BatchAnswer> {
    const { sponsor, choice, rest } = split(body);
    const { count, prefix, ...fields } = rest;
    return this.threads.run(sponsor, () =>
      this.portal.createRandom({ ...requestOf(fields), count, prefix }, sponsor, choice),
    );
  }

  @Post('guests/import')
  import(@Body(new ZodPipe(importSchema)) body: z.infer<typeof importSchema>): Promise<BatchAnswer> {
    const { sponsor, choice, rest } = split(body);
    const { csv, ...fields } = rest;
    return this.threads.run(sponsor, () => this.portal.import({ ...requestOf(fields), csv }, sponsor, choice));
  }

  @Post('guests/:username/resend')
  @HttpCode(200)
  resend(
    @Param('username') username: string,
    @Body(new ZodPipe(resendSchema)) body: z.infer<typeof resendSchema>,
  ): Promise<PortalAnswer> {
    const { sponsor, choice } = split(body);
    return this.threads.run(sponsor, () => this.portal.resend(username, sponsor, choice));
  }

  /** The other buttons, for the chosen accounts. */
  @Post('operations')
  @HttpCode(200)
  perform(@Body(new ZodPipe(operationsSchema)) body: z.infer<typeof operationsSchema>): Promise<OperationsAnswer> {
    const { sponsor, choice, rest } = split(body);
    return this.threads.run(sponsor, () => this.portal.perform(rest.guests, rest.command, sponsor, choice));
  }
}

function split<Body extends z.infer<typeof resendSchema>>({
  sponsor,
  copyMe,
  sendSummary,
  notify,
  sponsorEmail,
  ...rest
}: Body) {
  return { sponsor, choice: { copyMe, sendSummary, notify, sponsorEmail }, rest };
}

function requestOf<Fields extends { validFrom?: string | undefined; validDays?: number | undefined }>({
  validFrom,
  validDays,
  ...fields
}: Fields): Omit<Fields, 'validFrom' | 'validDays'> & GuestAccountRequest {
  return {
    ...fields,
    ...(validFrom === undefined ? {} : { validFrom: Date.parse(validFrom) }),
    ...(validDays === undefined ? {} : { durationMs: validDays * DAY_MS }),
  };
}
