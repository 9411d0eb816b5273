import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Duplex, Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { SMTPError } from 'nodemailer/lib/smtp-connection';
import { ConnectionError, lossOf, markStage } from '#libs/network';
import type { Clock, Timer } from '#libs/simulation';
import { NodeTrust, TlsError } from '#libs/trust';
import type { ServerAddress } from './submission-failure.ts';

type UpgradeCallback = (error: Error | null, secured?: boolean) => void;

/** Steps of nodemailer that are not in its types: where the server can be judged, and where a command goes out. */
interface Steps {
  _upgradeConnection: (this: SMTPConnection, callback: UpgradeCallback) => void;
  _sendCommand: (this: SMTPConnection, command: string, logged?: string) => void;
  _createSendStream: (this: SMTPConnection, callback: unknown) => Readable;
  _actionEHLO: (this: SMTPConnection, reply: string) => void;
  _onData: (this: SMTPConnection, chunk: Buffer) => void;
  _actionRCPT: (this: SMTPConnection, reply: string, callback: (error: Error) => void) => void;
  _formatError: (this: SMTPConnection, message: string, type: string, reply: string, command: string) => Error;
  _onError: (this: SMTPConnection, error: Error, type: string, data: unknown, command?: string) => void;
}

const steps = SMTPConnection.prototype as unknown as Steps;

/** The step of the session that a command begins; others go on with the step under way. */
const STAGES = {
  EHLO: 'ehlo',
  STARTTLS: 'starttls',
  AUTH: 'auth',
  MAIL: 'mail',
  RCPT: 'rcpt',
  DATA: 'data',
} as const;

type SessionStage = 'greeting' | 'tls' | 'end-of-data' | (typeof STAGES)[keyof typeof STAGES];

/** nodemailer's own bounds on the phases of a session: above `readTimeoutMs`, which a real node's client has. */
const PHASE_MS_MAX = 600_000;

export interface TrustingSmtpConnectionOptions {
  clock: Clock;
  trust: NodeTrust;
  /** What was dialled. */
  wire: Duplex;
  host: string;
  port: number;
  /** Milliseconds that the server may be silent when it is its turn. */
  readTimeoutMs: number;
  /** TLS is required: a server that does not offer STARTTLS is left. */
  requireTls: boolean;
}

/**
 * nodemailer's SMTP client whose TLS server is judged by the node's Trusted Certificates, at the node's time, and that
 * waits in the testbed's time. It tells the connection each step, and sends one command at a time as JavaMail does.
 */
export class TrustingSmtpConnection extends SMTPConnection {
  /** Called before the first octet of a message goes out. */
  onMessage: (() => void) | undefined;
  private sessionStage: SessionStage = 'greeting';
  private readTimer: Timer | undefined;
  /** Why TLS did not come about; nodemailer wraps the error and loses its class. */
  private tlsFailure: TlsError | undefined;
  /** The socket's own error; nodemailer gives the same object another code. */
  private socketError: Error | undefined;

  constructor(
    private readonly settings: TrustingSmtpConnectionOptions,
    options: ConstructorParameters<typeof SMTPConnection>[0],
  ) {
    super({
      ...options,
      host: settings.host,
      port: settings.port,
      connectionTimeout: PHASE_MS_MAX,
      greetingTimeout: PHASE_MS_MAX,
      socketTimeout: PHASE_MS_MAX,
      tls: { servername: settings.host, ...NodeTrust.clientOptions },
    });
    this.enter('greeting');
    this.once('end', () => this.readTimer?.cancel());
  }

  get server(): ServerAddress {
    const { host, port } = this.settings;
    return { host, port };
  }

  /** What an error of nodemailer's means, unless the server's reply says it. */
  lossFrom(error: Error): TlsError | ConnectionError {
    const { host, port, trust, wire } = this.settings;
    if (this.tlsFailure) return this.tlsFailure;
    const cause = this.socketError ?? error;
    if (this.sessionStage === 'tls') this.tlsFailure = trust.handshakeFailed(wire, host, cause);
    return this.tlsFailure ?? new ConnectionError(lossOf(cause), this.sessionStage, { host, port }, cause);
  }

  _sendCommand(command: string, logged?: string): void {
    const verb = command.split(/[ :]/, 1)[0]?.toUpperCase() ?? '';
    this.enter(isStaged(verb) ? STAGES[verb] : this.sessionStage);
    steps._sendCommand.call(this, command, logged);
  }

  _createSendStream(callback: unknown): Readable {
    this.onMessage?.();
    const stream = steps._createSendStream.call(this, callback);
    stream.once('end', () => this.enter('end-of-data'));
    return stream;
  }

  _onError(error: Error, type: string, data: unknown, command?: string): void {
    this.socketError ??= Object.assign(new Error(error.message), error);
    steps._onError.call(this, error, type, data, command);
  }

  _onData(chunk: Buffer): void {
    if (this.readTimer) this.awaitServer();
    steps._onData.call(this, chunk);
  }

  _actionEHLO(reply: string): void {
    const { host, requireTls, trust, wire } = this.settings;
    if (requireTls && !this.secure && reply.startsWith('2') && !/[ -]STARTTLS\b/i.test(reply)) {
      this.tlsFailure = trust.startTlsNotOffered(wire, host);
      this._onError(this.tlsFailure, 'ETLS', false, 'EHLO');
      return;
    }
    steps._actionEHLO.call(this, reply.replace(/^250[ -]PIPELINING\r?\n/im, ''));
  }

  /** JavaMail sends a message to all of its recipients or to none (`mail.smtp.sendpartial` is off). */
  _actionRCPT(reply: string, callback: (error: Error) => void): void {
    if (reply.startsWith('2')) return steps._actionRCPT.call(this, reply, callback);
    callback(steps._formatError.call(this, 'Recipient command failed', 'EENVELOPE', reply, 'RCPT TO'));
  }

  _upgradeConnection(callback: UpgradeCallback): void {
    const { host, trust, wire } = this.settings;
    this.enter('tls');
    const judge: UpgradeCallback = (error, secured) => {
      if (error) return callback(error);
      try {
        if (this._socket instanceof TLSSocket) trust.requireTrust(wire, this._socket, host);
      } catch (failure) {
        if (failure instanceof TlsError) this.tlsFailure = failure;
        return callback(failure instanceof Error ? failure : new Error(String(failure)));
      }
      callback(null, secured);
    };
    trust.watch(wire, () => {
      steps._upgradeConnection.call(this, judge);
      return this._socket;
    });
  }

  private enter(stage: SessionStage): void {
    this.sessionStage = stage;
    markStage(this.settings.wire, stage);
    this.awaitServer();
  }

  /** SO_TIMEOUT of a Java socket: begins anew with whatever arrives. */
  private awaitServer(): void {
    const { clock, readTimeoutMs } = this.settings;
    this.readTimer?.cancel();
    this.readTimer = clock.after(readTimeoutMs, () => {
      const error = Object.assign(new Error('the server is silent'), { code: 'ETIMEDOUT' });
      this._onError(error, 'ETIMEDOUT', false, 'CONN');
      this.settings.wire.destroy();
    });
  }
}

/** Whether the error carries the server's reply. */
export function hasReply(error: Error): error is SMTPError & { response: string } {
  return 'response' in error && typeof error.response === 'string';
}

function isStaged(verb: string): verb is keyof typeof STAGES {
  return Object.hasOwn(STAGES, verb);
}
