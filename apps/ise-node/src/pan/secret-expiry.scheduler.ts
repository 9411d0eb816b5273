import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { DEFAULT_SECRET_EXPIRY_POLICY, secretExpiryAlarm, type SecretExpiryNotice } from '#libs/alarms';
import { typedExpiryAt } from '#libs/settings';
import { AlarmRaiser } from '../cluster/alarm-raiser.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

/** The two secret alarms, by the date that was typed on the SMTP Server page (SPEC S4), evaluated once a day. */
@Injectable()
export class SecretExpiryScheduler {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
    private readonly alarms: AlarmRaiser,
  ) {}

  @Cron('0 0 1 * * *', { utcOffset: 0 })
  async evaluate(): Promise<void> {
    const { clock, settings, store, isPrimaryPan } = this.context;
    const stored = settings.storedSmtpServer;
    if (!isPrimaryPan || stored?.authentication !== 'oauth') return;
    const last = store.get<SecretExpiryNotice>(CONFIG_KEYS.secretNotice);
    const policy = { ...DEFAULT_SECRET_EXPIRY_POLICY, thresholdsDays: settings.secretAlarms.thresholdsDays };
    const notice = secretExpiryAlarm(typedExpiryAt(stored), clock.now(), last, policy);
    if (!notice) return;
    this.config.write(CONFIG_KEYS.secretNotice, notice);
    await this.alarms.raise(notice.alarm, `client ${stored.clientId}, expiry date ${stored.expiryDate}`);
  }
}
