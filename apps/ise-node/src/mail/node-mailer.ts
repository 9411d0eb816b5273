import type { MailQueue, MailVerdict } from '#libs/mail-submission';
import { LOGGERS, type GuestLog } from '#libs/node-log';
import type { Composition } from '#libs/notification';
import type { Clock, Journal } from '#libs/simulation';

/** What became of a composed mail at its first submission; `not-sent`: there was none to send, and why. */
export type SendingOutcome = MailVerdict | { kind: 'not-sent'; code: string; reason: string };

/** Hands composed mails to the node's queue, with the log lines of the caller's side (fact sheet ise 1.4 item 1). */
export class NodeMailer {
  private count = 0;

  constructor(
    private readonly options: {
      node: string;
      clock: Clock;
      journal: Journal;
      log: GuestLog;
      queue: MailQueue;
      smtpServer: () => string | undefined;
    },
  ) {}

  /** Queues the mail and resolves after its first submission; the calling thread logs, and blocks, as the real one. */
  async send(composition: Composition): Promise<SendingOutcome> {
    const { clock, log } = this.options;
    if (composition.kind === 'refused') return this.notSent(composition);
    const mailLog = log.logger(LOGGERS.mailJob);
    mailLog.info('sendMailMessage: Submitting Mail Job');
    mailLog.info(`sendMailMessage: SMTP server ${this.options.smtpServer() ?? '(none)'}`);
    await clock.sleep(1);
    mailLog.info('sendMailMessage: Mail Job submitted');
    mailLog.info('sendMailMessage: waiting for Future.get');
    const startedAt = clock.now();
    const verdict = await this.enqueue(composition);
    mailLog.info(`sendMailMessage: Future.get status: ${verdict.kind === 'accepted' ? 'success' : 'failure'}`);
    mailLog.info(`Time taken for Future.get method call is ${clock.now() - startedAt} Milliseconds.`);
    return verdict;
  }

  /**
   * Queues the mail without the caller's log lines: the alarm worker has lines of its own.
   *
   * @param queued told the identifier of the mail before its first submission
   */
  async sendQuietly(composition: Composition, queued?: (mail: string) => void): Promise<SendingOutcome> {
    return composition.kind === 'refused' ? this.notSent(composition) : this.enqueue(composition, queued);
  }

  private enqueue(
    mail: Extract<Composition, { kind: 'composed' }>,
    queued?: (mail: string) => void,
  ): Promise<MailVerdict> {
    const { journal, node, queue } = this.options;
    this.count += 1;
    const id = `${node}-${this.count}`;
    const { type, from, to, cc, subject, text } = mail;
    const composed = journal.record({
      kind: 'mail.composed',
      node,
      mail: id,
      type,
      from,
      to: [...to],
      cc: [...cc],
      subject,
    });
    queued?.(id);
    return queue.submit({ id, type, from, to, cc, subject, text }, composed);
  }

  private notSent(refusal: Extract<Composition, { kind: 'refused' }>): SendingOutcome {
    const { journal, log, node } = this.options;
    const { type, code, reason } = refusal;
    log.logger(LOGGERS.mailJob).info(`sendMailMessage: no mail: ${reason}`);
    journal.record({ kind: 'mail.not-composed', node, type, code, reason });
    return { kind: 'not-sent', code, reason };
  }
}
