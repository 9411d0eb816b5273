import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { JSONWebKeySet } from 'jose';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { InvariantError } from '#libs/diagnosis';
import type { Clock, Journal, Random } from '#libs/simulation';
import { ExchangeConnection, MESSAGE_BYTES_MAX, type FrontEnd } from './exchange-connection.ts';
import type { ExchangeOnline, StoredMessage } from './exchange-online.ts';
import { ExchangeSession, type ExchangeContext, type Reply } from './exchange-session.ts';
import { USUAL_PROCESSING, type ProcessingTimes } from './processing-times.ts';
import { KeyRing } from './token-inspection.ts';

const FOREST = 'DEUP281.PROD.OUTLOOK.COM';

/** Of real time: how long a client may be silent. The live service's bound is unknown (fact sheet microsoft 4.9). */
const IDLE_MS_MAX = 300_000;

/** Recipients of one message (fact sheet microsoft 4.7). */
const RECIPIENTS_MAX = 1_000;

/** How long after its end a session is said to be closed: so that the record never races with what the client does next. */
const CLOSED_NOTICE_MS = 1;

export interface ExchangeMockOptions {
  online: ExchangeOnline;
  /** The signing keys of a tenant, as Entra publishes them. */
  keysOf: (tenantId: string) => Promise<JSONWebKeySet>;
  clock: Clock;
  journal: Journal;
  random: Random;
  /** For STARTTLS: PKCS #8 key, and the chain without the root. */
  credentials: { keyPem: string; certificateChainPem: string };
  /** Default `USUAL_PROCESSING`. */
  processing?: Partial<ProcessingTimes>;
}

/** The simulated `smtp.office365.com`: authenticated client submission over STARTTLS, answering from `ExchangeOnline`. */
export class ExchangeMock {
  private readonly frontEnd: FrontEnd;

  constructor(private readonly options: ExchangeMockOptions) {
    const number = String(options.random.stream('front end').integer(1, 9_999)).padStart(4, '0');
    this.frontEnd = { name: `FR3P281CA${number}`, forest: FOREST };
  }

  /** Port 0 takes a free one. */
  async start({ host = '127.0.0.1', port = 0 } = {}): Promise<StartedExchangeMock> {
    const started = new StartedExchangeMock(this.options, this.frontEnd, host);
    await started.listen(port);
    return started;
  }

  /** All messages accepted, oldest first. */
  get messages(): readonly StoredMessage[] {
    return this.options.online.messages;
  }

  deliveredTo(address: string): StoredMessage[] {
    return this.options.online.deliveredTo(address);
  }
}

export class StartedExchangeMock {
  private readonly smtp: ExchangeSmtpServer;
  private readonly closing = new AbortController();
  private readonly sockets = new Set<Socket>();
  private listeningPort = 0;

