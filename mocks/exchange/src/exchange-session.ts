import type { Clock, Journal, Random } from '#libs/simulation';
import { judgeAuthentication, type AuthAttempt, type AuthenticatedSender, type AuthRefusal } from './auth-checks.ts';
import { acceptMessage } from './delivery.ts';
import type { ExchangeOnline, StoredMessage } from './exchange-online.ts';
import type { ExchangeSettings } from './exchange-settings.ts';
import type { Judging } from './judging.ts';
import type { ProcessingTimes, Span } from './processing-times.ts';
import { REFUSAL_EXPLANATIONS, type ServiceRefusalReason } from './refusal-explanations.ts';
import { PROTOCOL_REFUSALS, type ProtocolRefusalReason, type Reply } from './smtp/protocol-refusals.ts';
import type { SmtpQuestion } from './smtp/smtp-effects.ts';
import { shownMailbox } from './smtp/transcript-line.ts';
import { addLine, addRefusal, type SessionLog, type SessionRecord } from './session-log.ts';
import { judgeSubmission } from './submission-checks.ts';
import { readHeader } from './submitted-message.ts';
import { inspectToken, type KeyRing } from './token-inspection.ts';

/** What a session needs of the server that it belongs to. */
export interface ExchangeContext {
  online: ExchangeOnline;
  keyRing: KeyRing;
  clock: Clock;
  journal: Journal;
  processing: ProcessingTimes;
  settings: ExchangeSettings;
  log: SessionLog;
  /** Aborted when the server closes: whatever sleeps wakes and fails. */
  closing: AbortSignal;
  /** Domain of the Message-IDs that the server makes up. */
  forest: string;
}

/** Recipients of one message where the organization says `Unlimited`. */
const RECIPIENTS_MAX = 1_000;

/** Refusals by the protocol that end what the client wanted; others are slips that it may recover from. */
const JOURNALLED_AS: ReadonlyMap<ProtocolRefusalReason, string> = new Map([
  ['tls-rate-exceeded', 'exchange.session-refused'],
  ['authentication-data', 'exchange.auth-refused'],
  ['authentication-before-tls', 'exchange.auth-refused'],
  ['tls-required', 'exchange.message-refused'],
  ['authentication-required', 'exchange.message-refused'],
  ['message-too-large', 'exchange.message-refused'],
  ['header-too-large', 'exchange.message-refused'],
  ['too-many-recipients', 'exchange.recipient-refused'],
]);

/** One SMTP session: judges, waits as long as the real service does, and writes the journal. Sockets are elsewhere. */
export class ExchangeSession {
  private readonly record: SessionRecord;
  private hasOpened = false;
  private sender: AuthenticatedSender | undefined;

  /** `suffix` gives what error replies end with, at the moment of the reply. */
  constructor(
    readonly sessionId: string,
    private readonly random: Random,
    private readonly context: ExchangeContext,
    private readonly suffix: () => string,
  ) {
    this.record = context.log.open(sessionId, context.clock.now());
  }

  opened(): void {
    this.hasOpened = true;
    this.context.journal.record({ kind: 'exchange.session-opened', sessionId: this.sessionId });
  }

  secured(): void {
    this.record.isSecure = true;
  }

  heard(line: string): void {
    addLine(this.record, { at: this.context.clock.now(), from: 'client', line });
  }

  said(line: string): void {
    addLine(this.record, { at: this.context.clock.now(), from: 'server', line });
  }

  /** The connection is gone, or about to be: its place is free for another. */
  ended(): void {
    this.context.online.ledger.releaseConnection(this.sessionId);
    this.record.closedAt ??= this.context.clock.now();
  }

  /** A client that left before the greeting opened no session. */
  closed(): void {
    if (!this.hasOpened) return;
    this.context.journal.record({ kind: 'exchange.session-closed', sessionId: this.sessionId });
  }

  greetingDelayMs(): number {
    return draw(this.random, this.context.processing.greetingMs);
  }

  /** 421 instead of the greeting, when the service takes nobody. `connections`: those there are, this one included. */
  refusalOfConnection(connections: number): Reply | undefined {
    const { online, settings } = this.context;
    if (online.conditions.isUnavailable) {
      return this.refuseSession('service-unavailable', '4.3.2 Service not available');
    }
    if (connections <= settings.connectionsMax) return undefined;
    const text =
      '4.3.2 The maximum number of concurrent server connections has exceeded a limit, closing transmission channel';
    return this.refuseSession('too-many-connections', text);
  }

