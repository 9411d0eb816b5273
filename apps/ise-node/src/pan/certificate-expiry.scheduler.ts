import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { X509Certificate } from 'node:crypto';
import {
  CERTIFICATE_EXPIRATION,
  CERTIFICATE_EXPIRED,
  expiryNotice,
  type ExpiryNotice,
  type ExpiryPolicy,
} from '#libs/alarms';
import { AlarmRaiser } from '../cluster/alarm-raiser.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

interface WatchedCertificate {
  /** The node that presents it; absent for a trusted certificate, which all of them have. */
  node?: string;
  /** As the page lists it. */
  name: string;
  pem: string;
}

/** Alarms about certificates that end: the trusted ones that are enabled, and those of the nodes; once a day. */
@Injectable()
export class CertificateExpiryScheduler {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
    private readonly alarms: AlarmRaiser,
  ) {}

  @Cron('0 5 1 * * *', { utcOffset: 0 })
  async evaluate(): Promise<void> {
    const { settings, isPrimaryPan } = this.context;
    if (!isPrimaryPan) return;
    const trusted = settings.trustedCertificates.filter(({ enabled }) => enabled);
    for (const certificate of [...trusted, ...settings.systemCertificates]) await this.judge(certificate);
  }

  private async judge({ node, name, pem }: WatchedCertificate): Promise<void> {
    const { clock, settings, store } = this.context;
    const { certificateThresholdsDays: thresholdsDays, certificateDailyWithinDays } = settings.alarmThresholds;
    const policy: ExpiryPolicy = {
      thresholdsDays,
      dailyWithinDays: certificateDailyWithinDays,
      repeatExpired: 'daily',
    };
    const endsAt = new X509Certificate(pem).validToDate;
    const key = CONFIG_KEYS.certificateNotice(node === undefined ? name : `${node}/${name}`);
    const notice = expiryNotice(endsAt.getTime(), clock.now(), policy, store.get<ExpiryNotice>(key));
    if (!notice) return;
    this.config.write(key, notice);
    const isOver = notice.stage === 'expired';
    const details = `${name} ${isOver ? 'ended' : 'ends'} on ${endsAt.toISOString().slice(0, 10)}`;
    const topic = { subject: name, ...(node === undefined ? {} : { node }) };
    await this.alarms.raise(isOver ? CERTIFICATE_EXPIRED : CERTIFICATE_EXPIRATION, details, topic);
  }
}
