import MailComposer from 'nodemailer/lib/mail-composer';
import type { SMTPError } from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ConnectionError, DialError, type NetworkView, type ProxySetting } from '#libs/network';
import { LOGGERS, type GuestLog, type Logger } from '#libs/node-log';
import type { OauthTokenCache } from '#libs/oauth-client';
import { OAUTH_SCOPE, type SmtpServerForm } from '#libs/settings';
import type { Clock, Journal } from '#libs/simulation';
import { TlsError, type NodeTrust } from '#libs/trust';
import { javaExceptionOf } from './java-exception.ts';
import { publicSettings } from './public-settings.ts';
import { parseReply, type ServerAddress, type SubmissionFailure, type SubmissionPeer } from './submission-failure.ts';
import { hasReply, TrustingSmtpConnection } from './trusting-smtp-connection.ts';

/** A composed mail on its way out. */
export interface OutgoingMail {
  /** Unique in the deployment; also the left part of the Message-ID. */
  id: string;
  /** Which of ISE's mails it is: `guest-credentials`, `alarm`, … */
  type?: string | undefined;
  from: string;
  to: readonly string[];
  cc: readonly string[];
  subject: string;
  text: string;
}

export type SessionOutcome<T> = { kind: 'done'; value: T } | { kind: 'failed'; failure: SubmissionFailure };

/** What a session is for. */
interface Purpose {
  /** With a token of its own. */
  fresh?: boolean;
  mailType?: string | undefined;
}

export interface SmtpSessionOptions {
  node: string;
  fqdn: string;
  clock: Clock;
  journal: Journal;
  log: GuestLog;
  network: NetworkView;
  trust: NodeTrust;
  tokens: OauthTokenCache;
  /** The proxy for SMTP, if SMTP is proxied. */
  proxyFor: (host: string) => ProxySetting | undefined;
}

/**
 * The path of a mail from a node to the SMTP server: token, dial, STARTTLS, AUTH, and the message. Test Connection
 * walks the same path and stops after AUTH (fact sheet ise 3), so it can't see what is refused after DATA.
 */
export class SmtpSession {
  private readonly sessionLog: Logger;

  constructor(private readonly options: SmtpSessionOptions) {
    this.sessionLog = options.log.logger(LOGGERS.smtpSession);
  }

  /** Connects and authenticates with exactly these settings, with a token of their own. */
  async testConnection(settings: SmtpServerForm): Promise<SessionOutcome<void>> {
    const outcome = await this.connected(settings, { fresh: true }, async () => undefined);
    if (outcome.kind === 'done') this.sessionLog.debug(`connect: session with ${settings.smtpServer} established`);
    return outcome;
  }

  /**
   * Submits one mail; resolves with the server's final reply line.
   *
   * @param onMessage called before the first octet of the message is sent: from then on the server may take it
   */
  async submit(
    settings: SmtpServerForm,
    mail: OutgoingMail,
    onMessage: () => void = () => undefined,
  ): Promise<SessionOutcome<string>> {
    return this.connected(settings, { mailType: mail.type }, (connection) => {
      connection.onMessage = onMessage;
      return this.send(connection, mail);
    });
  }

  private async connected<T>(
    settings: SmtpServerForm,
    purpose: Purpose,
    work: (connection: TrustingSmtpConnection) => Promise<T>,
  ): Promise<SessionOutcome<T>> {
    const timeoutMs = settings.connectionTimeoutSeconds * 1000;
    let connection: TrustingSmtpConnection | undefined;
    this.options.journal.record({ kind: 'smtp.session-started', node: this.options.node, ...publicSettings(settings) });
    try {
      const token = await this.tokenFor(settings, purpose, timeoutMs);
      connection = await this.connect(settings, purpose, timeoutMs);
      await this.authenticate(connection, settings, token);
      const value = await work(connection);
      connection.quit();
      return { kind: 'done', value };
    } catch (error) {
      connection?.close();
      const failure = failureOf(error);
      this.logFailure(failure, timeoutMs);
      return { kind: 'failed', failure };
    }
  }

  private async tokenFor(
    settings: SmtpServerForm,
    { fresh = false, mailType }: Purpose,
    timeoutMs: number,
  ): Promise<string | undefined> {
    if (settings.authentication !== 'oauth') return undefined;
    const { tenantId, clientId, clientSecret } = settings;
    const request = { tenantId, clientId, clientSecret, scope: OAUTH_SCOPE };
    const outcome = await this.options.tokens.acquire(request, { fresh, timeoutMs, mailType });
    switch (outcome.kind) {
      case 'granted':
        return outcome.accessToken;
      case 'refused':
        throw new SubmissionFailed({ stage: 'token', refusal: outcome });
      case 'garbled':
        throw new SubmissionFailed({ stage: 'token-garbled', description: outcome.description });
      case 'unreachable':
        throw new SubmissionFailed(unreachable('token-endpoint', outcome.error));
    }
  }

