import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { JSONWebKeySet, JWK } from 'jose';
import { InvariantError } from '#libs/diagnosis';
import type { Clock, Journal, Random } from '#libs/simulation';
import type { EntraDirectory } from './entra-directory.ts';
import { EntraEndpoints } from './entra-endpoints.ts';
import { TokenIssuer } from './token-issuer.ts';

/** A request body longer than this is not read: the connection is closed. */
const BODY_BYTES_MAX = 65_536;

const ORIGIN = 'https://login.microsoftonline.com';

/** PKCS #8 key, and the chain without the root. `maxVersion`: a server that speaks nothing newer; default TLS 1.2 and 1.3. */
interface TlsCredentials {
  keyPem: string;
  certificateChainPem: string;
  maxVersion?: 'TLSv1.1';
}

export interface EntraMockOptions {
  directory: EntraDirectory;
  clock: Clock;
  journal: Journal;
  random: Random;
  /** Of the TLS server: PKCS #8 key, and the chain without the root. */
  credentials: { keyPem: string; certificateChainPem: string };
  /** RSA private key that signs the tokens. */
  signingKey: JWK;
  /** When that key was first published, epoch milliseconds: the same key and instant have the same `kid`. Default: now. */
  signingKeyValidFrom?: number | undefined;
  /** Time between a request and its answer, drawn anew for each. Default 400 to 900 ms; zero in real time. */
  processingMs?: { min: number; max: number };
}

/** The simulated `login.microsoftonline.com`: token endpoint and discovery over HTTPS, answering from a directory. */
export class EntraMock {
  private readonly issuer: TokenIssuer;
  private readonly endpoints: EntraEndpoints;

  constructor(private readonly options: EntraMockOptions) {
    const { directory, signingKey, signingKeyValidFrom, clock, journal } = options;
    this.issuer = new TokenIssuer({ directory, signingKey, signingKeyValidFrom, clock });
    this.endpoints = new EntraEndpoints(directory, this.issuer, clock, journal);
  }

  /** The keys that its tokens are verified with, without a request; none before it is started. */
  publicKeys(): JSONWebKeySet {
    return { keys: [...this.issuer.publicKeys] };
  }

  /** Signs with this RSA private key from now on, by default with a fresh one. Older keys still verify. Gives its `kid`. */
  rotateSigningKey(key?: JWK): Promise<string> {
    return this.issuer.rotate(key);
  }

  /** Takes an old key out of the JWKS: tokens that it signed no longer verify. */
  retireSigningKey(keyId: string): void {
    this.issuer.retire(keyId);
  }

  /** Port 0 takes a free one. */
  async start({ host = '127.0.0.1', port = 0 } = {}): Promise<StartedEntraMock> {
    await this.issuer.prepare();
    const started = new StartedEntraMock(this.options, this.endpoints, host);
    await started.listen(port);
    return started;
  }
}

export class StartedEntraMock {
  private readonly server: Server;
  private readonly closing = new AbortController();
  private readonly sockets = new Set<Socket>();
  /** By the port of the client's end: one stream of chance per connection, so that concurrent ones stay independent. */
  private readonly streams = new Map<number, Random>();
  private connectionCount = 0;
  private listeningPort = 0;

  constructor(
    private readonly options: EntraMockOptions,
    private readonly endpoints: EntraEndpoints,
    readonly host: string,
  ) {
    const { keyPem, certificateChainPem } = options.credentials;
    this.server = createServer({ key: keyPem, cert: certificateChainPem, minVersion: 'TLSv1.2' });
    this.server.on('connection', (socket: Socket) => this.accept(socket));
    this.server.on('request', (request, response) => this.handle(request, response));
  }

  get port(): number {
    return this.listeningPort;
  }

  async listen(port: number): Promise<void> {
    this.server.listen(port, this.host);
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new InvariantError('the token endpoint has no TCP port');
    this.listeningPort = address.port;
  }

  /** Presents another chain from the next connection on. */
  setCredentials({ keyPem, certificateChainPem, maxVersion }: TlsCredentials): void {
    this.server.setSecureContext({ key: keyPem, cert: certificateChainPem, ...tlsVersions(maxVersion) });
  }

  /** Ends all connections at once, whatever they wait for. */
  async close(): Promise<void> {
    this.closing.abort(new Error('the token endpoint is closing'));
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    this.connectionCount += 1;
    const { remotePort = 0 } = socket;
    this.sockets.add(socket);
    this.streams.set(remotePort, this.options.random.stream(`connection ${this.connectionCount}`));
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.streams.delete(remotePort);
    });
  }

  /** Answers a request; also one that came in through another HTTPS server. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const { journal, random } = this.options;
    const { remotePort = 0 } = request.socket;
    const stream = this.streams.get(remotePort) ?? random;
    journal.within(journal.causeOfPeer(request.socket), () => {
      this.answer(request, response, stream).catch((error: unknown) => {
        response.destroy();
        if (!this.closing.signal.aborted && !isConnectionLoss(error)) throw error;
      });
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse, random: Random): Promise<void> {
    const { clock, processingMs = { min: 400, max: 900 } } = this.options;
    const body = await readBody(request);
    if (body === undefined) return void response.destroy();
    const waitMs = random.integer(processingMs.min, processingMs.max);
    if (waitMs > 0) await clock.sleep(waitMs, this.closing.signal);
    const url = URL.parse(request.url ?? '/', ORIGIN) ?? new URL(ORIGIN);
    const reply = await this.endpoints.answer(
      { method: request.method ?? '', url, headers: request.headers, body },
      random,
    );
    response.writeHead(reply.status, {
      ...reply.headers,
      Date: new Date(clock.now()).toUTCString(),
      'Content-Length': Buffer.byteLength(reply.body),
    });
    response.end(reply.body);
  }
}

function tlsVersions(maxVersion: TlsCredentials['maxVersion']) {
  return maxVersion ? { minVersion: 'TLSv1' as const, maxVersion } : { minVersion: 'TLSv1.2' as const };
}

/** The client went away in the middle of its request. */
function isConnectionLoss(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

/** Undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new InvariantError('a request without encoding is read as bytes');
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
