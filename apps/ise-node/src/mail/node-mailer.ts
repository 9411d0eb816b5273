import type { MailQueue, MailVerdict, OutboxEntry } from '#libs/mail-submission';
import { LOGGERS, type GuestLog } from '#libs/node-log';
import type { ComposedMail, Composition, MailRefusal } from '#libs/notification';
import type { Clock, Journal } from '#libs/simulation';

/** What became of a composed mail at its first submission; `not-sent`: there was none to send, and why. */
export type SendingOutcome = MailVerdict | { kind: 'not-sent'; code: string; reason: string };

/** What a mail is sent for, besides its text. */
export interface SendingOptions {
  /** The duty that was claimed for it (`DutyClaims`): it waits until it is certain that no other node sends it too. */
  duty?: string;
  /** Epoch milliseconds from which on the mail would be untrue: then it is given up. */
  validUntil?: number;
  /** Told the ID of the mail before its first submission. */
  queued?: (mail: string) => void;
}

const NOT_REGISTERED = 'This node is no part of the deployment any more: it sends no mail of it.';

/** Hands composed mails to the node's queue, with the log lines of the caller's side (fact sheet ise 1.4 item 1). */
export class NodeMailer {
  constructor(
    private readonly options: {
      node: string;
      clock: Clock;
      journal: Journal;
      log: GuestLog;
      queue: MailQueue;
      smtpServer: () => string | undefined;
      isRegistered: () => boolean;
    },
  ) {}

  /**
   * Takes the mail into the outbox, at once, and resolves after its first submission; the calling thread logs, and
   * blocks, as the real one.
   */
  async send(composition: Composition, options: SendingOptions = {}): Promise<SendingOutcome> {
    const { clock, log } = this.options;
    const mail = this.sendable(composition);
    if (mail.kind === 'refused') return this.notSent(mail);
    const accepted = this.accept(mail, options);
    const mailLog = log.logger(LOGGERS.mailJob);
    mailLog.info('sendMailMessage: Submitting Mail Job');
    mailLog.info(`sendMailMessage: SMTP server ${this.options.smtpServer() ?? '(none)'}`);
    await clock.sleep(1);
    mailLog.info('sendMailMessage: Mail Job submitted');
    mailLog.info('sendMailMessage: waiting for Future.get');
    const startedAt = clock.now();
    const verdict = await this.enqueue(accepted, options);
    mailLog.info(`sendMailMessage: Future.get status: ${verdict.kind === 'accepted' ? 'success' : 'failure'}`);
    mailLog.info(`Time taken for Future.get method call is ${clock.now() - startedAt} Milliseconds.`);
    return verdict;
  }

  /** The same without the caller's log lines: the alarm worker has lines of its own. */
  async sendQuietly(composition: Composition, options: SendingOptions = {}): Promise<SendingOutcome> {
    const mail = this.sendable(composition);
    return mail.kind === 'refused' ? this.notSent(mail) : this.enqueue(this.accept(mail, options), options);
  }

  private sendable(composition: Composition): Composition {
    if (composition.kind === 'refused' || this.options.isRegistered()) return composition;
    return { kind: 'refused', type: composition.type, code: 'notification.node-deregistered', reason: NOT_REGISTERED };
  }

  private accept(mail: ComposedMail, { duty, validUntil }: SendingOptions): OutboxEntry {
    const { type, from, to, cc, subject, text } = mail;
    const content = { type, from, to: [...to], cc: [...cc], subject, text };
    return this.options.queue.accept(validUntil === undefined ? content : { ...content, validUntil }, duty);
  }

  private enqueue(accepted: OutboxEntry, { queued }: SendingOptions): Promise<MailVerdict> {
    const { journal, node, queue } = this.options;
    const { type, from, to, cc, subject } = accepted.mail;
    const mail = queue.idOf(accepted);
    const composed = journal.record({ kind: 'mail.composed', node, mail, type, from, to, cc, subject });
    queued?.(mail);
    return queue.submit(accepted, composed);
  }

  private notSent({ type, code, reason }: MailRefusal): SendingOutcome {
    const { journal, log, node } = this.options;
    log.logger(LOGGERS.mailJob).info(`sendMailMessage: no mail: ${reason}`);
    journal.record({ kind: 'mail.not-composed', node, type, code, reason });
    return { kind: 'not-sent', code, reason };
  }
}
