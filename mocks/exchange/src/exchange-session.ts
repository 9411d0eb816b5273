import type { Clock, Journal, Random } from '#libs/simulation';
import {
  basicAuthenticationRefusal,
  judgeAuthentication,
  type AuthenticatedApplication,
  type AuthRefusal,
} from './auth-checks.ts';
import type { ExchangeOnline, StoredMessage } from './exchange-online.ts';
import type { ProcessingTimes, Span } from './processing-times.ts';
import { judgeSubmission } from './submission-checks.ts';
import { readHeader } from './submitted-message.ts';
import { inspectToken, type KeyRing } from './token-inspection.ts';

/** A reply: code and complete text. */
export interface Reply {
  code: number;
  text: string;
}

/** What a session needs of the server that it belongs to. */
export interface ExchangeContext {
  online: ExchangeOnline;
  keyRing: KeyRing;
  clock: Clock;
  journal: Journal;
  processing: ProcessingTimes;
  /** Aborted when the server closes: whatever sleeps wakes and fails. */
  closing: AbortSignal;
  /** Domain of the Message-IDs that the server makes up. */
  forest: string;
}

/** One SMTP session: judges, waits as long as the real service does, and writes the journal. Sockets are elsewhere. */
export class ExchangeSession {
  private hasOpened = false;
  private application: AuthenticatedApplication | undefined;

  /** `suffix` gives what error replies end with, at the moment of the reply. */
  constructor(
    readonly sessionId: string,
    private readonly random: Random,
    private readonly context: ExchangeContext,
    private readonly suffix: () => string,
  ) {}

  opened(): void {
    this.hasOpened = true;
    this.context.journal.record({ kind: 'exchange.session-opened', sessionId: this.sessionId });
  }

  /** A client that left before the greeting opened no session. */
  closed(): void {
    if (!this.hasOpened) return;
    this.context.journal.record({ kind: 'exchange.session-closed', sessionId: this.sessionId });
  }

  greetingDelayMs(): number {
    return draw(this.random, this.context.processing.greetingMs);
  }

  async authenticate(user: string, accessToken: string): Promise<Reply> {
    const { online, keyRing, clock } = this.context;
    const token = await inspectToken(accessToken, keyRing, clock);
    const judgement = judgeAuthentication({ user, token }, online);
    if (judgement.kind === 'refused') return this.refuse(user, judgement.refusal);
    await this.pause(this.context.processing.authenticationMs);
    this.application = judgement.application;
    const { mailbox, appId } = judgement.application;
    this.context.journal.record({ kind: 'exchange.auth-accepted', mailbox, appId });
    return { code: 235, text: 'Authentication successful' };
  }

  refuseBasicAuthentication(user: string): Promise<Reply> {
    return this.refuse(user, basicAuthenticationRefusal());
  }

  /** For what the protocol machine refuses by itself: a blob that is no XOAUTH2 data. */
  noteMalformedAuthData(reply: string): void {
    this.context.journal.record({ kind: 'exchange.auth-refused', mailbox: '', reply, reason: 'auth-data-malformed' });
  }

  /** The end of DATA. */
  async submit(raw: Buffer, envelope: StoredMessage['envelope']): Promise<Reply> {
    const { online, journal, clock, processing } = this.context;
    const { application } = this;
    if (!application) return { code: 530, text: '' };
    const header = await readHeader(raw, clock);
    await this.pause(processing.submissionMs);
    const { mailbox, appId } = application;
    const refusal = judgeSubmission({ application, headerFrom: header.from }, online);
    if (refusal) {
      const reply = { code: refusal.code, text: refusal.text };
      journal.record({
        kind: 'exchange.message-refused',
        mailbox,
        from: header.from,
        reply: `${reply.code} ${reply.text}`,
        reason: refusal.reason,
      });
      return reply;
    }
    const message: StoredMessage = {
      ...header,
      messageId: header.messageId ?? `<${this.random.uuid()}@${this.context.forest}>`,
      envelope,
      raw,
      receivedAt: clock.now(),
      submittedBy: { mailbox, appId, sessionId: this.sessionId },
    };
    online.store(message);
    this.recordAccepted(mailbox, message);
    const host = online.findByAddress(mailbox)?.serverHost ?? '';
    return { code: 250, text: `2.0.0 OK ${message.messageId} [Hostname=${host}]` };
  }

  private async refuse(user: string, refusal: AuthRefusal): Promise<Reply> {
    await this.pause(this.context.processing.refusalMs);
    const reply = { code: refusal.code, text: refusal.text + this.suffix() };
    const { reason, expected, actual } = refusal;
    this.context.journal.record({
      kind: 'exchange.auth-refused',
      mailbox: looksLikeAddress(user) ? user : '(not an address)',
      reply: `${reply.code} ${reply.text}`,
      reason,
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
    });
    return reply;
  }

  /** Simplified: every recipient is reached. The real service sends a non-delivery report for one that does not exist. */
  private recordAccepted(mailbox: string, message: StoredMessage): void {
    const { journal } = this.context;
    const { messageId, from, to, cc, subject } = message;
    const accepted = journal.record({ kind: 'exchange.message-accepted', mailbox, messageId, from, to, cc, subject });
    journal.within(accepted, () => {
      for (const recipient of message.envelope.to) {
        journal.record({ kind: 'exchange.message-delivered', to: recipient, subject, messageId });
      }
    });
  }

  private async pause(span: Span): Promise<void> {
    const durationMs = draw(this.random, span);
    if (durationMs > 0) await this.context.clock.sleep(durationMs, this.context.closing);
  }
}

function draw(random: Random, { min, max }: Span): number {
  return random.integer(min, max);
}

/** A secret pasted into the wrong field must not be written down. */
function looksLikeAddress(text: string): boolean {
  return /^[^\s@]{1,64}@[a-z0-9.-]{1,253}$/i.test(text);
}
