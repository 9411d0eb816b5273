import { Injectable } from '@nestjs/common';
import { DNS_FAILURE, MAIL_UNDELIVERABLE } from '#libs/alarms';
import type { MailEnd, OutgoingMail } from '#libs/mail-submission';
import { failureText } from '../mail/failure-text.ts';
import { NodeContext } from '../node-context.ts';
import { AlarmRaiser } from './alarm-raiser.ts';

/**
 * Every node tells of its mails that were refused for good or given up. Alarm mail is the exception: the alarm itself
 * shows that it could not be delivered, and another alarm about it would take the same dead way.
 */
@Injectable()
export class MailFailureAlarms {
  constructor(
    context: NodeContext,
    private readonly alarms: AlarmRaiser,
  ) {
    context.onMailEnd((mail, end) => this.mailEnded(mail, end));
  }

  private mailEnded({ id, type = 'mail' }: OutgoingMail, end: MailEnd): void {
    if (end.kind === 'accepted' || type === 'alarm') return;
    const { failure } = end;
    void this.alarms.raise(MAIL_UNDELIVERABLE, `${type} mail ${id}: ${failureText(failure)}`);
    if (failure.stage === 'dial' && failure.error.failure === 'dns-failure') {
      const { host } = failure.error.peer;
      void this.alarms.raise(DNS_FAILURE, `${host} could not be resolved`, { subject: host });
    }
  }
}
