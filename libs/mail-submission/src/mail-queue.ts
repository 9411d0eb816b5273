import { LOGGERS, type GuestLog, type Logger } from '#libs/node-log';
import type { RetrySettings, SmtpServerForm } from '#libs/settings';
import { fieldText, type Clock, type Journal, type JournalRecord, type Timer } from '#libs/simulation';
import type { MailOutbox, OutboxEntry, OutboxMail } from './mail-outbox.ts';
import { describe, type OutgoingMail, type SessionOutcome, type SmtpSession } from './smtp-session.ts';
import { permanenceOf, type SubmissionFailure } from './submission-failure.ts';

/** The worker's thread in guest.log (fact sheet ise 1.4). */
const WORKER_THREAD = 'GUEST_ACCESS_SMTP_RETRY_THREAD';

/** Mails that may wait on one node; one more is refused, as a full Java executor would. */
const WAITING_MAX = 10_000;

/** Why a mail is given up, besides having been refused. */
export type GivenUpReason = 'refused' | 'outcome-unknown' | 'too-late' | 'deregistered';

/**
 * What became of a mail's first submission; a `retrying` mail is tried again later. `unknown`: the server may have it.
 * `withdrawn`: another node has taken over the duty that it was for.
 */
export type MailVerdict =
  | { kind: 'accepted'; reply: string }
  | { kind: 'refused' | 'retrying' | 'unknown'; failure: SubmissionFailure }
  | { kind: 'withdrawn' | 'expired' };

/** What became of a mail in the end. */
export type MailEnd = { kind: 'accepted' } | { kind: 'given-up'; failure: SubmissionFailure };

/** Whether this node may carry out a duty that only one node may. */
export type DutyVerdict = 'mine' | 'uncertain' | 'not-mine';

export interface MailQueueOptions {
  node: string;
  clock: Clock;
  journal: Journal;
  log: GuestLog;
  session: SmtpSession;
  outbox: MailOutbox;
  /** The settings in force now; undefined when none are saved. */
  smtpServer: () => SmtpServerForm | undefined;
  retry: () => RetrySettings;
  /** Asked before a mail that was accepted with a duty is submitted. */
  dutyVerdict: (duty: string) => DutyVerdict;
  /** Told once of each mail, when nothing more will be done about it; not of one that was withdrawn. */
  ended?: (mail: OutgoingMail, end: MailEnd) => void;
}

interface Job {
  readonly entry: OutboxEntry;
  readonly settle: (verdict: MailVerdict) => void;
  /** The journal says so already. */
  readonly isHeld?: boolean;
}

/**
 * A node's outgoing mail: one worker submits one mail at a time; what is refused for now waits, with doubling delays
 * and a bound, while others go on. The caller may wait for the first attempt, as the real test mail does.
 *
 * What `submit` took lies in the outbox until it is settled: accepted by the server, or visibly given up. After a crash
 * `recover` goes on with it. Only a mail whose end may have been sent without an answer is never sent again: exactly
 * once is not to be had there, so it is at most once, and ends as `outcome-unknown` (RFC 1047 tells of the other choice).
 */
export class MailQueue {
  private readonly waiting: Job[] = [];
  private readonly held = new Map<number, Job>();
  /** Until their next attempt. */
  private readonly sleeping = new Map<Timer, Job>();
  private readonly log: Logger;
  private working: Promise<void> = Promise.resolve();
  private isWorking = false;
  private state: 'running' | 'stopped' | 'dead' = 'running';

  constructor(private readonly options: MailQueueOptions) {
    this.log = options.log.logger(LOGGERS.mailJob);
  }

  /** The mail's ID: unique in the deployment, and the left part of the Message-ID. */
  idOf({ number }: Pick<OutboxEntry, 'number'>): string {
    return `${this.options.node}-${number}`;
  }

  /** Takes the mail into the outbox; from here on it is this node's to settle. @param duty see `dutyVerdict` */
  accept(mail: OutboxMail, duty?: string): OutboxEntry {
    return this.options.outbox.add(mail, { dueAt: this.options.clock.now(), duty });
  }

  /**
   * Queues a mail that was accepted; resolves after its first submission.
   *
   * @param composed the journal record of the mail, cause of all that follows
   */
  submit(accepted: OutboxEntry, composed: JournalRecord): Promise<MailVerdict> {
    const entry = this.options.outbox.advance({ ...accepted, cause: composed.seq });
    return new Promise((settle) => {
      if (this.options.outbox.count > WAITING_MAX) return this.refuseOneTooMany(entry, settle);
      this.take({ entry, settle });
    });
  }