  /** The protocol alone says no; after the pause that the service makes before errors. */
  async refuseCommand(reason: ProtocolRefusalReason, reply: Reply): Promise<Reply> {
    if (reply.code !== 421) await this.pause(this.context.processing.refusalMs);
    const worded = this.withSuffix(reply);
    const explanation =
      reason === 'command-unknown' ? 'The line begins with no command of SMTP.' : PROTOCOL_REFUSALS[reason].explanation;
    addRefusal(this.record, { at: this.context.clock.now(), reply: shownReply(reason, worded), reason, explanation });
    const kind = JOURNALLED_AS.get(reason);
    const refused = { reply: `${worded.code} ${worded.text}`, reason, mailbox: this.sender?.mailbox ?? '' };
    if (kind) this.context.journal.record({ kind, ...refused });
    return worded;
  }

  answer(question: SmtpQuestion): Promise<Reply> {
    switch (question.kind) {
      case 'authenticate':
        return this.authenticate(question);
      case 'mail':
        return this.beginMessage();
      case 'submit':
        return this.submit(question.raw, question.envelope);
    }
  }

  /** Recipients that one message may have here. */
  recipientsMax(): number {
    const organization = this.context.online.findByAddress(this.sender?.mailbox ?? '');
    const limit = organization?.maxRecipientEnvelopeLimit ?? 'Unlimited';
    return limit === 'Unlimited' ? RECIPIENTS_MAX : Math.min(limit, RECIPIENTS_MAX);
  }

  private async authenticate(question: Extract<SmtpQuestion, { kind: 'authenticate' }>): Promise<Reply> {
    const { keyRing, clock, settings, online, journal } = this.context;
    const { user } = question;
    const attempt: AuthAttempt =
      question.mechanism === 'XOAUTH2'
        ? { user, token: await inspectToken(question.accessToken, keyRing, clock) }
        : { user, password: question.password };
    const judgement = judgeAuthentication(attempt, this.judging());
    if (judgement.kind === 'refused') return this.refuseAuthentication(user, judgement.refusal);
    await this.pause(this.context.processing.authenticationMs);
    this.sender = judgement.sender;
    const { mailbox, application } = judgement.sender;
    this.record.mailbox = mailbox;
    online.ledger.claimConnection(mailbox, this.sessionId, settings.concurrentConnectionsMax);
    journal.record({ kind: 'exchange.auth-accepted', mailbox, appId: application?.appId ?? '' });
    return { code: 235, text: '2.7.0 Authentication successful' };
  }

  /** MAIL: waits for its turn in the minute, and gives up when that takes too long. */
  private async beginMessage(): Promise<Reply> {
    const { online, clock, settings, closing } = this.context;
    const mailbox = this.sender?.mailbox ?? '';
    if (online.conditions.hasTooFewResources) {
      await this.pause(this.context.processing.refusalMs);
      const reply = { code: 452, text: '4.3.1 Insufficient system resources' };
      return this.refuseMessage('too-few-resources', this.withSuffix(reply), '');
    }
    const giveUpAt = clock.now() + settings.rateDelayMsMax;
    for (;;) {
      const waitMs = online.ledger.waitForMessageMs(mailbox, clock.now(), settings.messagesPerMinuteMax);
      if (waitMs === 0) break;
      const leftMs = giveUpAt - clock.now();
      if (leftMs <= 0) return this.refuseMessage('rate-exceeded', this.withSuffix(settings.rateExceeded), '');
      await clock.sleep(Math.min(waitMs, leftMs), closing);
    }
    online.ledger.beginMessage(mailbox, clock.now());
    return { code: 250, text: '2.1.0 Sender OK' };
  }

