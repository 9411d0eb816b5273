import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DEFAULT_SECRET_EXPIRY_POLICY, secretExpiryAlarm, type SecretExpiryNotice } from '#libs/alarms';
import { typedExpiryAt } from '#libs/settings';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { DailyJobs } from './daily-jobs.ts';
import { DutyAlarms } from './duty-alarms.ts';
import { DutyClaims } from './duty-claims.ts';

/** 01:00 UTC. */
const MINUTE_OF_DAY = 60;

/** The two secret alarms, by the date that was typed on the SMTP Server page (SPEC S4), evaluated once a day. */
@Injectable()
export class SecretExpiryScheduler implements OnApplicationBootstrap {
  /** The day's alarm could not be claimed when it was due. */
  private isWaiting = false;

  constructor(
    private readonly context: NodeContext,
    private readonly alarms: DutyAlarms,
    private readonly daily: DailyJobs,
    claims: DutyClaims,
  ) {
    claims.onOpen(() => {
      if (this.isWaiting) this.evaluate();
    });
  }

  onApplicationBootstrap(): void {
    this.daily.add('secret-expiry', MINUTE_OF_DAY, () => this.evaluate());
  }

  evaluate(): void {
    const { clock, settings, store, isPrimaryPan } = this.context;
    const stored = settings.storedSmtpServer;
    if (!isPrimaryPan || stored?.authentication !== 'oauth') return;
    const last = store.get<SecretExpiryNotice>(CONFIG_KEYS.secretNotice);
    const policy = { ...DEFAULT_SECRET_EXPIRY_POLICY, thresholdsDays: settings.secretAlarms.thresholdsDays };
    const notice = secretExpiryAlarm(typedExpiryAt(stored), clock.now(), last, policy);
    if (!notice) return;
    const { expiresAt, thresholdDays, toldAt } = notice;
    const duty = `secret-expiry/${expiresAt}/${thresholdDays}/${new Date(toldAt).toISOString().slice(0, 10)}`;
    const details = `client ${stored.clientId}, expiry date ${stored.expiryDate}`;
    this.isWaiting =
      this.alarms.take(duty, { name: notice.alarm, details }, [[CONFIG_KEYS.secretNotice, notice]]) === 'not-now';
  }
}
