import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { JSONWebKeySet } from 'jose';
import { InvariantError } from '#libs/diagnosis';
import type { Clock, Journal, Random } from '#libs/simulation';
import { TokenGate } from './access.ts';
import type { GraphDirectory } from './graph-directory.ts';
import { GraphEndpoints } from './graph-endpoints.ts';

/** A request body longer than this is not read: the connection is closed. */
const BODY_BYTES_MAX = 1_048_576;

const ORIGIN = 'https://graph.microsoft.com';

export interface GraphMockOptions {
  directory: GraphDirectory;
  /** The keys that a tenant's tokens are verified with, from where everybody gets them: the tenant's JWKS. */
  keysOf: (tenantId: string) => Promise<JSONWebKeySet>;
  clock: Clock;
  journal: Journal;
  random: Random;
  /** Of the TLS server: PKCS #8 key, and the chain without the root. */
  credentials: { keyPem: string; certificateChainPem: string };
  /** Time between a request and its answer, drawn anew for each. Default 100 to 400 ms; zero in real time. */
  processingMs?: { min: number; max: number };
}

/** The simulated `graph.microsoft.com`: Microsoft Graph v1.0 over HTTPS, as far as a tenant is set up for mail with it. */
export class GraphMock {
  private readonly endpoints: GraphEndpoints;

  constructor(private readonly options: GraphMockOptions) {
    const { directory, keysOf, clock, journal } = options;
    this.endpoints = new GraphEndpoints(directory, new TokenGate(keysOf, clock), clock, journal);
  }

  /** Port 0 takes a free one. */
  async start({ host = '127.0.0.1', port = 0 } = {}): Promise<StartedGraphMock> {
    const started = new StartedGraphMock(this.options, this.endpoints, host);
    await started.listen(port);
    return started;
  }
}

export class StartedGraphMock {
  private readonly server: Server;
  private readonly closing = new AbortController();
  private readonly sockets = new Set<Socket>();
  /** By the port of the client's end: one stream of chance per connection, so that concurrent ones stay independent. */
  private readonly streams = new Map<number, Random>();
  private connectionCount = 0;
  private listeningPort = 0;

  constructor(
    private readonly options: GraphMockOptions,
    private readonly endpoints: GraphEndpoints,
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
    if (address === null || typeof address === 'string') throw new InvariantError('Graph has no TCP port');
    this.listeningPort = address.port;
  }

  /** Ends all connections at once, whatever they wait for. */
  async close(): Promise<void> {
    this.closing.abort(new Error('Graph is closing'));
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

  /** Answers a request that came in by another server, such as one front for several hosts. */
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
    const { clock, processingMs = { min: 100, max: 400 } } = this.options;
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
      ...(reply.status === 204 ? {} : { 'Content-Length': Buffer.byteLength(reply.body) }),
    });
    response.end(reply.body);
  }
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
