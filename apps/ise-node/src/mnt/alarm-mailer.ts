import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  AlarmLog,
  alarmRecipients,
  alarmRule,
  alarmSender,
  reasonNotToMail,
  type AlarmEntry,
  type EffectiveAlarmRule,
} from '#libs/alarms';
import type { MailEnd } from '#libs/mail-submission';
import { LOGGERS } from '#libs/node-log';
import { composeAlarm } from '#libs/notification';
import { ClusterPeers } from '../cluster/cluster-peers.ts';
import { PeerBacklog } from '../cluster/peer-backlog.ts';
import { failureText } from '../mail/failure-text.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';

/** The thread that mails alarms (fact sheet ise 1.4 item 2). */
const WORKER_THREAD = 'MnT-AlarmWorkerMail-Threadpool-0';

/**
 * E4: the active Monitoring node mails alarms, and tells the other one beforehand and afterwards, so that whichever is
 * active knows which alarms nobody has taken on yet.
 */
@Injectable()
export class AlarmMailer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly backlog: PeerBacklog<'alarm.mirror'>;
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly alarms: AlarmLog,
    peers: ClusterPeers,
  ) {
    const { clock } = context;
    this.backlog = new PeerBacklog({
      clock,
      peers,
      pattern: 'alarm.mirror',
      isWanted: (peer) => peer === this.otherMnt(),
    });
    context.onMailEnd((mail, end) => this.mailEnded(mail.id, end));
  }

  onApplicationBootstrap(): void {
    this.stopListening = this.context.store.onChange(({ key }) => {
      if (key === CONFIG_KEYS.deployment) this.mailPending();
    });
    this.mailPending();
  }

  onApplicationShutdown(): void {
    this.stopListening?.();
    this.backlog.stop();
  }

  /** Mails the alarm if this is the active MnT, and if anybody is to get it. */
  take(entry: AlarmEntry): void {
    const { isActiveMnt, log } = this.context;
    if (isActiveMnt) void log.onThread({ thread: WORKER_THREAD }, () => this.mail(entry));
  }

  /** What came while this node was not the active MnT, and was not taken on by the one that was. */
  private mailPending(): void {
    if (!this.context.isActiveMnt) return;
    for (const entry of this.alarms.list({ delivery: 'pending' }).reverse()) this.take(entry);
  }

  private async mail(entry: AlarmEntry): Promise<void> {
    const { clock, definition, journal, settings } = this.context;
    const { name } = entry;
    const rule = alarmRule(name, settings.alarms);
    const recipients = alarmRecipients(entry, settings.alarms, settings.adminUsers);
    const lastMailedAt = rule.emailFrequencyMinutes > 0 ? this.alarms.lastMailedAt(name) : undefined;
    const reason = reasonNotToMail(rule, recipients, clock.now(), lastMailedAt);
    if (reason) {
      const unticked = settings.adminUsers.filter(({ emailAddress, enabled }) => emailAddress && enabled).length;
      journal.record({ kind: 'alarm.not-mailed', node: definition.name, name, reason, unticked });
      return this.update(entry.id, { delivery: 'not-mailed', reason });
    }
    const mailedAt = clock.now();
    await this.update(entry.id, { delivery: 'sending', mailedBy: definition.name, mailedAt });
    await this.submit(entry, rule, recipients);
  }

  private async submit(entry: AlarmEntry, rule: EffectiveAlarmRule, recipients: readonly string[]): Promise<void> {
    const { clock, definition, log, mailer, settings } = this.context;
    const from = alarmSender(settings.alarms, definition.fqdn, rule);
    const jobLog = log.logger(LOGGERS.mailJob);
    const sessionLog = log.logger(LOGGERS.smtpSession);
    jobLog.debug(`sendAlarmMail: alarm ${entry.name}`);
    jobLog.debug(`sendAlarmMail: severity ${entry.severity}, node ${entry.node}`);
    jobLog.debug(`sendAlarmMail: sender ${from}`);
    await clock.sleep(12);
    jobLog.debug(`sendAlarmMail: ${recipients.length} recipient(s)`);
    sessionLog.debug(`getSession: SMTP server ${settings.storedSmtpServer?.smtpServer ?? '(none)'}`);
    jobLog.debug('sendAlarmMail: submitting');
    const groups = settings.alarms.oneMailPerRecipient ? recipients.map((each) => [each]) : [recipients];
    for (const to of groups) {
      const mail = composeAlarm({ alarm: entry, from, to, emailText: rule.emailText });
      const outcome = await mailer.sendQuietly(mail, (id) => {
        const mails = this.alarms.find(entry.id)?.mails ?? [];
        void this.update(entry.id, { mails: [...mails, id] });
      });
      if (outcome.kind === 'not-sent') this.told(entry, 'undeliverable', outcome.reason);
      if (outcome.kind === 'retrying') this.told(entry, 'retrying', failureText(outcome.failure));
    }
  }

  private mailEnded(mail: string, end: MailEnd): void {
    const entry = this.alarms.ofMail(mail);
    if (!entry) return;
    if (end.kind === 'given-up') this.told(entry, 'undeliverable', failureText(end.failure));
    else if (entry.delivery !== 'undeliverable') this.told(entry, 'sent');
  }

  private told({ id, name }: AlarmEntry, delivery: 'retrying' | 'sent' | 'undeliverable', reason?: string): void {
    const { definition, journal } = this.context;
    const because = reason === undefined ? {} : { reason };
    journal.record({ kind: 'alarm.mailed', node: definition.name, name, delivery, ...because });
    void this.update(id, { delivery, reason });
  }

  /** Here, and on the other MnT: resolves when that one knows, or can't be reached. */
  async update(id: string, changes: Parameters<AlarmLog['change']>[1]): Promise<void> {
    const entry = this.alarms.change(id, changes);
    const other = this.otherMnt();
    if (entry && other !== undefined) await this.backlog.send(other, entry);
  }

  private otherMnt(): string | undefined {
    const { definition, settings } = this.context;
    const { activeMnt, standbyMnt } = settings.deployment;
    return [activeMnt, standbyMnt].find((node) => node !== undefined && node.name !== definition.name)?.name;
  }
}
