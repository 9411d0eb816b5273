import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { InvariantError } from '#libs/diagnosis';
import type { Clock, Journal, Random } from '#libs/simulation';
import { DialError, type DialFailure } from './dial.error.ts';
import { connectThroughProxy } from './http-connect.ts';
import { Link } from './link.ts';

/** `open`: anything may leave. `proxy-only`: the firewall drops what does not come from the proxy. */
export type EgressPolicy = 'open' | 'proxy-only';

/** One end of the simulated network: an ISE node, a proxy, a Microsoft service. */
export interface Host {
  name: string;
  address: string;
  /** Inside hosts reach one another whatever the egress policy is. */
  zone: 'inside' | 'internet';
  /** May leave although the policy is `proxy-only`. */
  mayLeave?: boolean;
}

export interface ProxySetting {
  host: string;
  port: number;
  userName?: string;
  password?: string;
}

export interface DialRequest {
  host: string;
  port: number;
  /** Milliseconds until an unanswered connection attempt fails with `connect-timeout`. */
  timeoutMs: number;
  proxy?: ProxySetting | undefined;
}

/** Where the real server behind a simulated address and port listens. */
interface Listener {
  loopbackHost: string;
  loopbackPort: number;
}

export interface SimulatedNetworkOptions {
  clock: Clock;
  journal: Journal;
  random: Random;
  /** One-way latency of a connection, drawn once per connection; 0 leaves the bare socket (real-time use). */
  latencyMs: { min: number; max: number };
}

/**
 * Names, addresses, routes and firewall between the hosts of a testbed. Listeners are real sockets on loopback;
 * what lies between is simulated. Every outbound connection in the testbed is made by `dial`.
 */
export class SimulatedNetwork {
  private readonly hosts = new Map<string, Host>();
  private readonly addresses = new Map<string, string>();
  private readonly listeners = new Map<string, Listener>();
  private readonly cutOff = new Set<string>();
  /** Open connections, with the addresses at their two ends. */
  private readonly open = new Map<Link | Socket, readonly [string, string]>();
  private readonly random: Random;
  egress: EgressPolicy = 'open';

  constructor(private readonly options: SimulatedNetworkOptions) {
    this.random = options.random.stream('network');
  }

  addHost(host: Host, names: readonly string[] = [host.name]): void {
    this.hosts.set(host.name, host);
    for (const name of names) this.addresses.set(name.toLowerCase(), host.address);
  }

  /** Says where the real listener behind a simulated address and port is. */
  listen(hostName: string, port: number, loopback: { host: string; port: number }): void {
    const host = this.hostNamed(hostName);
    this.listeners.set(`${host.address}:${port}`, { loopbackHost: loopback.host, loopbackPort: loopback.port });
  }

  /** Nothing gets to or from this host until it is healed; its open connections break. */
  cut(hostName: string): void {
    const { address } = this.hostNamed(hostName);
    this.cutOff.add(address);
    for (const [connection, ends] of this.open) if (ends.includes(address)) breakOff(connection);
  }

  heal(hostName: string): void {
    this.cutOff.delete(this.hostNamed(hostName).address);
  }

  viewOf(hostName: string): NetworkView {
    return new NetworkView(this, this.hostNamed(hostName));
  }

  /** Ends every connection that was dialled and is still open. */
  close(): void {
    for (const connection of this.open.keys()) breakOff(connection);
    this.open.clear();
  }

  /** @internal Called by `NetworkView`, which adds the node's own name table. */
  async dialFrom(source: Host, request: DialRequest, ownNames: ReadonlyMap<string, string | null>): Promise<Duplex> {
    const { proxy, ...target } = request;
    if (!proxy) return this.connectDirectly(source, target, ownNames);
    const toProxy = { host: proxy.host, port: proxy.port, timeoutMs: request.timeoutMs };
    const connection = await this.connectDirectly(source, toProxy, ownNames, request);
    return connectThroughProxy(connection, proxy, request, this.options.clock);
  }