  /** Goes on with what lay in the outbox when the node ended, however it ended. */
  recover(): void {
    const { clock, outbox, retry } = this.options;
    for (const found of outbox.list()) {
      const entry = { ...found, cause: this.causeOf(found) };
      const job: Job = { entry, settle: () => undefined };
      if (entry.state === 'in-doubt') this.giveUp(job, 'outcome-unknown');
      else if (entry.state === 'held') this.take(job);
      else {
        // The clock may have been set back meanwhile: no longer than the longest delay.
        const delayMs = Math.min(Math.max(entry.dueAt - clock.now(), 0), retry().delayMsMax);
        this.takeIn(delayMs, { ...job, entry: outbox.advance({ ...entry, state: 'waiting' }) });
      }
    }
  }

  /** Looks again at the mails that are held: something may have become certain about their duties. */
  reconsider(): void {
    if (this.state !== 'running') return;
    for (const job of [...this.held.values()]) this.take(job);
  }

  /** Ends everything that waits as a visible failure: the node is no part of the deployment any more. */
  giveUpAll(reason: GivenUpReason): void {
    const jobs = [...this.waiting.splice(0), ...this.held.values(), ...this.sleeping.values()];
    this.putAside();
    for (const job of jobs) this.giveUp(job, reason);
  }

  /** No further submissions. What waits stays in the outbox. */
  stop(): void {
    this.state = 'stopped';
    this.putAside();
  }

  /** Resolves when the submission under way has ended. */
  async idle(): Promise<void> {
    await this.working;
  }

  /** The process is gone: whatever is under way has no effect any more. */
  die(): void {
    this.stop();
    this.state = 'dead';
  }

  private take(job: Job): void {
    const { journal, node } = this.options;
    const { entry } = job;
    this.held.delete(entry.number);
    const verdict = entry.state === 'held' && entry.duty ? this.options.dutyVerdict(entry.duty) : 'mine';
    if (verdict === 'not-mine') return this.withdraw(job);
    if (verdict === 'uncertain') {
      if (!job.isHeld) journal.record({ kind: 'mail.held', node, cause: entry.cause, mail: this.idOf(entry) });
      this.held.set(entry.number, { ...job, isHeld: true });
      return;
    }
    const waiting = entry.state === 'held' ? this.options.outbox.advance({ ...entry, state: 'waiting' }) : entry;
    this.waiting.push({ ...job, entry: waiting });
    if (!this.isWorking) this.working = this.work();
  }

  private takeIn(delayMs: number, job: Job): void {
    if (delayMs === 0) return this.take(job);
    const timer = this.options.clock.after(delayMs, () => {
      this.sleeping.delete(timer);
      if (this.state === 'running') this.take(job);
    });
    this.sleeping.set(timer, job);
  }

  private putAside(): void {
    for (const timer of this.sleeping.keys()) timer.cancel();
    this.sleeping.clear();
    this.waiting.length = 0;
    this.held.clear();
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    try {
      for (let job = this.waiting.shift(); job && this.state === 'running'; job = this.waiting.shift()) {
        await this.attempt(job);
      }
    } finally {
      // At once, and not when the promise settles: a mail that comes in between would wait for nobody.
      this.isWorking = false;
    }
  }

  private attempt(job: Job): Promise<void> {
    const { clock, journal, log, node, outbox } = this.options;
    const { attempt, cause, mail } = job.entry;
    if (mail.validUntil !== undefined && clock.now() >= mail.validUntil) {
      this.giveUp(job, 'too-late');
      return Promise.resolve();
    }
    return journal.within(cause, async () => {
      const attempted = journal.record({ kind: 'mail.attempted', node, mail: this.idOf(job.entry), attempt });
      await journal.within(attempted, () =>
        log.onThread({ thread: WORKER_THREAD }, async () => {
          outbox.advance({ ...job.entry, state: 'submitting' });
          const outcome = await this.deliver(job.entry);
          // The dead do not learn what became of it.
          if (this.state === 'dead') return new Promise<never>(() => undefined);
          if (outcome.kind === 'done') this.accepted(job, outcome.value);
          else this.failed(job, outcome.failure);
        }),
      );
    });
  }

  private async deliver(entry: OutboxEntry): Promise<SessionOutcome<string>> {
    const settings = this.options.smtpServer();
    if (!settings) {
      this.log.error('call: no SMTP server is configured, the mail is dropped');
      return { kind: 'failed', failure: { stage: 'settings', reason: 'not-configured' } };
    }
    this.log.info(`call: Sending mail through ${settings.smtpServer}`);
    const { outbox, session } = this.options;
    return session.submit(settings, this.mailOf(entry), () => {
      if (this.state !== 'dead') outbox.advance({ ...entry, state: 'in-doubt' });
    });
  }

