import type { RequestListener } from 'node:http';
import { X509Certificate } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import {
  startIseNode,
  type InitialConfig,
  type IseNodeOptions,
  type StartedIseNode,
  type SystemCertificate,
} from '#apps/ise-node';
import type { Deployment } from '#libs/deployment';
import { TestbedError } from '#libs/diagnosis';
import type { SimulatedNetwork } from '#libs/network';
import type { LogLevel } from '#libs/node-log';
import { isAhead, NODE_PORT } from '#libs/replication';
import type { Clock, Journal, Random } from '#libs/simulation';
import type { TlsWatcher } from '#libs/trust';
import { NodeDownError } from './node-down.error.ts';
import type { TestbedListen } from './testbed.ts';

export interface NodeRackOptions {
  /** As it was set up. */
  deployment: Deployment;
  clock: Clock;
  journal: Journal;
  network: SimulatedNetwork;
  random: Random;
  deploymentKey: string;
  admin: { userName: string; password: string };
  initialConfig: InitialConfig;
  debugLog: LogLevel | undefined;
  nodeDatabase: ((node: string) => string) | undefined;
  listen: TestbedListen | undefined;
  tlsWatcher: TlsWatcher | undefined;
  /** What its API is served with, PEM, by its name; absent: plain HTTP. */
  tlsOf: ((fqdn: string) => Promise<NodeTls>) | undefined;
}

type NodeTls = NonNullable<IseNodeOptions['tls']>;

/** One slot of the rack: what stays when the node goes. */
interface Slot {
  readonly database: DatabaseSync;
  /** Port of its API, the same at each start. */
  httpPort: number;
  /** Of its hardware clock. */
  skewMs: number;
  running: StartedIseNode | undefined;
}

/** The servers that the nodes run on: each with its disk, and a power switch. */
export class NodeRack {
  private readonly slots = new Map<string, Slot>();
  private readonly tls = new Map<string, NodeTls>();

  constructor(private readonly options: NodeRackOptions) {}

  /** @throws UnknownNodeError, or NodeDownError for one that is not running */
  node(name: string): StartedIseNode {
    const { name: known } = this.options.deployment.node(name);
    const node = this.slots.get(known)?.running;
    if (!node) throw new NodeDownError(name);
    return node;
  }

  /** The running node whose configuration is the latest. */
  get informed(): StartedIseNode | undefined {
    return this.running.reduce<StartedIseNode | undefined>((best, node) => {
      if (!best) return node;
      return isAhead(node.context.store.position, best.context.store.position) ? node : best;
    }, undefined);
  }

  /** The portals of the running nodes that have any, by the names of the nodes. */
  get portals(): ReadonlyMap<string, RequestListener> {
    return new Map(
      this.running.flatMap(({ portals, context }) => (portals ? [[context.definition.fqdn, portals]] : [])),
    );
  }

  /** Port of the API of a node, whether it runs or not. */
  httpPortOf(name: string): number {
    return this.slots.get(name)?.httpPort ?? 0;
  }

  /** Starts a node: for the first time, or again with what its disk holds. */
  async start(name: string): Promise<void> {
    const { deployment, network, debugLog, listen, nodeDatabase, tlsOf: _tlsOf, ...rest } = this.options;
    const index = deployment.nodes.findIndex((node) => node.name === name);
    const definition = deployment.node(name);
    const known = this.slots.get(name);
    if (known?.running) throw new TestbedError('testbed.node-up', `${name} is running`, { remedy: 'Nothing to do.' });
    if (!known) {
      const { ipAddress: address, fqdn, personas } = definition;
      network.addHost({ name, address, zone: 'inside', peer: 'node', personas }, [fqdn]);
    } else {
      this.options.journal.record({ kind: 'node.started', node: name });
    }
    const slot: Slot = known ?? {
      database: new DatabaseSync(nodeDatabase?.(name) ?? ':memory:'),
      httpPort: listen?.nodePort(index) ?? 0,
      skewMs: 0,
      running: undefined,
    };
    this.slots.set(name, slot);
    await this.issueTls();
    const node = await startIseNode({
      ...rest,
      definition,
      deployment,
      database: slot.database,
      network: network.viewOf(name),
      ...(debugLog ? { debugLog } : {}),
      tls: this.tls.get(name),
      systemCertificates: [...this.tls].map(([node, tls]) => systemCertificate(node, tls)),
      ...(listen
        ? {
            listen: { host: listen.host, httpPort: slot.httpPort, beforeListen: listen.beforeListen },
            portalPort: listen.portalPort,
          }
        : {}),
      clockSkewMs: slot.skewMs,
      onListening: (listener) => {
        network.listen(name, NODE_PORT, listener);
        network.startServices(name);
      },
    });
    slot.running = node;
    if (listen) slot.httpPort = node.http.port;
  }

  /** Sets the clock of a node; it keeps going while the node is off. */
  setClockSkew(name: string, skewMs: number): void {
    const slot = this.slots.get(this.options.deployment.node(name).name);
    if (!slot) return;
    slot.skewMs = skewMs;
    if (slot.running) slot.running.context.clockSkewMs = skewMs;
  }

  /** Shuts a node down in good order. @throws NodeDownError */
  async stop(name: string): Promise<void> {
    const node = this.node(name);
    this.options.journal.record({ kind: 'node.stopped', node: name });
    this.off(name);
    await node.stop({ finish: true });
    this.options.network.dropConnections(name);
  }

  /** Cuts the power of a node: no farewell to anybody. @throws NodeDownError */
  kill(name: string): void {
    const node = this.node(name);
    this.options.journal.record({ kind: 'node.killed', node: name });
    this.off(name);
    node.kill();
    this.options.network.dropConnections(name);
  }

  /** Ends all of it, the disks too. */
  async close(): Promise<void> {
    for (const node of this.running) await node.stop();
    for (const { database } of this.slots.values()) database.close();
    this.slots.clear();
  }

  /** Of all nodes, since each is told what the others present. */
  private async issueTls(): Promise<void> {
    const { deployment, tlsOf } = this.options;
    if (!tlsOf || this.tls.size > 0) return;
    for (const { name, fqdn } of deployment.nodes) this.tls.set(name, await tlsOf(fqdn));
  }

  private off(name: string): void {
    const slot = this.slots.get(name);
    if (slot) slot.running = undefined;
    this.options.network.stopServices(name);
  }

  private get running(): StartedIseNode[] {
    return [...this.slots.values()].flatMap(({ running }) => running ?? []);
  }
}

/** Named as ISE names a certificate that nobody gave a name (fact sheet ise 8). */
function systemCertificate(node: string, { certificateChainPem }: NodeTls): SystemCertificate {
  const leaf = new X509Certificate(certificateChainPem);
  const [subject, issuer] = [leaf.subject, leaf.issuer].map((names) => /CN=([^\n]*)/.exec(names)?.[1] ?? '');
  return { node, name: `${subject}#${issuer}#00001`, pem: leaf.toString() };
}
