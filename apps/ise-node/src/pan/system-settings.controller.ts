import { Body, Controller, Get, Put, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { ALARM_CATALOGUE, type AlarmSettings } from '#libs/alarms';
import type { PasswordPolicies } from '#libs/identities';
import {
  guestEmailSettingsSchema,
  proxySettingsSchema,
  retrySettingsSchema,
  secretAlarmSettingsSchema,
  MASKED_SECRET,
  type GuestEmailSettings,
  type ProxySettings,
  type RetrySettings,
  type SecretAlarmSettings,
} from '#libs/settings';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

const alarmNames = ALARM_CATALOGUE.map(({ name }) => name);
const alarmSettingsSchema = z.strictObject({
  sender: z.email().optional(),
  perAlarm: z
    .record(
      z.string().refine((name) => alarmNames.includes(name), 'there is no alarm of this name'),
      z.strictObject({ enabled: z.boolean().default(true), addresses: z.array(z.email()).default([]) }),
    )
    .default({}),
});
const passwordPolicySchema = z
  .strictObject({ lifetimeDays: z.int().min(1).max(3650), reminderDays: z.int().min(1).max(3650) })
  .refine(({ lifetimeDays, reminderDays }) => reminderDays < lifetimeDays, 'the reminder must come before the end');
const passwordPoliciesSchema = z.strictObject({ admin: passwordPolicySchema, internal: passwordPolicySchema });

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

  @Get('alarm-settings')
  alarms(): AlarmSettings {
    return this.context.settings.alarms;
  }

  @Put('alarm-settings')
  saveAlarms(@Body(new ZodPipe(alarmSettingsSchema)) settings: z.infer<typeof alarmSettingsSchema>): AlarmSettings {
    this.config.write(CONFIG_KEYS.alarms, settings);
    return settings;
  }

  @Put('secret-alarm-settings')
  saveSecretAlarms(@Body(new ZodPipe(secretAlarmSettingsSchema)) settings: SecretAlarmSettings): SecretAlarmSettings {
    this.config.write(CONFIG_KEYS.secretAlarms, settings);
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
}
