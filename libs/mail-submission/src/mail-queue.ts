import { LOGGERS, type GuestLog, type Logger } from '#libs/node-log';
import type { RetrySettings, SmtpServerForm } from '#libs/settings';
import type { Clock, Journal, JournalRecord } from '#libs/simulation';
import { describe, type OutgoingMail, type SessionOutcome, type SmtpSession } from './smtp-session.ts';
import { permanenceOf, type SubmissionFailure } from './submission-failure.ts';

/** The worker's thread in guest.log (fact sheet ise 1.4). */
const WORKER_THREAD = 'GUEST_ACCESS_SMTP_RETRY_THREAD';

/** Mails that may wait on one node; one more is refused, as a full Java executor would. */
const WAITING_MAX = 10_000;

/** What became of a mail's first submission; a `retrying` mail is tried again later. */
export type MailVerdict =
  { kind: 'accepted'; reply: string } | { kind: 'refused' | 'retrying'; failure: SubmissionFailure };

/** What became of a mail in the end. */
export type MailEnd = { kind: 'accepted' } | { kind: 'given-up'; failure: SubmissionFailure };

export interface MailQueueOptions {
  node: string;
  clock: Clock;
  journal: Journal;
  log: GuestLog;
  session: SmtpSession;
  /** The settings in force now; undefined when none are saved. */
  smtpServer: () => SmtpServerForm | undefined;
  retry: () => RetrySettings;
  /** Told once of each mail, when nothing more will be done about it. */
  ended?: (mail: OutgoingMail, end: MailEnd) => void;
}

interface Job {
  mail: OutgoingMail;
  composed: JournalRecord;
  attempt: number;
  settle: (verdict: MailVerdict) => void;
}

/**
 * A node's outgoing mail: one worker submits one mail at a time; what is refused for now waits, with doubling delays
 * and a bound, while others go on. The caller may wait for the first attempt, as the real test mail does.
 */
export class MailQueue {
  private readonly waiting: Job[] = [];
  private readonly log: Logger;
  private busy = false;
  private stopped = false;

  constructor(private readonly options: MailQueueOptions) {
    this.log = options.log.logger(LOGGERS.mailJob);
  }

  /**
   * Queues a mail; resolves after its first submission.
   *
   * @param composed the journal record of the mail, cause of all that follows
   */
  submit(mail: OutgoingMail, composed: JournalRecord): Promise<MailVerdict> {
    return new Promise((resolve) => {
      if (this.waiting.length >= WAITING_MAX) {
        const failure: SubmissionFailure = { stage: 'protocol', description: `more than ${WAITING_MAX} mails wait` };
        this.options.journal.record({
          kind: 'mail.refused',
          node: this.options.node,
          cause: composed.seq,
          mail: mail.id,
          permanence: 'permanent',
          ...describe(failure),
        });
        this.options.ended?.(mail, { kind: 'given-up', failure });
        return resolve({ kind: 'refused', failure });
      }
      this.waiting.push({ mail, composed, attempt: 1, settle: resolve });
      void this.work();
    });
  }

  /** No further submissions; the one under way ends by itself. */
  stop(): void {
    this.stopped = true;
    this.waiting.length = 0;
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let job = this.waiting.shift(); job && !this.stopped; job = this.waiting.shift()) {
        await this.attempt(job);
      }
    } finally {
      this.busy = false;
    }
  }

  private attempt(job: Job): Promise<void> {
    const { journal, log, node } = this.options;
    return journal.within(job.composed, async () => {
      const attempted = journal.record({ kind: 'mail.attempted', node, mail: job.mail.id, attempt: job.attempt });
      await journal.within(attempted, () =>
        log.onThread({ thread: WORKER_THREAD }, async () => {
          const outcome = await this.deliver(job.mail);
          if (outcome.kind === 'done') this.accepted(job, outcome.value);
          else this.failed(job, outcome.failure);
        }),
      );
    });
  }

  private async deliver(mail: OutgoingMail): Promise<SessionOutcome<string>> {
    const settings = this.options.smtpServer();
    if (!settings) {
      this.log.error('call: no SMTP server is configured, the mail is dropped');
      return { kind: 'failed', failure: { stage: 'settings', reason: 'not-configured' } };
    }
    this.log.info(`call: Sending mail through ${settings.smtpServer}`);
    return this.options.session.submit(settings, mail);
  }

  private accepted(job: Job, reply: string): void {
    const { journal, node } = this.options;
    this.log.info('call: Mail sent successfully');
    journal.record({ kind: 'mail.accepted', node, mail: job.mail.id, attempt: job.attempt, reply });
    this.options.ended?.(job.mail, { kind: 'accepted' });
    job.settle({ kind: 'accepted', reply });
  }

  private failed(job: Job, failure: SubmissionFailure): void {
    const { clock, journal, node } = this.options;
    const permanence = permanenceOf(failure);
    const refused = journal.record({
      kind: 'mail.refused',
      node,
      mail: job.mail.id,
      attempt: job.attempt,
      permanence,
      ...describe(failure),
    });
    // The settings of a stopped node are no longer there to be read.
    const retry = permanence === 'permanent' || this.stopped ? undefined : this.options.retry();
    if (!retry || job.attempt >= retry.attemptsMax) {
      this.log.error(`call: Mail not sent after ${job.attempt} attempt(s), giving up`);
      journal.record({ kind: 'mail.given-up', node, cause: refused.seq, mail: job.mail.id, attempts: job.attempt });
      this.options.ended?.(job.mail, { kind: 'given-up', failure });
      job.settle({ kind: 'refused', failure });
      return;
    }
    const { attemptsMax, firstDelayMs, delayMsMax } = retry;
    const delayMs = Math.min(firstDelayMs * 2 ** (job.attempt - 1), delayMsMax);
    this.log.info(`call: Mail not sent, attempt ${job.attempt + 1} of ${attemptsMax} in ${delayMs / 1000} s`);
    journal.record({
      kind: 'mail.retry-scheduled',
      node,
      cause: refused.seq,
      mail: job.mail.id,
      attempt: job.attempt + 1,
      delayMs,
    });
    clock.after(delayMs, () => {
      if (this.stopped) return;
      this.waiting.push({ ...job, attempt: job.attempt + 1 });
      void this.work();
    });
    job.settle({ kind: 'retrying', failure });
  }
}
