import { Body, Controller, Get, Put, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { guestLocationSchema } from '#libs/guests';
import type { PasswordPolicies } from '#libs/identities';
import {
  guestEmailSettingsSchema,
  proxySettingsSchema,
  retrySettingsSchema,
  MASKED_SECRET,
  type GuestEmailSettings,
  type ProxySettings,
  type RetrySettings,
} from '#libs/settings';
import { GUEST_ACCESS_KEYS } from '../guest-access-settings.ts';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

const passwordPolicySchema = z
  .strictObject({
    lifetimeDays: z.int().min(1).max(3650),
    reminderDays: z.int().min(1).max(3650),
    furtherReminderDays: z.array(z.int().min(1).max(3650)).max(20).optional(),
    disableAtEnd: z.boolean().optional(),
  })
  .refine(
    ({ lifetimeDays, reminderDays, furtherReminderDays = [] }) =>
      Math.max(reminderDays, ...furtherReminderDays) < lifetimeDays,
    'the reminder must come before the end',
  );
const passwordPoliciesSchema = z.strictObject({ admin: passwordPolicySchema, internal: passwordPolicySchema });

const timeZoneSchema = guestLocationSchema.pick({ timeZone: true });

/** The settings pages besides SMTP Server. */
@Controller('isebed/v1')
@UseGuards(AdminGuard)
export class SystemSettingsController {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {}

  @Get('proxy')
  proxy(): ProxySettings {
    const { password, ...shown } = this.context.settings.proxy;
    return password === undefined ? shown : { ...shown, password: MASKED_SECRET };
  }

  @Put('proxy')
  saveProxy(@Body(new ZodPipe(proxySettingsSchema)) settings: ProxySettings): ProxySettings {
    this.config.write(CONFIG_KEYS.proxy, settings);
    return this.proxy();
  }

  @Get('guest-email-settings')
  guestEmail(): GuestEmailSettings {
    return this.context.settings.guestEmail;
  }

  @Put('guest-email-settings')
  saveGuestEmail(@Body(new ZodPipe(guestEmailSettingsSchema)) settings: GuestEmailSettings): GuestEmailSettings {
    this.config.write(CONFIG_KEYS.guestEmail, settings);
    return settings;
  }

  @Get('password-policies')
  passwordPolicies(): PasswordPolicies {
    return this.context.settings.passwordPolicies;
  }

  @Put('password-policies')
  savePasswordPolicies(@Body(new ZodPipe(passwordPoliciesSchema)) policies: PasswordPolicies): PasswordPolicies {
    this.config.write(CONFIG_KEYS.passwordPolicies, policies);
    return policies;
  }

  @Put('retry-settings')
  saveRetry(@Body(new ZodPipe(retrySettingsSchema)) settings: RetrySettings): RetrySettings {
    this.config.write(CONFIG_KEYS.retry, settings);
    return settings;
  }

  /** Of the deployment: that of all mails but to guests with a location. In the product it is set up on the command line. */
  @Get('time-zone')
  timeZone(): { timeZone: string } {
    return { timeZone: this.context.settings.guestAccess.timeZone };
  }

  @Put('time-zone')
  saveTimeZone(@Body(new ZodPipe(timeZoneSchema)) { timeZone }: z.infer<typeof timeZoneSchema>): { timeZone: string } {
    this.config.write(GUEST_ACCESS_KEYS.timeZone, timeZone);
    return { timeZone };
  }
}
