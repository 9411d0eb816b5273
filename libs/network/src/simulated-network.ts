import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { InvariantError } from '#libs/diagnosis';
import type { ConnectionFaults, FaultPlan } from '#libs/fault';
import type { Clock, Journal, Random } from '#libs/simulation';
import { DialError, type DialFailure } from './dial.error.ts';
import { dialFaultOutcome } from './dial-faults.ts';
import { Firewall, type EgressPolicy } from './firewall.ts';
import type { Host } from './host.ts';
import { connectThroughProxy } from './http-connect.ts';
import { Link } from './link.ts';

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
  /** The mail that the connection is for, if it is for one. */
  mailType?: string | undefined;
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
  /**
   * What is wrong with the wire. Without latency, a connection that was dialled while the plan was empty is a bare
   * socket, which later faults do not reach.
   */
  faults?: FaultPlan;
}

/**
 * Names, addresses, routes and firewall between the hosts of a testbed. Listeners are real sockets on loopback;
 * what lies between is simulated. Every outbound connection in the testbed is made by `dial`.
 */
export class SimulatedNetwork {
  private readonly hosts = new Map<string, Host>();
  private readonly addresses = new Map<string, string>();
  private readonly listeners = new Map<string, Listener>();
  private readonly firewall = new Firewall();
  private readonly stopped = new Set<string>();
  /** By address and port: who answers hosts inside instead of the one they dialled. */
  private readonly diversions = new Map<string, Listener>();
  private readonly views = new Map<string, NetworkView>();
  /** Open connections, with the addresses at their two ends. */
  private readonly open = new Map<Link | Socket, readonly [string, string]>();
  private readonly random: Random;

  constructor(private readonly options: SimulatedNetworkOptions) {
    this.random = options.random.stream('network');
  }

  get egress(): EgressPolicy {
    return this.firewall.egress;
  }

  set egress(policy: EgressPolicy) {
    this.firewall.egress = policy;
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
    this.firewall.cut(address);
    this.dropConnections(hostName);
  }

  heal(hostName: string): void {
    this.firewall.heal(this.hostNamed(hostName).address);
  }

  /** The firewall drops what leaves for this port, whoever sends it. Open connections go on. */
  block(port: number): void {
    this.firewall.block(port);
  }

  unblock(port: number): void {
    this.firewall.unblock(port);
  }

  /** The process on this host ended, with all its connections: those it made, and those it answered. */
  dropConnections(hostName: string): void {
    const { address } = this.hostNamed(hostName);
    for (const [connection, ends] of this.open) if (ends.includes(address)) breakOff(connection);
  }

  /** The host stays, but nothing listens there any more: connections are refused, open ones break. */
  stopServices(hostName: string): void {
    const { address } = this.hostNamed(hostName);
    this.stopped.add(address);
    for (const [connection, [, target]] of this.open) if (target === address) breakOff(connection);
  }

  startServices(hostName: string): void {
    this.stopped.delete(this.hostNamed(hostName).address);
  }

  /** What hosts inside dial at this host and port goes to another listener, without their knowing. */
  divert(hostName: string, port: number, loopback: { host: string; port: number } | null): void {
    const key = `${this.hostNamed(hostName).address}:${port}`;
    if (loopback) this.diversions.set(key, { loopbackHost: loopback.host, loopbackPort: loopback.port });
    else this.diversions.delete(key);
  }

  /** The same view at each call: its name table is the host's. */
  viewOf(hostName: string): NetworkView {
    const view = this.views.get(hostName) ?? new NetworkView(this, this.hostNamed(hostName));
    this.views.set(hostName, view);
    return view;
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
    const toProxy = { ...target, host: proxy.host, port: proxy.port };
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
    const faults = this.attachFaults(source, request, beyondProxy, dialled.seq);
    const fail = (failure: DialFailure, cause?: unknown): DialError => {
      const ms = clock.now() - startedAt;
      faults?.close();
      journal.record({ kind: 'network.failed', node: source.name, cause: dialled.seq, host, port, failure, ms });
      return new DialError(failure, { host, port }, cause);
    };
    const remainingMs = (): number => Math.max(startedAt + request.timeoutMs - clock.now(), 0);

    const roundTripMs = 2 * this.drawLatency();
    if (roundTripMs > 0) await clock.sleep(roundTripMs / 2);
    const ownAnswer = ownNames.get(host.toLowerCase());
    const address = isIP(host) ? host : ownAnswer === undefined ? this.addresses.get(host.toLowerCase()) : ownAnswer;
    if (!address) throw fail('dns-failure');
    const reason = this.firewall.dropReason(source, address, port, this.hostAt(address));
    if (reason) {
      journal.record({ kind: 'network.dropped', cause: dialled.seq, host, port, reason });
      await clock.sleep(remainingMs());
      throw fail('connect-timeout');
    }
    const struck = await dialFaultOutcome(faults, clock, remainingMs());
    if (struck) throw fail(struck);
    const listener = this.listenerFor(source, address, port);
    if (!listener) throw fail('connection-refused');
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
    const connection =
      roundTripMs > 0 || faults
        ? new Link(socket, { clock, latencyMs: roundTripMs / 2, remoteAddress: address, remotePort: port, faults })
        : socket;
    this.open.set(connection, [source.address, address]);
    // A link's socket outlives it until what was under way has arrived.
    socket.once('close', () => this.open.delete(connection));
    return connection;
  }

  private attachFaults(
    source: Host,
    { host, mailType }: DialRequest,
    beyondProxy: DialRequest | undefined,
    dialled: number,
  ): ConnectionFaults | undefined {
    const { faults: plan, latencyMs } = this.options;
    if (!plan || (plan.isEmpty && latencyMs.max === 0)) return undefined;
    const peers = [host, ...(beyondProxy ? [beyondProxy.host] : [])].flatMap((name) => {
      const peer = this.hostAt(this.addresses.get(name.toLowerCase()) ?? name)?.peer;
      return peer ? [peer] : [];
    });
    return plan.attach({ node: source.name, personas: source.personas ?? [], mailType, peers }, host, dialled);
  }

  private listenerFor(source: Host, address: string, port: number): Listener | undefined {
    if (this.stopped.has(address)) return undefined;
    const key = `${address}:${port}`;
    return (source.zone === 'inside' ? this.diversions.get(key) : undefined) ?? this.listeners.get(key);
  }

  private drawLatency(): number {
    const { min, max } = this.options.latencyMs;
    return this.random.integer(min, max);
  }

  private hostAt(address: string): Host | undefined {
    return [...this.hosts.values()].find((host) => host.address === address);
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

  /** Overrides a name for this host alone; `null` makes it unresolvable, `undefined` as it is for everybody. */
  setName(name: string, address: string | null | undefined): void {
    if (address === undefined) this.ownNames.delete(name.toLowerCase());
    else this.ownNames.set(name.toLowerCase(), address);
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
