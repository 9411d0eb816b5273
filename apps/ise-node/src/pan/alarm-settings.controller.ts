import { Body, Controller, Get, Param, Put, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import {
  ALARM_CATALOGUE,
  alarmRule,
  alarmRuleSchema,
  alarmSettingsSchema,
  alarmThresholdsSchema,
  type AlarmDefinition,
  type AlarmSettings,
  type AlarmThresholds,
  type EffectiveAlarmRule,
} from '#libs/alarms';
import { secretAlarmSettingsSchema, type SecretAlarmSettings } from '#libs/settings';
import { AdminGuard } from '../http/admin.guard.ts';
import { RequestError } from '../http/request-error.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

const notificationSchema = z.strictObject({
  /** null: none, as it is before anybody sets it. */
  sender: z.email().nullable().optional(),
  oneMailPerRecipient: z.boolean().optional(),
});

/** A row of Alarm Configuration (columns: fact sheet ise 4.1), with what its edit dialog shows. */
export interface AlarmRow extends Pick<
  AlarmDefinition,
  'name' | 'category' | 'severity' | 'description' | 'suggestedAction'
> {
  readonly status: 'Enabled' | 'Disabled' | 'Muted';
  readonly userDefined: false;
  readonly rule: EffectiveAlarmRule;
}

/** Administration > System > Settings > Alarm Settings: the tabs Alarm Configuration and Alarm Notification. */
@Controller('isebed/v1')
@UseGuards(AdminGuard)
export class AlarmSettingsController {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {}

  @Get('alarm-settings')
  settings(): AlarmSettings {
    return this.context.settings.alarms;
  }

  /** Both tabs as a whole. */
  @Put('alarm-settings')
  save(@Body(new ZodPipe(alarmSettingsSchema)) settings: AlarmSettings): AlarmSettings {
    this.config.write(CONFIG_KEYS.alarms, settings);
    return settings;
  }

  /** Alarm Notification; what is absent stays. */
  @Put('alarm-settings/notification')
  saveNotification(@Body(new ZodPipe(notificationSchema)) typed: z.infer<typeof notificationSchema>): AlarmSettings {
    const { settings } = this.context;
    const sender = typed.sender === undefined ? settings.alarms.sender : (typed.sender ?? undefined);
    return this.save({ ...settings.alarms, ...typed, sender });
  }

  @Get('alarm-settings/alarms')
  rows(): AlarmRow[] {
    return ALARM_CATALOGUE.map((alarm) => this.rowOf(alarm));
  }

  @Get('alarm-settings/alarms/:name')
  row(@Param('name') name: string): AlarmRow {
    return this.rowOf(this.find(name));
  }

  /** The edit dialog of one alarm; what is absent stays. */
  @Put('alarm-settings/alarms/:name')
  saveRule(
    @Param('name') name: string,
    @Body(new ZodPipe(alarmRuleSchema)) typed: z.infer<typeof alarmRuleSchema>,
  ): AlarmRow {
    const alarm = this.find(name);
    const { alarms } = this.context.settings;
    this.save({ ...alarms, perAlarm: { ...alarms.perAlarm, [name]: { ...alarms.perAlarm[name], ...typed } } });
    return this.rowOf(alarm);
  }

  @Put('secret-alarm-settings')
  saveSecretAlarms(@Body(new ZodPipe(secretAlarmSettingsSchema)) settings: SecretAlarmSettings): SecretAlarmSettings {
    this.config.write(CONFIG_KEYS.secretAlarms, settings);
    return settings;
  }

  @Get('alarm-thresholds')
  thresholds(): AlarmThresholds {
    return this.context.settings.alarmThresholds;
  }

  @Put('alarm-thresholds')
  saveThresholds(@Body(new ZodPipe(alarmThresholdsSchema)) thresholds: AlarmThresholds): AlarmThresholds {
    this.config.write(CONFIG_KEYS.alarmThresholds, thresholds);
    return thresholds;
  }

  private rowOf({ name, category, severity, description, suggestedAction }: AlarmDefinition): AlarmRow {
    const rule = alarmRule(name, this.context.settings.alarms);
    const status = rule.enabled ? (rule.muted ? 'Muted' : 'Enabled') : 'Disabled';
    return { name, category, severity, description, suggestedAction, status, userDefined: false, rule };
  }

  private find(name: string): AlarmDefinition {
    const found = ALARM_CATALOGUE.find((alarm) => alarm.name === name);
    if (found) return found;
    throw new RequestError(404, 'alarms.unknown', `there is no alarm "${name}"`, 'Use a name of the alarm catalogue.');
  }
}
