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
import { isAhead, type Position } from '#libs/replication';
import { ClusterPeers } from '../cluster/cluster-peers.ts';
import { MntWatch } from '../cluster/mnt-watch.ts';
import { PeerBacklog } from '../cluster/peer-backlog.ts';
import { failureText } from '../mail/failure-text.ts';
import { NodeContext } from '../node-context.ts';

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
  private readonly claiming = new Set<string>();

  constructor(
    private readonly context: NodeContext,
    private readonly alarms: AlarmLog,
    private readonly peers: ClusterPeers,
    private readonly mntWatch: MntWatch,
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

  /** The other MnT asks to mail this alarm: gives back the entry of this one if it was first. */
  yieldOrKeep(entry: AlarmEntry, asking: Position): AlarmEntry | undefined {
    const { definition, store } = this.context;
    const mine = this.alarms.find(entry.id);
    const isMine = mine?.mailedBy === definition.name && mine.delivery !== 'pending';
    // Of two that both take themselves for the active one, the one with the older configuration is wrong.
    if (isMine && ((mine.mails ?? []).length > 0 || !isAhead(asking, store.position))) return mine;
    this.alarms.mirror(entry);
    return undefined;
  }

  /** Somebody has mailed it, or gives it back. */
  mirror(entry: AlarmEntry): void {
    const { definition } = this.context;
    const mine = this.alarms.find(entry.id);
    if (mine?.mailedBy === definition.name && (mine.mails ?? []).length > 0 && entry.mailedBy !== definition.name)
      return;
    this.alarms.mirror(entry);
    if (entry.delivery === 'pending') this.take(entry);
  }

  /** The active MnT should have taken it on long ago: does it know of it, and is it there at all? */
  private async remind(id: string): Promise<void> {
    const entry = this.alarms.find(id);
    const { isActiveMnt, settings } = this.context;
    if (entry?.delivery !== 'pending' || isActiveMnt) return;
    const active = settings.deployment.activeMnt.name;
    const isTold = await this.peers.ask(active, 'alarm.raise', instanceOf(entry)).then(
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
      if (entry.mailedBy !== definition.name || (entry.mails ?? []).length > 0) continue;
      if (isActiveMnt) this.take(entry);
      else void this.update(entry.id, { delivery: 'pending', mailedBy: undefined });
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
      return this.update(entry.id, { delivery: 'not-mailed', reason });
    }
    if (await this.claim(entry.id)) await this.submit(entry, rule, recipients);
  }

  /** Takes the alarm on, unless the other MnT was first. */
  private async claim(id: string): Promise<boolean> {
    const { clock, definition, store } = this.context;
    const present = this.alarms.find(id);
    if ((present?.mails ?? []).length > 0 || this.claiming.has(id)) return false;
    this.claiming.add(id);
    try {
      const entry = this.alarms.change(id, { delivery: 'sending', mailedBy: definition.name, mailedAt: clock.now() });
      const other = this.otherMnt();
      if (!entry || other === undefined) return entry !== undefined;
      const answer = await this.peers
        .ask(other, 'alarm.claim', { entry, position: store.position })
        .catch(() => undefined);
      if (answer?.taken) {
        this.alarms.mirror(answer.taken);
        return false;
      }
      // While it was asked, it may have asked in turn, and been right.
      if (this.alarms.find(id)?.mailedBy !== definition.name) return false;
      if (answer || this.context.isActiveMnt) return true;
      await this.update(id, { delivery: 'pending', mailedBy: undefined });
      return false;
    } finally {
      this.claiming.delete(id);
    }
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

function instanceOf({ id, name, severity, node, subject, raisedAt, details }: AlarmEntry): AlarmInstance {
  return { id, name, severity, node, subject, raisedAt, details };
}