  constructor(
    options: ExchangeMockOptions,
    frontEnd: FrontEnd,
    readonly host: string,
  ) {
    const { online, keysOf, clock, journal, processing } = options;
    const context: ExchangeContext = {
      online,
      keyRing: new KeyRing(keysOf),
      clock,
      journal,
      processing: { ...USUAL_PROCESSING, ...processing },
      closing: this.closing.signal,
      forest: frontEnd.forest,
    };
    this.smtp = new ExchangeSmtpServer(options, context, frontEnd);
    // A client that breaks off its connection or the TLS handshake; the session's end is in the journal.
    this.smtp.on('error', () => undefined);
    this.smtp.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  get port(): number {
    return this.listeningPort;
  }

  async listen(port: number): Promise<void> {
    this.smtp.listen(port, this.host);
    await once(this.smtp.server, 'listening');
    const address = this.smtp.server.address();
    if (address === null || typeof address === 'string') throw new InvariantError('the SMTP server has no TCP port');
    this.listeningPort = address.port;
  }

  /** Presents another chain from the next STARTTLS on. `maxVersion`: speaks nothing newer; default TLS 1.2 and 1.3. */
  setCredentials(credentials: { keyPem: string; certificateChainPem: string; maxVersion?: 'TLSv1.1' }): void {
    const { keyPem: key, certificateChainPem: cert, maxVersion } = credentials;
    const minVersion = maxVersion ? 'TLSv1' : 'TLSv1.2';
    this.smtp.updateSecureContext({ key, cert, minVersion, maxVersion: maxVersion ?? 'TLSv1.3' });
  }

  /** Ends all sessions at once, whatever they wait for. */
  async close(): Promise<void> {
    this.closing.abort(new Error('the SMTP server is closing'));
    const closed = new Promise<void>((resolve) => this.smtp.close(resolve));
    for (const connection of this.smtp.connections) connection._socket.destroy();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

/** smtp-server whose connections are Exchange's. */
class ExchangeSmtpServer extends SMTPServer {
  private connectionCount = 0;
  private readonly sessions = new Map<string, ExchangeSession>();

  constructor(
    private readonly settings: Pick<ExchangeMockOptions, 'credentials' | 'random'>,
    private readonly context: ExchangeContext,
    private readonly frontEnd: FrontEnd,
  ) {
    super(serverOptions(settings.credentials));
    this.onConnect = (session, callback) => {
      this.inSession(session, async (exchange) => exchange.opened());
      callback();
    };
    this.onClose = (session) => this.noteClosed(session);
    this.onAuth = (auth, session, callback) =>
      this.inSession(session, async (exchange) => {
        const { method, username = '', accessToken = '' } = auth;
        const reply =
          method === 'XOAUTH2'
            ? await exchange.authenticate(username, accessToken)
            : await exchange.refuseBasicAuthentication(username);
        if (reply.code === 235) callback(null, { user: exchange.sessionId });
        else callback(refusal(reply));
      });
    this.onData = (stream, session, callback) =>
      this.inSession(session, async (exchange) => {
        const raw = await readMessage(stream);
        if (!raw) return;
        if (stream.sizeExceeded) return callback(); // answered with 552 by smtp-server
        const { mailFrom, rcptTo } = session.envelope;
        const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
        const reply = await exchange.submit(raw, envelope);
        if (reply.code === 250) callback(null, reply.text);
        else callback(refusal(reply));
      });
  }

  override connect(socket: Socket): void {
    this.connectionCount += 1;
    const random = this.settings.random.stream(`session ${this.connectionCount}`);
    const sessionFor = (sessionId: string, errorSuffix: () => string): ExchangeSession =>
      new ExchangeSession(sessionId, random, this.context, errorSuffix);
    const sessionId = `08DE${random.hex(12).toUpperCase()}`;
    const connection = new ExchangeConnection(this, socket, sessionId, this.frontEnd, this.context.clock, sessionFor);
    this.connections.add(connection);
    this.sessions.set(sessionId, connection.exchange);
    connection.on('error', (error: Error) => this._onError(error));
    connection.init();
  }

  /** Runs `work` as a consequence of the dial that the session came from. Only closing the server may interrupt it. */
  private inSession(session: SMTPServerSession, work: (exchange: ExchangeSession) => Promise<void>): void {
    const exchange = this.sessions.get(session.id);
    const { journal, closing } = this.context;
    if (!exchange) throw new InvariantError('an SMTP session of no connection');
    journal.within(journal.causeOfPeer(session.remotePort), () => {
      work(exchange).catch((error: unknown) => {
        if (!closing.aborted) throw error;
      });
    });
  }

  private noteClosed(session: SMTPServerSession): void {
    const { clock, closing } = this.context;
    if (closing.aborted) return;
    clock.after(CLOSED_NOTICE_MS, () => {
      this.inSession(session, async (exchange) => exchange.closed());
      this.sessions.delete(session.id);
    });
  }
}

function serverOptions({ keyPem, certificateChainPem }: ExchangeMockOptions['credentials']): SMTPServerOptions {
  return {
    key: keyPem,
    cert: certificateChainPem,
    minVersion: 'TLSv1.2',
    authMethods: ['LOGIN', 'XOAUTH2'],
    disabledCommands: ['WIZ', 'SHELL', 'KILL', 'HELP', 'XCLIENT', 'XFORWARD'],
    disableReverseLookup: true,
    hideDSN: false,
    size: MESSAGE_BYTES_MAX,
    rejectOversized: true,
    maxRecipients: RECIPIENTS_MAX,
    socketTimeout: IDLE_MS_MAX,
    logger: false,
  };
}

function refusal({ code, text }: Reply): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** Undefined when the client went away before its end. */
async function readMessage(stream: SMTPServerDataStream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) {
      if (!stream.sizeExceeded) chunks.push(Buffer.from(chunk as Uint8Array));
    }
  } catch {
    return undefined; // cut off inside DATA: there is nobody left to answer
  }
  return Buffer.concat(chunks);
}