  private accepted({ entry, settle }: Job, reply: string): void {
    const { journal, node, outbox } = this.options;
    outbox.remove(entry.number);
    this.log.info('call: Mail sent successfully');
    journal.record({ kind: 'mail.accepted', node, mail: this.idOf(entry), attempt: entry.attempt, reply });
    this.options.ended?.(this.mailOf(entry), { kind: 'accepted' });
    settle({ kind: 'accepted', reply });
  }

  private failed(job: Job, failure: SubmissionFailure): void {
    const { clock, journal, node, outbox } = this.options;
    const { entry, settle } = job;
    const permanence = permanenceOf(failure);
    const refused = journal.record({
      kind: 'mail.refused',
      node,
      mail: this.idOf(entry),
      attempt: entry.attempt,
      permanence,
      ...describe(failure),
    });
    if (permanence === 'in-doubt') {
      this.giveUp(job, 'outcome-unknown', { cause: refused, failure });
      return settle({ kind: 'unknown', failure });
    }
    const { attemptsMax, firstDelayMs, delayMsMax } = this.options.retry();
    if (permanence === 'permanent' || entry.attempt >= attemptsMax) {
      this.giveUp(job, 'refused', { cause: refused, failure });
      return settle({ kind: 'refused', failure });
    }
    const delayMs = Math.min(firstDelayMs * 2 ** (entry.attempt - 1), delayMsMax);
    const attempt = entry.attempt + 1;
    this.log.info(`call: Mail not sent, attempt ${attempt} of ${attemptsMax} in ${delayMs / 1000} s`);
    journal.record({
      kind: 'mail.retry-scheduled',
      node,
      cause: refused.seq,
      mail: this.idOf(entry),
      attempt,
      delayMs,
    });
    const next = outbox.advance({ ...entry, state: 'waiting', attempt, dueAt: clock.now() + delayMs } as const);
    this.takeIn(delayMs, { ...job, entry: next });
    settle({ kind: 'retrying', failure });
  }

  private giveUp(
    { entry, settle }: Job,
    reason: GivenUpReason,
    refusal?: { cause: JournalRecord; failure: SubmissionFailure },
  ): void {
    const { journal, node, outbox } = this.options;
    const { attempt: attempts } = entry;
    outbox.remove(entry.number);
    const description = GIVEN_UP[reason](attempts);
    this.log.error(`call: ${description}`);
    const seq = refusal?.cause.seq ?? entry.cause;
    const cause = seq > 0 ? { cause: seq } : {};
    journal.record({ kind: 'mail.given-up', node, ...cause, mail: this.idOf(entry), reason, attempts });
    const failure = refusal?.failure ?? { stage: 'protocol', description };
    this.options.ended?.(this.mailOf(entry), { kind: 'given-up', failure });
    if (!refusal) settle({ kind: 'expired' });
  }

  private withdraw({ entry, settle }: Job): void {
    const { journal, node, outbox } = this.options;
    outbox.remove(entry.number);
    this.log.info('call: another node has taken over this mail, it is dropped here');
    journal.record({ kind: 'mail.withdrawn', node, cause: entry.cause, mail: this.idOf(entry) });
    settle({ kind: 'withdrawn' });
  }

  private refuseOneTooMany(entry: OutboxEntry, settle: Job['settle']): void {
    const { journal, node, outbox } = this.options;
    const failure: SubmissionFailure = { stage: 'protocol', description: `more than ${WAITING_MAX} mails wait` };
    const mail = this.idOf(entry);
    outbox.remove(entry.number);
    journal.record({
      kind: 'mail.refused',
      node,
      cause: entry.cause,
      mail,
      permanence: 'permanent',
      ...describe(failure),
    });
    this.options.ended?.(this.mailOf(entry), { kind: 'given-up', failure });
    settle({ kind: 'refused', failure });
  }

  private mailOf(entry: OutboxEntry): OutgoingMail {
    return { id: this.idOf(entry), ...entry.mail };
  }

  /** The record that it was accepted with; where that is not in this journal, a new one. */
  private causeOf(entry: OutboxEntry): number {
    const { journal, node } = this.options;
    const id = this.idOf(entry);
    const known = journal.at(entry.cause);
    if (known && fieldText(known, 'mail') === id) return known.seq;
    const { type, from, to, cc, subject } = entry.mail;
    return journal.record({ kind: 'mail.recovered', node, mail: id, type, from, to, cc, subject }).seq;
  }
}

const GIVEN_UP: Readonly<Record<GivenUpReason, (attempts: number) => string>> = {
  refused: (attempts) => `Mail not sent after ${attempts} attempt(s), giving up`,
  'outcome-unknown': () => 'The server may have the mail, no answer came; it is not sent again',
  'too-late': () => 'Mail not sent in time, giving up',
  deregistered: () => 'This node left the deployment, its mails are given up',
};