  private async submit(raw: Buffer, envelope: StoredMessage['envelope']): Promise<Reply> {
    const { online, clock, processing } = this.context;
    const { sender, sessionId } = this;
    if (!sender) return PROTOCOL_REFUSALS['authentication-required'];
    const header = await readHeader(raw, clock);
    await this.pause(processing.submissionMs);
    const headerFrom = header?.from ?? '';
    const refusal = judgeSubmission(
      {
        sender,
        sessionId,
        headerFrom,
        recipients: envelope.to.length,
        bytes: raw.length,
        isReadable: header !== undefined,
      },
      this.judging(),
    );
    if (refusal || !header) {
      const { reason, code, text } = refusal ?? { reason: 'message-unreadable', code: 554, text: '' };
      return this.refuseMessage(reason, { code, text, isComplete: true }, headerFrom);
    }
    const { mailbox, application } = sender;
    const messageId = header.messageId ?? `<${this.random.uuid()}@${this.context.forest}>`;
    const submittedBy = { mailbox, appId: application?.appId ?? '', sessionId };
    const message = { ...header, messageId, envelope, raw, receivedAt: clock.now(), submittedBy };
    const host = online.findByAddress(mailbox)?.serverHost ?? '';
    if (!acceptMessage(message, { online, journal: this.context.journal, random: this.random })) {
      // RFC 5321, 4.2.3: 452 for insufficient system storage. What the real service answers here is not known.
      const reply = { code: 452, text: `4.3.1 Insufficient system resources [Hostname=${host}]`, isComplete: true };
      return this.refuseMessage('too-few-resources', reply, headerFrom, { actual: 'the message could not be stored' });
    }
    online.ledger.addRecipients(mailbox, envelope.to.length, clock.now());
    this.record.accepted.push(messageId);
    return { code: 250, text: `2.0.0 OK ${messageId} [Hostname=${host}]`, isComplete: true };
  }

  private async refuseAuthentication(user: string, refusal: AuthRefusal): Promise<Reply> {
    await this.pause(this.context.processing.refusalMs);
    const { reason, expected, actual } = refusal;
    const reply = this.withSuffix({ code: refusal.code, text: refusal.text });
    const found = { ...(expected === undefined ? {} : { expected }), ...(actual === undefined ? {} : { actual }) };
    this.noteRefusal(reason, reply, found);
    this.context.journal.record({
      kind: 'exchange.auth-refused',
      mailbox: shownMailbox(user),
      reply: `${reply.code} ${reply.text}`,
      reason,
      ...found,
    });
    return reply;
  }

  private refuseMessage(
    reason: keyof typeof REFUSAL_EXPLANATIONS,
    reply: Reply,
    from: string,
    found: { actual?: string } = {},
  ): Reply {
    this.noteRefusal(reason, reply, found);
    const mailbox = this.sender?.mailbox ?? '';
    const worded = `${reply.code} ${reply.text}`;
    this.context.journal.record({ kind: 'exchange.message-refused', mailbox, from, reply: worded, reason, ...found });
    return reply;
  }

  private refuseSession(reason: ServiceRefusalReason, text: string): Reply {
    const reply = this.withSuffix({ code: 421, text });
    this.noteRefusal(reason, reply);
    this.context.journal.record({ kind: 'exchange.session-refused', reply: `421 ${reply.text}`, reason });
    return reply;
  }

  private noteRefusal(
    reason: keyof typeof REFUSAL_EXPLANATIONS,
    reply: Reply,
    found: { expected?: string; actual?: string } = {},
  ): void {
    const at = this.context.clock.now();
    const explanation = REFUSAL_EXPLANATIONS[reason];
    addRefusal(this.record, { at, reply: `${reply.code} ${reply.text}`, reason, explanation, ...found });
  }

  private judging(): Judging {
    const { online, settings, clock } = this.context;
    return { online, settings, now: clock.now() };
  }

  private withSuffix(reply: Reply): Reply {
    return { code: reply.code, text: reply.text.trimEnd() + this.suffix(), isComplete: true };
  }

  private async pause(span: Span): Promise<void> {
    const durationMs = draw(this.random, span);
    if (durationMs > 0) await this.context.clock.sleep(durationMs, this.context.closing);
  }
}

/** The word that nobody knows may be a token or a password that went astray. */
function shownReply(reason: ProtocolRefusalReason, { code, text }: Reply): string {
  return `${code} ${reason === 'command-unknown' ? text.replace(/'[^']*'/, "'…'") : text}`;
}

function draw(random: Random, { min, max }: Span): number {
  return random.integer(min, max);
}
