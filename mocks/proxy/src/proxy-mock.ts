import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { InvariantError } from '#libs/diagnosis';
import type { Clock, Journal } from '#libs/simulation';
import {
  judgeConnect,
  parseTarget,
  type ConnectRefusal,
  type ConnectRequest,
  type ProxyPolicy,
} from './connect-checks.ts';

/** How long the proxy tries to reach a target before it answers 504. */
const CONNECT_MS_MAX = 30_000;

export interface ProxyMockOptions {
  /** Opens the connection to the target; rejects when it cannot be reached. */
  connectTo: (host: string, port: number) => Promise<Duplex>;
  clock: Clock;
  journal: Journal;
  policy?: ProxyPolicy;
}

/** An HTTP proxy that does nothing but CONNECT. */
export class ProxyMock {
  constructor(private readonly options: ProxyMockOptions) {}

  /** Port 0 takes a free one. */
  async start({ host = '127.0.0.1', port = 0 } = {}): Promise<StartedProxyMock> {
    const started = new StartedProxyMock(this.options, host);
    await started.listen(port);
    return started;
  }
}

export class StartedProxyMock {
  private readonly server: Server = createServer();
  private readonly closing = new AbortController();
  private readonly open = new Set<Duplex>();
  private listeningPort = 0;
  private policy: ProxyPolicy;

  constructor(
    private readonly options: ProxyMockOptions,
    readonly host: string,
  ) {
    const { journal, policy = {} } = options;
    this.policy = policy;
    this.server.on('connection', (socket: Socket) => this.track(socket));
    this.server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
      journal.within(journal.causeOfPeer(request.socket), () => void this.tunnel(request, client, head));
    });
    this.server.on('request', (request, response) => {
      journal.within(journal.causeOfPeer(request.socket), () => {
        this.recordRefusal({ host: '', port: 0 }, { status: 405, reason: 'method' });
        response.writeHead(405, { Allow: 'CONNECT', 'Content-Length': 0 }).end();
      });
    });
  }

  get port(): number {
    return this.listeningPort;
  }

  /** Judges requests by another policy from now on; tunnels that are open stay. */
  setPolicy(policy: ProxyPolicy): void {
    this.policy = policy;
  }

  async listen(port: number): Promise<void> {
    this.server.listen(port, this.host);
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new InvariantError('the proxy has no TCP port');
    this.listeningPort = address.port;
  }

  /** Ends all connections and tunnels at once. */
  async close(): Promise<void> {
    this.closing.abort(new Error('the proxy is closing'));
    const closed = once(this.server, 'close');
    this.server.close();
    for (const connection of this.open) connection.destroy();
    await closed;
  }

  private async tunnel(incoming: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    // A client that breaks off: its end closes the tunnel.
    client.on('error', () => undefined);
    const target = parseTarget(incoming.url ?? '');
    const request: ConnectRequest = { ...target, authorization: incoming.headers['proxy-authorization'] };
    const refusal = judgeConnect(request, this.policy);
    if (refusal) return this.refuse(client, request, refusal);

    const reached = await this.reach(request);
    if ('reason' in reached) return this.refuse(client, request, reached);
    this.track(reached.target);
    if (client.destroyed) return void reached.target.destroy();
    this.options.journal.record({ kind: 'proxy.connected', host: request.host, port: request.port });
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) reached.target.write(head);
    join(client, reached.target);
  }

  /** Whichever comes first: the connection, its failure, the bound, or the end of the proxy. */
  private async reach({ host, port }: ConnectRequest): Promise<{ target: Duplex } | ConnectRefusal> {
    const { connectTo, clock } = this.options;
    const giveUp = new AbortController();
    const abandon = AbortSignal.any([giveUp.signal, this.closing.signal]);
    const connecting = connectTo(host, port);
    const bound = clock.sleep(CONNECT_MS_MAX, abandon).then(
      () => 'timeout' as const,
      () => 'closing' as const,
    );
    try {
      const first = await Promise.race([connecting, bound]);
      if (typeof first !== 'string') return { target: first };
    } catch {
      return { status: 502, reason: 'target-unreachable' };
    } finally {
      giveUp.abort();
    }
    connecting.then(
      (late) => late.destroy(),
      () => undefined,
    );
    return { status: 504, reason: 'target-timeout' };
  }

  private refuse(client: Duplex, request: ConnectRequest, refusal: ConnectRefusal): void {
    if (this.closing.signal.aborted) return void client.destroy();
    this.recordRefusal(request, refusal);
    const challenge = refusal.status === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : '';
    const status = `${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`;
    client.end(`HTTP/1.1 ${status}\r\n${challenge}Connection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  private recordRefusal({ host, port }: ConnectRequest, { status, reason }: ConnectRefusal): void {
    const known = reason !== 'target-malformed' && reason !== 'method';
    const target = known ? { host, port } : {};
    this.options.journal.record({ kind: 'proxy.refused', ...target, status, reason });
  }

  private track(connection: Duplex): void {
    this.open.add(connection);
    connection.once('close', () => this.open.delete(connection));
  }
}

/** Carries bytes both ways; the failure of one side is the end of the other. */
function join(client: Duplex, target: Duplex): void {
  pipeline(client, target, () => undefined);
  pipeline(target, client, () => undefined);
}
