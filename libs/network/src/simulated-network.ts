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
import { faultNote, Link } from './link.ts';
import { NetworkView } from './network-view.ts';
import type { TrafficRecorder } from './traffic-recorder.ts';

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
  /** Told of all traffic. Every connection is a link then, with latency or without. */
  recorder?: TrafficRecorder | undefined;
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
    this.options.recorder?.hostAdded(host, names);
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
    for (const [connection, [, target]] of this.open) if (target === address) breakOff(connection, 'reset');
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
    const { clock, journal, recorder } = this.options;
    const { host, port } = request;
    const dialled = journal.record({
      kind: 'network.dialled',
      node: source.name,
      host,
      port,
      ...(beyondProxy ? { proxyFor: `${beyondProxy.host}:${beyondProxy.port}` } : {}),
    });
    const startedAt = clock.now();
    const tap = recorder?.dialled(source, { host, port }, beyondProxy);
    const faults = this.attachFaults(source, request, beyondProxy, dialled.seq);
    for (const active of faults?.inForce ?? []) tap?.note(faultNote(active, faults?.stage));
    const fail = (failure: DialFailure, cause?: unknown): DialError => {
      const ms = clock.now() - startedAt;
      faults?.close();
      tap?.failed(failure);
      journal.record({ kind: 'network.failed', node: source.name, cause: dialled.seq, host, port, failure, ms });
      return new DialError(failure, { host, port }, cause);
    };
    const remainingMs = (): number => Math.max(startedAt + request.timeoutMs - clock.now(), 0);

    const roundTripMs = 2 * this.drawLatency();
    if (roundTripMs > 0) await clock.sleep(roundTripMs / 2);
    const ownAnswer = ownNames.get(host.toLowerCase());
    const address = isIP(host) ? host : ownAnswer === undefined ? this.addresses.get(host.toLowerCase()) : ownAnswer;
    const reason = address ? this.firewall.dropReason(source, address, port, this.hostAt(address)) : undefined;
    // A host that is cut off reaches no name server either: it goes on with what it knows.
    tap?.resolved(address ?? undefined, isIP(host) === 0 && reason !== 'cut-off');
    if (!address) throw fail('dns-failure');
    if (reason) {
      tap?.dropped(reason);
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
    journal.linkPeer(socket, connected.seq);
    const latencyMs = roundTripMs / 2;
    tap?.connected(latencyMs);
    const connection =
      latencyMs > 0 || faults || tap
        ? new Link(socket, { clock, latencyMs, remoteAddress: address, remotePort: port, faults, tap })
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

/** `seen`: what the dialling host sees of it; nothing unless it is given. */
function breakOff(connection: Link | Socket, seen?: 'reset'): void {
  if (!(connection instanceof Link)) return void connection.destroy();
  if (seen) connection.tap?.ended('peer', seen);
  connection.cut();
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
