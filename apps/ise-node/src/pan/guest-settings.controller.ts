import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import {
  guestLocationSchema,
  guestPasswordPolicySchema,
  guestPurgePolicySchema,
  guestTypeSchema,
  guestUsernamePolicySchema,
  selfRegistrationPortalSchema,
  sponsorGroupSchema,
  type GuestLocation,
  type GuestPasswordPolicy,
  type GuestPurgePolicy,
  type GuestType,
  type GuestUsernamePolicy,
  type SelfRegistrationPortal,
  type Sponsor,
  type SponsorGroup,
} from '#libs/guests';
import { GUEST_TEXT_KINDS, type GuestText } from '#libs/notification';
import { SELF_REGISTRATION_PORTAL } from '../guest-access-settings.ts';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { NodeContext } from '../node-context.ts';
import { GuestSettingsService } from './guest-settings.service.ts';

const DAY_MS = 86_400_000;

/** As the page shows it: in days. What is absent has the default of a new type. */
const guestTypePageSchema = z.strictObject({
  name: guestTypeSchema.shape.name,
  maxAccountDurationDays: z.int().min(1).max(999).default(365),
  defaultDurationDays: z.int().min(1).max(999).default(90),
  fromFirstLogin: z.boolean().optional(),
  allowGuestPortalBypass: z.boolean().default(false),
  accessTimes: guestTypeSchema.shape.accessTimes,
  loginOptions: guestTypeSchema.shape.loginOptions,
  expirationNotification: z
    .strictObject({
      advanceMs: z.int().min(60_000),
      text: z.string().max(4096).default(''),
      texts: z.record(z.string(), z.string().max(4096)).optional(),
    })
    .optional(),
});
const sponsorSchema = z.strictObject({
  username: z.string().regex(/^[^\s\p{Cc}/]{1,64}$/u, '1 to 64 characters, no blanks or slashes'),
  emailAddress: z.email().optional(),
  password: z.string().min(8).max(128).optional(),
  groups: z.array(z.string()).optional(),
});
const portalTextSchema = z.strictObject({
  portal: z.string().default(SELF_REGISTRATION_PORTAL),
  language: z.string().trim().min(1).max(64).default('English'),
  kind: z.enum(GUEST_TEXT_KINDS),
  subject: z.string().trim().min(1).max(256),
  body: z.string().trim().min(1).max(16_384),
});

/** The settings pages of Work Centers > Guest Access. */
@Controller('isebed/v1')
@UseGuards(AdminGuard)
export class GuestSettingsController {
  constructor(
    private readonly context: NodeContext,
    private readonly pages: GuestSettingsService,
  ) {}

  @Get('guest-types')
  types(): GuestType[] {
    return this.context.settings.guestTypes;
  }

  @Put('guest-types')
  saveType(@Body(new ZodPipe(guestTypePageSchema)) body: z.infer<typeof guestTypePageSchema>): GuestType {
    const { maxAccountDurationDays, defaultDurationDays, expirationNotification: notification, ...rest } = body;
    return this.pages.saveType({
      ...rest,
      durationMsMax: maxAccountDurationDays * DAY_MS,
      defaultDurationMs: Math.min(defaultDurationDays, maxAccountDurationDays) * DAY_MS,
      expirationNotification: {
        ...notification,
        enabled: notification !== undefined,
        sendEmail: true,
        advanceMs: notification?.advanceMs ?? 3 * DAY_MS,
        text: notification?.text ?? '',
      },
    });
  }

  @Delete('guest-types/:name')
  @HttpCode(204)
  deleteType(@Param('name') name: string): void {
    this.pages.deleteType(name);
  }

  @Get('sponsor-groups')
  sponsorGroups(): SponsorGroup[] {
    return this.context.settings.guestAccess.sponsorGroups;
  }

  @Put('sponsor-groups')
  saveSponsorGroup(@Body(new ZodPipe(sponsorGroupSchema)) group: z.infer<typeof sponsorGroupSchema>): SponsorGroup {
    return this.pages.saveSponsorGroup(group);
  }

  @Delete('sponsor-groups/:name')
  @HttpCode(204)
  deleteSponsorGroup(@Param('name') name: string): void {
    this.pages.deleteSponsorGroup(name);
  }

  @Get('sponsors')
  sponsors(): Omit<Sponsor, 'passwordHash'>[] {
    return this.context.settings.sponsors.map(({ passwordHash: _hash, ...sponsor }) => sponsor);
  }

  @Post('sponsors')
  addSponsor(@Body(new ZodPipe(sponsorSchema)) sponsor: z.infer<typeof sponsorSchema>): Omit<Sponsor, 'passwordHash'> {
    return this.pages.saveSponsor(sponsor);
  }

  @Get('guest-locations')
  locations(): GuestLocation[] {
    return this.context.settings.guestAccess.locations;
  }

  @Put('guest-locations')
  saveLocation(@Body(new ZodPipe(guestLocationSchema)) location: GuestLocation): GuestLocation {
    return this.pages.saveLocation(location);
  }

  @Get('guest-username-policy')
  usernamePolicy(): GuestUsernamePolicy {
    return this.context.settings.guestAccess.usernamePolicy;
  }

  @Put('guest-username-policy')
  saveUsernamePolicy(@Body(new ZodPipe(guestUsernamePolicySchema)) policy: GuestUsernamePolicy): GuestUsernamePolicy {
    return this.pages.saveUsernamePolicy(policy);
  }

  @Get('guest-password-policy')
  passwordPolicy(): GuestPasswordPolicy {
    return this.context.settings.guestAccess.passwordPolicy;
  }

  @Put('guest-password-policy')
  savePasswordPolicy(@Body(new ZodPipe(guestPasswordPolicySchema)) policy: GuestPasswordPolicy): GuestPasswordPolicy {
    return this.pages.savePasswordPolicy(policy);
  }

  @Get('guest-purge-policy')
  purgePolicy(): GuestPurgePolicy {
    return this.context.settings.guestAccess.purgePolicy;
  }

  @Put('guest-purge-policy')
  savePurgePolicy(
    @Body(new ZodPipe(guestPurgePolicySchema)) policy: z.infer<typeof guestPurgePolicySchema>,
  ): GuestPurgePolicy {
    return this.pages.savePurgePolicy(policy);
  }

  @Get('self-registration-portals')
  portals(): SelfRegistrationPortal[] {
    return this.context.settings.guestAccess.selfRegistrationPortals;
  }

  @Put('self-registration-portals')
  savePortal(
    @Body(new ZodPipe(selfRegistrationPortalSchema)) portal: z.infer<typeof selfRegistrationPortalSchema>,
  ): SelfRegistrationPortal {
    return this.pages.saveSelfRegistrationPortal(portal);
  }

  /** Portal Page Customization > Notifications: the words of one notification in one language. */
  @Put('portal-texts')
  savePortalText(@Body(new ZodPipe(portalTextSchema)) body: z.infer<typeof portalTextSchema>): GuestText {
    const { portal, language, kind, subject, body: text } = body;
    return this.pages.savePortalText(portal, language, kind, { subject, body: `${text}\n` });
  }
}