  private async connectDirectly(
    source: Host,
    request: DialRequest,
    ownNames: ReadonlyMap<string, string | null>,
    beyondProxy?: DialRequest,
  ): Promise<Duplex> {
    const { clock, journal } = this.options;
    const { host, port } = request;
    const dialled = journal.record({
      kind: 'network.dialled',
      node: source.name,
      host,
      port,
      ...(beyondProxy ? { proxyFor: `${beyondProxy.host}:${beyondProxy.port}` } : {}),
    });
    const startedAt = clock.now();
    const fail = (failure: DialFailure, cause?: unknown): DialError => {
      const ms = clock.now() - startedAt;
      journal.record({ kind: 'network.failed', node: source.name, cause: dialled.seq, host, port, failure, ms });
      return new DialError(failure, { host, port }, cause);
    };

    const roundTripMs = 2 * this.drawLatency();
    if (roundTripMs > 0) await clock.sleep(roundTripMs / 2);
    const ownAnswer = ownNames.get(host.toLowerCase());
    const address = isIP(host) ? host : ownAnswer === undefined ? this.addresses.get(host.toLowerCase()) : ownAnswer;
    if (!address) throw fail('dns-failure');
    if (this.isDropped(source, address)) {
      await clock.sleep(request.timeoutMs - roundTripMs / 2);
      throw fail('connect-timeout');
    }
    const listener = this.listeners.get(`${address}:${port}`);
    if (!listener) {
      if (!this.isKnownAddress(address)) {
        await clock.sleep(request.timeoutMs - roundTripMs / 2);
        throw fail('connect-timeout');
      }
      throw fail('connection-refused');
    }
    let socket: Socket;
    try {
      socket = await connectLoopback(listener);
    } catch (cause) {
      throw fail('connection-refused', cause);
    }
    const connected = journal.record({
      kind: 'network.connected',
      node: source.name,
      cause: dialled.seq,
      host,
      port,
      address,
      ms: clock.now() - startedAt,
    });
    if (socket.localPort !== undefined) journal.linkPeer(socket.localPort, connected.seq);
    const connection = roundTripMs > 0 ? new Link(socket, clock, roundTripMs / 2, address, port) : socket;
    this.open.set(connection, [source.address, address]);
    connection.once('close', () => this.open.delete(connection));
    return connection;
  }

  private drawLatency(): number {
    const { min, max } = this.options.latencyMs;
    return this.random.integer(min, max);
  }

  private isDropped(source: Host, address: string): boolean {
    if (this.cutOff.has(source.address) || this.cutOff.has(address)) return true;
    const inside = [...this.hosts.values()].some((host) => host.address === address && host.zone === 'inside');
    return this.egress === 'proxy-only' && source.zone === 'inside' && !source.mayLeave && !inside;
  }

  private isKnownAddress(address: string): boolean {
    return [...this.hosts.values()].some((host) => host.address === address);
  }

  private hostNamed(name: string): Host {
    const host = this.hosts.get(name);
    if (!host) throw new InvariantError(`no host named ${name} on the simulated network`);
    return host;
  }
}

/** What one host sees of the network: the common names, overlaid with its own name table. */
export class NetworkView {
  private readonly ownNames = new Map<string, string | null>();

  constructor(
    private readonly network: SimulatedNetwork,
    private readonly host: Host,
  ) {}

  /** Overrides a name for this host alone; `null` makes it unresolvable. */
  setName(name: string, address: string | null): void {
    this.ownNames.set(name.toLowerCase(), address);
  }

  /**
   * Opens a TCP connection, through the proxy when one is given.
   *
   * @throws DialError when it does not come about
   */
  dial(request: DialRequest): Promise<Duplex> {
    return this.network.dialFrom(this.host, request, this.ownNames);
  }
}

function breakOff(connection: Link | Socket): void {
  if (connection instanceof Link) connection.cut();
  else connection.destroy();
}

function connectLoopback(listener: Listener): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: listener.loopbackHost, port: listener.loopbackPort, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
