import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { JSONWebKeySet } from 'jose';
import { InvariantError } from '#libs/diagnosis';
import type { Clock, Journal, Random } from '#libs/simulation';
import { ExchangeConnection } from './exchange-connection.ts';
import type { ExchangeOnline, StoredMessage } from './exchange-online.ts';
import { ExchangeSession, type ExchangeContext } from './exchange-session.ts';
import { USUAL_SETTINGS, type ExchangeSettings } from './exchange-settings.ts';
import { USUAL_PROCESSING, type ProcessingTimes } from './processing-times.ts';
import { SessionLog, type SessionRecord } from './session-log.ts';
import { KeyRing } from './token-inspection.ts';

const FOREST = 'DEUP281.PROD.OUTLOOK.COM';

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
  /** Limits, and answers where the real ones are unknown. Default `USUAL_SETTINGS`. */
  settings?: Partial<ExchangeSettings>;
}

/** Who the front end says it is. */
interface FrontEnd {
  /** `FR3P281CA0123`, without a domain. */
  name: string;
  log: SessionLog;
  settings: ExchangeSettings;
}

/** The simulated `smtp.office365.com`: authenticated client submission over STARTTLS, answering from `ExchangeOnline`. */
export class ExchangeMock {
  private readonly frontEnd: FrontEnd;

  constructor(private readonly options: ExchangeMockOptions) {
    const number = String(options.random.stream('front end').integer(1, 9_999)).padStart(4, '0');
    const settings = { ...USUAL_SETTINGS, ...options.settings };
    this.frontEnd = { name: `FR3P281CA${number}`, log: new SessionLog(settings.sessionsKeptMax), settings };
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

  /** The latest sessions with their transcripts, failed ones too, oldest first. */
  get sessions(): readonly SessionRecord[] {
    return this.frontEnd.log.sessions;
  }

  /** Exchange Online as it was seeded, and no session remembered. */
  reset(): void {
    this.options.online.reset();
    this.frontEnd.log.clear();
  }

  deliveredTo(address: string): StoredMessage[] {
    return this.options.online.deliveredTo(address);
  }
}

export class StartedExchangeMock {
  private readonly server: Server;
  private readonly closing = new AbortController();
  private readonly connections = new Set<ExchangeConnection>();
  private readonly context: ExchangeContext;
  private secureContext: ReturnType<typeof createSecureContext>;
  private connectionCount = 0;
  private listeningPort = 0;

  constructor(
    private readonly options: ExchangeMockOptions,
    private readonly frontEnd: FrontEnd,
    readonly host: string,
  ) {
    const { online, keysOf, clock, journal, processing, credentials } = options;
    this.context = {
      online,
      keyRing: new KeyRing(keysOf),
      clock,
      journal,
      processing: { ...USUAL_PROCESSING, ...processing },
      settings: frontEnd.settings,
      log: frontEnd.log,
      closing: this.closing.signal,
      forest: FOREST,
    };
    const { keyPem: key, certificateChainPem: cert } = credentials;
    this.secureContext = createSecureContext({ key, cert, minVersion: 'TLSv1.2' });
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.accept(socket));
  }

  get port(): number {
    return this.listeningPort;
  }

  async listen(port: number): Promise<void> {
    this.server.listen(port, this.host);
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new InvariantError('the SMTP server has no TCP port');
    this.listeningPort = address.port;
  }

  /** Presents another chain from the next STARTTLS on. `maxVersion`: speaks nothing newer; default TLS 1.2 and 1.3. */
  setCredentials(credentials: { keyPem: string; certificateChainPem: string; maxVersion?: 'TLSv1.1' }): void {
    const { keyPem: key, certificateChainPem: cert, maxVersion } = credentials;
    const minVersion = maxVersion ? 'TLSv1' : 'TLSv1.2';
    this.secureContext = createSecureContext({ key, cert, minVersion, maxVersion: maxVersion ?? 'TLSv1.3' });
  }

  /** Changes limits and answers, for sessions under way too. */
  changeSettings(changes: Partial<ExchangeSettings>): void {
    Object.assign(this.frontEnd.settings, changes);
  }

  /** The settings in force. */
  get settings(): Readonly<ExchangeSettings> {
    return this.frontEnd.settings;
  }

  /** Ends all sessions at once, whatever they wait for. */
  async close(): Promise<void> {
    this.closing.abort(new Error('the SMTP server is closing'));
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const connection of this.connections) connection.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    this.connectionCount += 1;
    const { clock, journal, online, settings } = this.context;
    const random = this.options.random.stream(`session ${this.connectionCount}`);
    const sessionId = `08DE${random.hex(12).toUpperCase()}`;
    const suffix = (): string => ` [${this.frontEnd.name}.${FOREST} ${clock.timestamp()} ${sessionId}]`;
    const session = new ExchangeSession(sessionId, random, this.context, suffix);
    const connection = new ExchangeConnection(socket, session, {
      clock,
      journal,
      settings,
      secureContext: this.secureContext,
      publicHost: `${this.frontEnd.name}.outlook.office365.com`,
      isTlsRateExceeded: () => online.conditions.isTlsRateExceeded,
      closing: this.closing.signal,
      onClosed: () => this.noteClosed(connection, session),
    });
    this.connections.add(connection);
    connection.begin(this.connections.size);
  }

  private noteClosed(connection: ExchangeConnection, session: ExchangeSession): void {
    this.connections.delete(connection);
    const { clock, journal } = this.context;
    if (this.closing.signal.aborted) return;
    // Asked now: until the notice is given, the system may have lent both ports to another connection.
    const cause = journal.causeOfPeer(connection.ports);
    clock.after(CLOSED_NOTICE_MS, () => journal.within(cause, () => session.closed()));
  }
}