  private async connect(
    settings: SmtpServerForm,
    { mailType }: Purpose,
    timeoutMs: number,
  ): Promise<TrustingSmtpConnection> {
    const { clock, network, trust, fqdn, proxyFor } = this.options;
    const { smtpServer: host, smtpPort: port, encryption, authentication } = settings;
    // Whatever the toggle says: a token in plain text would let anybody on the way send as the mailbox.
    const requireTls = encryption || authentication === 'oauth';
    const wire = await network.dial({ host, port, timeoutMs, proxy: proxyFor(host), mailType });
    const connection = new TrustingSmtpConnection(
      { clock, trust, wire, host, port, readTimeoutMs: timeoutMs, requireTls },
      {
        connection: asSocket(wire),
        name: fqdn,
        requireTLS: requireTls,
        ignoreTLS: !requireTls,
      },
    );
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error): void =>
        reject(hasReply(error) ? refusalOf('session', error, { host, port }) : connection.lossFrom(error));
      // Stays on: a connection that breaks later tells the step under way, and must not bring the node down.
      connection.on('error', fail);
      connection.connect((error) => (error ? fail(error) : resolve()));
    });
    return connection;
  }

  private async authenticate(
    connection: TrustingSmtpConnection,
    settings: SmtpServerForm,
    token: string | undefined,
  ): Promise<void> {
    if (settings.authentication === 'none') return;
    // As JavaMail does: a password that the server asks for nowhere is not sent; the server refuses the mail instead.
    if (settings.authentication === 'password' && !connection.allowsAuth) return;
    const auth =
      settings.authentication === 'oauth'
        ? { user: settings.emailAddress, oauth2: new XOAuth2({ user: settings.emailAddress, accessToken: token }) }
        : { user: settings.userName, pass: settings.password };
    await this.step('auth', connection, (done) => connection.login(auth, done));
    const user = settings.authentication === 'oauth' ? settings.emailAddress : settings.userName;
    this.options.journal.record({ kind: 'smtp.authenticated', node: this.options.node, user });
  }

  private async send(connection: TrustingSmtpConnection, mail: OutgoingMail): Promise<string> {
    const message = await new MailComposer({
      messageId: `<${mail.id}@${this.options.fqdn}>`,
      date: new Date(this.options.clock.now()),
      from: { name: mail.from, address: mail.from },
      to: [...mail.to],
      cc: [...mail.cc],
      subject: mail.subject,
      text: mail.text,
    })
      .compile()
      .build();
    const envelope = { from: mail.from, to: [...mail.to, ...mail.cc] };
    const info = await this.step<{ response: string }>('data', connection, (done) =>
      connection.send(envelope, message, done),
    );
    return info.response;
  }

  /** Runs one exchange with the server and gives its refusal the stage it happened in. */
  private step<T>(
    stage: 'auth' | 'data',
    connection: TrustingSmtpConnection,
    exchange: (done: (error: SMTPError | null, result?: T) => void) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (error: SMTPError): void =>
        reject(hasReply(error) ? refusalOf(stage, error, connection.server) : connection.lossFrom(error));
      connection.once('error', fail);
      exchange((error, result) => {
        connection.off('error', fail);
        if (error) fail(error);
        else resolve(result as T);
      });
    });
  }

  private logFailure(failure: SubmissionFailure, timeoutMs: number): void {
    const { journal, node } = this.options;
    const alreadyLogged = failure.stage === 'tls' && failure.peer === 'token-endpoint';
    if (!alreadyLogged) this.sessionLog.error(javaExceptionOf(failure, timeoutMs));
    journal.record({ kind: 'smtp.session-failed', node, ...describe(failure) });
  }
}

/** Carries a failure of the path up to the session; never leaves this file. */
class SubmissionFailed extends Error {
  constructor(readonly failure: SubmissionFailure) {
    super(failure.stage);
  }
}

function failureOf(error: unknown): SubmissionFailure {
  if (error instanceof SubmissionFailed) return error.failure;
  if (isUnreachable(error)) return unreachable('smtp', error);
  if (error instanceof Error) return { stage: 'protocol', description: error.message };
  throw error;
}

type Unreachable = DialError | TlsError | ConnectionError;

function isUnreachable(error: unknown): error is Unreachable {
  return error instanceof DialError || error instanceof TlsError || error instanceof ConnectionError;
}

function unreachable(peer: SubmissionPeer, error: Unreachable): SubmissionFailure {
  if (error instanceof DialError) return { stage: 'dial', peer, error };
  return error instanceof TlsError ? { stage: 'tls', peer, error } : { stage: 'connection', peer, error };
}

function refusalOf(stage: 'session' | 'auth' | 'data', error: SMTPError, server: ServerAddress): SubmissionFailed {
  const reply = error.response === undefined ? undefined : parseReply(error.response);
  if (!reply) return new SubmissionFailed({ stage: 'protocol', description: error.message });
  if (stage === 'session') {
    return new SubmissionFailed({ stage, during: error.command === 'CONN' ? 'greeting' : 'starttls', server, reply });
  }
  const envelope = error.command === 'MAIL FROM' || error.command === 'RCPT TO';
  return new SubmissionFailed({ stage: envelope ? 'envelope' : stage, reply });
}

/** The failure as flat journal fields. */
export function describe(failure: SubmissionFailure): Record<string, string | number | undefined> {
  switch (failure.stage) {
    case 'settings':
      return { stage: failure.stage, code: 'settings.not-configured' };
    case 'dial':
    case 'tls':
      return { stage: failure.stage, peer: failure.peer, code: failure.error.code };
    case 'connection':
      return {
        stage: failure.stage,
        peer: failure.peer,
        host: failure.error.peer.host,
        code: failure.error.code,
        during: failure.error.during,
      };
    case 'token':
      return { stage: failure.stage, aadsts: failure.refusal.aadsts, error: failure.refusal.error };
    case 'token-garbled':
    case 'protocol':
      return { stage: failure.stage, description: failure.description };
    case 'session':
    case 'auth':
    case 'envelope':
    case 'data':
      return { stage: failure.stage, reply: failure.reply.line };
  }
}

/** nodemailer asks for a socket; it calls nothing that our connections lack. */
function asSocket(connection: Duplex): Socket {
  return connection as Socket;
}
