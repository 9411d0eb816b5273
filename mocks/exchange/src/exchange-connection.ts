import type { Socket } from 'node:net';
import { type SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import type { Clock } from '#libs/simulation';
import { ehloLines, greetingTime, wordReply, type WordedReply } from './exchange-replies.ts';
import { type ExchangeSession } from './exchange-session.ts';

/** What is announced, and refused beyond: 150 MB (fact sheet microsoft 4.1). */
export const MESSAGE_BYTES_MAX = 157_286_400;

/** Who the front end says it is. */
export interface FrontEnd {
  /** `FR3P281CA0123`, without a domain. */
  name: string;
  /** `DEUP281.PROD.OUTLOOK.COM` */
  forest: string;
}

/**
 * smtp-server's protocol machine in Exchange Online's words. `send` is the one place where it writes, so its replies
 * are worded anew there, and errors get the suffix that names server, time and session.
 */
export class ExchangeConnection extends SMTPConnection {
  readonly exchange: ExchangeSession;
  private lastCommand = '';

  constructor(
    server: SMTPServer,
    socket: Socket,
    sessionId: string,
    private readonly frontEnd: FrontEnd,
    private readonly clock: Clock,
    sessionFor: (sessionId: string, errorSuffix: () => string) => ExchangeSession,
  ) {
    super(server, socket, { id: sessionId });
    this.exchange = sessionFor(sessionId, () => this.errorSuffix());
  }

  /** Without smtp-server's own wait for early talkers, which takes 100 ms of real time: the delay is ours. */
  override init(): void {
    this._setListeners(() => {
      this.clock.after(this.exchange.greetingDelayMs(), () => {
        if (!this._closing && !this._closed) this.connectionReady();
      });
    });
  }

  override _sendGreeting(): void {
    const time = greetingTime(this.clock.now());
    this.send(220, `${this.publicHost} Microsoft ESMTP MAIL Service ready at ${time} [${this.id}]`, false);
  }

  override _onCommand(command: Buffer, callback?: () => void): void {
    this.lastCommand = this._nextHandler ? '' : (command.toString().split(' ')[0] ?? '').slice(0, 40);
    super._onCommand(command, callback);
  }

  /** A client name with blanks, quotes or non-ASCII letters is refused (fact sheet microsoft 4.1). */
  override handler_EHLO(command: Buffer, callback: () => void): void {
    if (/^EHLO +[\w.:[\]-]+\s*$/i.test(command.toString())) return super.handler_EHLO(command, callback);
    this.send(501, 'Error: Bad hostname syntax', false);
    callback();
  }

  /** HELO announces nothing. */
  override handler_HELO(command: Buffer, callback: () => void): void {
    this.hostNameAppearsAs = command.toString().split(' ')[1]?.trim().toLowerCase() || false;
    this._resetSession();
    this.send(250, `${this.publicHost} Hello [${this.remoteAddress}]`, false);
    callback();
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    if (Array.isArray(data)) {
      super.send(code, ehloLines(this.publicHost, this.remoteAddress, MESSAGE_BYTES_MAX, this.secure), false);
      return;
    }
    const reply = this.word(code, data ?? '', context);
    // smtp-server refuses such data by itself, before anybody is asked.
    if (reply.text.startsWith('5.5.124')) {
      this.exchange.noteMalformedAuthData(`${reply.code} ${reply.text}`);
    }
    super.send(reply.code, reply.text, false);
  }

  private word(code: number, text: string, context: string | false | undefined): WordedReply {
    const worded = this.wordWithoutSuffix(code, text, context);
    const hasSuffix = worded.text.endsWith(']');
    return worded.code < 400 || hasSuffix ? worded : { code: worded.code, text: worded.text + this.errorSuffix() };
  }

  private wordWithoutSuffix(code: number, text: string, context: string | false | undefined): WordedReply {
    if (code === 530) return this.refusalOfAnonymousMail();
    const worded = wordReply(code, text, context);
    if (worded.code !== 500) return worded;
    return { code: 500, text: `5.3.3 Unrecognized command '${this.lastCommand}'` };
  }

  /** MAIL without AUTH; before TLS the text of port 587 (fact sheet microsoft 4.3, inferred). */
  private refusalOfAnonymousMail(): WordedReply {
    return this.secure
      ? { code: 530, text: '5.7.57 Client not authenticated to send mail.' }
      : { code: 451, text: '5.7.3 STARTTLS is required to send mail' };
  }

  /** ` [<host> <time> <session>]`, at the end of error replies but those of the mailbox server. */
  private errorSuffix(): string {
    return ` [${this.frontEnd.name}.${this.frontEnd.forest} ${this.clock.timestamp()} ${this.id}]`;
  }

  private get publicHost(): string {
    return `${this.frontEnd.name}.outlook.office365.com`;
  }
}
