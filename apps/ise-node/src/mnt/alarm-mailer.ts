import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  AlarmLog,
  alarmRecipients,
  alarmRule,
  alarmSender,
  reasonNotToMail,
  type AlarmEntry,
  type AlarmInstance,
  type EffectiveAlarmRule,
} from '#libs/alarms';
import type { MailEnd } from '#libs/mail-submission';
import { LOGGERS } from '#libs/node-log';
import { composeAlarm } from '#libs/notification';
import type { Position } from '#libs/replication';
import { ClusterPeers } from '../cluster/cluster-peers.ts';
import { MntWatch } from '../cluster/mnt-watch.ts';
import { PeerBacklog } from '../cluster/peer-backlog.ts';
import { failureText } from '../mail/failure-text.ts';
import { NodeContext } from '../node-context.ts';
import { AlarmClaims, hasMails, otherMnt, UNCLAIMED } from './alarm-claims.ts';

/** The thread that mails alarms (fact sheet ise 1.4 item 2). */
const WORKER_THREAD = 'MnT-AlarmWorkerMail-Threadpool-0';

/** Milliseconds after which the standby asks what has become of an alarm that nobody mails. */
const UNDECIDED_MS_MAX = 120_000;

/**
 * E4: the active Monitoring node mails alarms, and tells the other one beforehand and afterwards, so that whichever is
 * active knows which alarms nobody has taken on yet.
 */
@Injectable()
export class AlarmMailer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly backlog: PeerBacklog<'alarm.mirror'>;

  constructor(
    private readonly context: NodeContext,
    private readonly alarms: AlarmLog,
    private readonly claims: AlarmClaims,
    private readonly peers: ClusterPeers,
    private readonly mntWatch: MntWatch,
  ) {
    const { clock, database } = context;
    this.backlog = new PeerBacklog({
      clock,
      database,
      peers,
      pattern: 'alarm.mirror',
      isWanted: (peer) => peer === otherMnt(this.context),
    });
    context.onMailEnd((mail, end) => this.mailEnded(mail.id, end));
  }

  onApplicationBootstrap(): void {
    this.context.roles.onChange(() => this.mailPending());
    this.mailPending();
  }

  onApplicationShutdown(): void {
    this.backlog.stop();
  }

  /** Mails the alarm if this is the active MnT, and if anybody is to get it. */
  take(entry: AlarmEntry): void {
    const { clock, isActiveMnt, log } = this.context;
    if (isActiveMnt) void log.onThread({ thread: WORKER_THREAD }, () => this.mail(entry));
    else clock.after(UNDECIDED_MS_MAX, () => void this.remind(entry.id));
  }

  /** What has become of the alarm, as the other MnT has it. */
  mirror(entry: AlarmEntry): void {
    const unclaimed = this.claims.mirror(entry);
    if (unclaimed) this.take(unclaimed);
  }

  /** The other MnT asks to mail this alarm: gives back the entry of this one if it may not. */
  judge(entry: AlarmEntry, asking: Position): AlarmEntry | undefined {
    const kept = this.claims.judge(entry, asking);
    if (kept?.delivery === 'pending') this.take(kept);
    return kept;
  }

  /** The active MnT should have taken it on long ago: does it know of it, and is it there at all? */
  private async remind(id: string): Promise<void> {
    const entry = this.alarms.find(id);
    const { isActiveMnt, settings } = this.context;
    if (entry?.delivery !== 'pending' || isActiveMnt) return;
    const active = settings.deployment.activeMnt.name;
    const question = { alarm: instanceOf(entry), late: entry.mayBeMailed ?? false };
    const isTold = await this.peers.ask(active, 'alarm.raise', question).then(
      () => true,
      () => false,
    );
    if (!isTold) await this.mntWatch.lost(active);
  }

  /** What came while this node was not the active MnT, and was not taken on by the one that was. */
  private mailPending(): void {
    const { definition, isActiveMnt } = this.context;
    // Taken on by this node, and not handed to its queue when it ended.
    for (const entry of this.alarms.list({ delivery: 'sending' }).reverse()) {
      if (entry.mailedBy !== definition.name || hasMails(entry)) continue;
      if (isActiveMnt) this.take(entry);
      else void this.update(entry.id, UNCLAIMED);
    }
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
      return void this.update(entry.id, { delivery: 'not-mailed', reason });
    }
    const claim = await this.claims.claim(entry.id);
    if (claim === 'mine') return this.submit(entry, rule, recipients);
    if (claim === 'taken') return;
    await this.update(entry.id, UNCLAIMED);
    clock.after(UNDECIDED_MS_MAX, () => this.retake(entry.id));
  }

  private retake(id: string): void {
    const entry = this.alarms.find(id);
    if (entry?.delivery === 'pending') this.take(entry);
  }

  private async submit(entry: AlarmEntry, rule: EffectiveAlarmRule, recipients: readonly string[]): Promise<void> {
    const { clock, definition, log, mailer, settings } = this.context;
    const from = alarmSender(settings.alarms, definition.fqdn, rule);
    const { timeZone } = settings.guestAccess;
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
      const mail = composeAlarm({ alarm: entry, from, to, emailText: rule.emailText, timeZone });
      const outcome = await mailer.sendQuietly(mail, {
        queued: (id) => {
          const mails = this.alarms.find(entry.id)?.mails ?? [];
          void this.update(entry.id, { mails: [...mails, id] });
        },
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
  async update(id: string, changes: Parameters<AlarmLog['change']>[1]): Promise<AlarmEntry | undefined> {
    const entry = this.alarms.change(id, changes);
    const other = otherMnt(this.context);
    if (entry && other !== undefined) await this.backlog.send(other, entry);
    return entry;
  }
}

function instanceOf({ id, name, severity, node, subject, raisedAt, details }: AlarmEntry): AlarmInstance {
  return { id, name, severity, node, subject, raisedAt, details };
}
