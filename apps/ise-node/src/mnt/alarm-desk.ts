import { Injectable } from '@nestjs/common';
import { alarmRecipients, alarmSender, type AlarmInstance } from '#libs/alarms';
import { LOGGERS } from '#libs/node-log';
import { composeAlarm } from '#libs/notification';
import type { SendingOutcome } from '../mail/node-mailer.ts';
import { NodeContext } from '../node-context.ts';

/** The thread that mails alarms (fact sheet ise 1.4 item 2). */
const WORKER_THREAD = 'MnT-AlarmWorkerMail-Threadpool-0';

/** Alarms kept for the list, newest last. */
const ALARMS_MAX = 10_000;

/** An alarm in the list, and what became of its mail: an alarm about the dead mail channel must be seen as such. */
export interface ListedAlarm extends AlarmInstance {
  mailed: 'pending' | 'no recipients' | SendingOutcome['kind'];
}

/** E4: the Monitoring node lists alarms and, while it is the active one, mails them. */
@Injectable()
export class AlarmDesk {
  readonly alarms: ListedAlarm[] = [];

  constructor(private readonly context: NodeContext) {}

  take(alarm: AlarmInstance): void {
    const { journal, definition, log } = this.context;
    const listed: ListedAlarm = { ...alarm, mailed: 'pending' };
    this.alarms.push(listed);
    if (this.alarms.length > ALARMS_MAX) this.alarms.shift();
    const { name, node } = alarm;
    const taken = journal.record({ kind: 'alarm.listed', node: definition.name, name, raisedOn: node });
    void journal.within(taken, () => log.onThread({ thread: WORKER_THREAD }, () => this.mail(listed)));
  }

  private async mail(alarm: ListedAlarm): Promise<void> {
    const { clock, definition, journal, log, mailer, settings, isActiveMnt } = this.context;
    const recipients = alarmRecipients(alarm, settings.alarms, settings.adminUsers);
    if (!isActiveMnt || recipients.length === 0) {
      alarm.mailed = 'no recipients';
      return;
    }
    const from = alarmSender(settings.alarms, definition.fqdn);
    const jobLog = log.logger(LOGGERS.mailJob);
    const sessionLog = log.logger(LOGGERS.smtpSession);
    jobLog.debug(`sendAlarmMail: alarm ${alarm.name}`);
    jobLog.debug(`sendAlarmMail: severity ${alarm.severity}, node ${alarm.node}`);
    jobLog.debug(`sendAlarmMail: sender ${from}`);
    await clock.sleep(12);
    jobLog.debug(`sendAlarmMail: ${recipients.length} recipient(s)`);
    sessionLog.debug(`getSession: SMTP server ${settings.storedSmtpServer?.smtpServer ?? '(none)'}`);
    jobLog.debug('sendAlarmMail: submitting');
    const outcome = await mailer.sendQuietly(composeAlarm({ alarm, from, to: recipients }));
    alarm.mailed = outcome.kind;
    const { name } = alarm;
    journal.record({ kind: 'alarm.mailed', node: definition.name, name, outcome: outcome.kind });
  }
}
