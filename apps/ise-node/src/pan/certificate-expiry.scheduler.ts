import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { X509Certificate } from 'node:crypto';
import {
  CERTIFICATE_EXPIRATION,
  CERTIFICATE_EXPIRED,
  expiryNotice,
  type ExpiryNotice,
  type ExpiryPolicy,
} from '#libs/alarms';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { DailyJobs } from './daily-jobs.ts';
import { DutyAlarms } from './duty-alarms.ts';
import { DutyClaims } from './duty-claims.ts';

/** 01:05 UTC. */
const MINUTE_OF_DAY = 65;

interface WatchedCertificate {
  /** The node that presents it; absent for a trusted certificate, which all of them have. */
  node?: string;
  /** As the page lists it. */
  name: string;
  pem: string;
}

/** Alarms about certificates that end: the trusted ones that are enabled, and those of the nodes; once a day. */
@Injectable()
export class CertificateExpiryScheduler implements OnApplicationBootstrap {
  /** The day's alarms could not be claimed when they were due. */
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
    this.daily.add('certificate-expiry', MINUTE_OF_DAY, () => this.evaluate());
  }

  evaluate(): void {
    const { settings, isPrimaryPan } = this.context;
    this.isWaiting = false;
    if (!isPrimaryPan) return;
    const trusted = settings.trustedCertificates.filter(({ enabled }) => enabled);
    for (const certificate of [...trusted, ...settings.systemCertificates]) this.judge(certificate);
  }

  private judge({ node, name, pem }: WatchedCertificate): void {
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
    const isOver = notice.stage === 'expired';
    const details = `${name} ${isOver ? 'ended' : 'ends'} on ${endsAt.toISOString().slice(0, 10)}`;
    const topic = { subject: name, ...(node === undefined ? {} : { node }) };
    const alarm = { name: isOver ? CERTIFICATE_EXPIRED : CERTIFICATE_EXPIRATION, details, topic };
    const day = new Date(notice.toldAt).toISOString().slice(0, 10);
    if (this.alarms.take(`${key}/${notice.expiresAt}/${day}`, alarm, [[key, notice]]) === 'not-now')
      this.isWaiting = true;
  }
}
