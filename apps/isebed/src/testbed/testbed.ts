import type { JWK } from 'jose';
import type { RequestListener } from 'node:http';
import { startIseNode, type InitialConfig, type StartedIseNode } from '#apps/ise-node';
import type { Deployment } from '#libs/deployment';
import type { TrafficLog } from '#libs/evidence';
import { FaultPlan } from '#libs/fault';
import { SimulatedNetwork } from '#libs/network';
import type { LogLevel } from '#libs/node-log';
import { NODE_PORT } from '#libs/replication';
import { Journal, Random, type Clock } from '#libs/simulation';
import type { TlsWatcher } from '#libs/trust';
import type { ExchangeOnline, ExchangeSettings } from '#mocks/exchange';
import { LabPki, publishedLabKeys } from '#mocks/pki';
import { ProxyMock, type StartedProxyMock } from '#mocks/proxy';
import type { AdminWorkstation } from '#libs/tenant-admin';
import { startWorkstation } from './admin-workstation.ts';
import { ADMIN, type NodeAdmin } from './lab-admin.ts';
import { InspectingFirewall } from './inspecting-firewall.ts';
import { NodeApi } from './node-api.ts';
import type { MicrosoftState } from './microsoft-state.ts';
import { SimulatedMicrosoft } from './simulated-microsoft.ts';
import type { TenantSource } from './tenant-source.ts';

/** The proxy of the lab network, which alone may leave it when egress is `proxy-only`. */
export const LAB_PROXY = { host: 'proxy.lab.example', address: '10.20.0.5', port: 3128 } as const;

/** One-way latency between two hosts, drawn per connection. */
const LATENCY_MS = { min: 8, max: 35 } as const;

export interface TestbedOptions {
  clock: Clock;
  seed: number | string;
  deployment: Deployment;
  /** False: no latency and no processing times, for real time at full speed. */
  takesTime: boolean;
  debugLog?: LogLevel;
  secretEndsAt?: number | undefined;
  /** What the deployment was set up with before the run, besides the trusted certificates. */
  initialConfig?: InitialConfig;
  /** Certificates and token key. Default: issued now, with the published keys, which protect nothing. */
  lab?: { pki: LabPki; signingKey: JWK; signingKeyValidFrom?: number };
  /** What Entra and Exchange begin with; default: one healthy tenant. */
  tenant?: TenantSource | 'empty' | undefined;
  /** What they were like when an earlier testbed of the same seed ended, and what that had begun with. */
  continued?: { state: MicrosoftState; seed: MicrosoftState } | undefined;
  /** Limits of Exchange Online that differ from the usual ones. */
  exchangeSettings?: Partial<ExchangeSettings>;
  /** Called with Exchange Online before it accepts anything. */
  onOnline?: ((online: ExchangeOnline) => void) | undefined;
  /** Default: the published one. */
  admin?: NodeAdmin;
  /** Records of the journal that are kept. Default: all. */
  journalMax?: number | undefined;
  /** Called with the journal before anything is recorded. */
  onJournal?: ((journal: Journal) => void) | undefined;
  /** Where real clients find it. Default: free ports on loopback. */
  listen?: TestbedListen;
  /** Keeps all traffic, for captures. Default: nothing does. */
  traffic?: TrafficLog | undefined;
  /** A node's database: a file, or `:memory:` (default). */
  nodeDatabase?: (node: string) => string;
}

/** Ports of SMTP and the nodes' APIs at `host`, where 0 takes a free one; `nodePort` gives that of a node's API, by its place in the deployment. */
export interface TestbedListen {
  host: string;
  smtpPort: number;
  nodePort: (index: number) => number;
  /** Where the portals of its nodes are found by the links in their mails. */
  portalPort: number;
  /** How the nodes' APIs are served: `https` with certificates of the lab. */
  nodeProtocol: 'http' | 'https';
}

/**
 * A whole testbed in this thread: network, simulated Microsoft, proxy, and one Nest application per ISE node. The only
 * place where mocks and nodes meet; everything else passes over the wire.
 */
export class Testbed {
  private administrators: AdminWorkstation | undefined;

  private constructor(
    readonly deployment: Deployment,
    readonly clock: Clock,
    readonly journal: Journal,
    readonly network: SimulatedNetwork,
    readonly microsoft: SimulatedMicrosoft,
    readonly pki: LabPki,
    readonly faults: FaultPlan,
    readonly inspection: InspectingFirewall,
    readonly proxy: StartedProxyMock,
    readonly tlsWatcher: TlsWatcher | undefined,
    private readonly nodes: ReadonlyMap<string, StartedIseNode>,
    private readonly admin: NodeAdmin,
  ) {}

  static async start(options: TestbedOptions): Promise<Testbed> {
    const { clock, deployment, takesTime, listen, nodeDatabase, traffic, admin = ADMIN } = options;
    const random = new Random(String(options.seed));
    const journal = new Journal(clock, { recordsMax: options.journalMax });
    options.onJournal?.(journal);
    const latencyMs = takesTime ? LATENCY_MS : { min: 0, max: 0 };
    const faults = new FaultPlan({ clock, journal, random: random.stream('faults') });
    const network = new SimulatedNetwork({ clock, journal, random, latencyMs, faults, recorder: traffic });
    const lab: NonNullable<TestbedOptions['lab']> = options.lab ?? (await publishedLab(clock));
    const { pki, signingKey, signingKeyValidFrom } = lab;
    const microsoft = new SimulatedMicrosoft({
      clock,
      journal,
      random,
      network,
      pki,
      signingKey,
      signingKeyValidFrom,
      tlsWatcher: traffic,
      takesTime,
      secretEndsAt: options.secretEndsAt,
      tenant: options.tenant,
      continued: options.continued,
      onOnline: options.onOnline,
      exchangeSettings: options.exchangeSettings,
      smtp: listen && { host: listen.host, port: listen.smtpPort },
    });
    const inspection = new InspectingFirewall({ clock, journal, network, pki, tlsWatcher: traffic });
    const nodes = new Map<string, StartedIseNode>();
    let proxy: StartedProxyMock | undefined;
    try {
      await microsoft.start();
      proxy = await startProxy(network, clock, journal);
      for (const [index, definition] of deployment.nodes.entries()) {
        const { name, ipAddress: address, fqdn, personas } = definition;
        network.addHost({ name, address, zone: 'inside', peer: 'node', personas }, [fqdn]);
        const node = await startIseNode({
          definition,
          deployment,
          clock,
          journal,
          random: random.stream('node'),
          network: network.viewOf(definition.name),
          tlsWatcher: traffic,
          deploymentKey: random.stream('deployment key').hex(64),
          admin,
          initialConfig: [...trustedCertificates(pki), ...(options.initialConfig ?? [])],
          ...(options.debugLog ? { debugLog: options.debugLog } : {}),
          ...(nodeDatabase ? { database: nodeDatabase(definition.name) } : {}),
          ...(listen?.nodeProtocol === 'https' ? { tls: await pki.nodeCredentials(fqdn) } : {}),
          ...(listen
            ? { listen: { host: listen.host, httpPort: listen.nodePort(index) }, portalPort: listen.portalPort }
            : {}),
        });
        network.listen(definition.name, NODE_PORT, node.node);
        nodes.set(definition.name, node);
      }
      return new Testbed(
        deployment,
        clock,
        journal,
        network,
        microsoft,
        pki,
        faults,
        inspection,
        proxy,
        traffic,
        nodes,
        admin,
      );
    } catch (error) {
      for (const node of nodes.values()) await node.stop();
      await microsoft.stop();
      await proxy?.close();
      network.close();
      throw error;
    }
  }

  /** The computer of the tenant's administrator; it is there from the first time that it is asked for. */
  get workstation(): AdminWorkstation {
    this.administrators ??= startWorkstation(this);
    return this.administrators;
  }

  /** The API of a node, as its administrator. */
  api(node: string): NodeApi {
    const roots = this.pki.authorities.filter(({ kind }) => kind === 'root').map((root) => root.certificatePem);
    return new NodeApi({ ...this.node(node).http, roots }, this.admin);
  }

  node(name: string): StartedIseNode {
    const { name: known } = this.deployment.node(name);
    const node = this.nodes.get(known);
    if (!node) throw new Error(`${name} is not running`);
    return node;
  }

  /** The portals of the nodes that have any, by the names of the nodes. */
  get portals(): ReadonlyMap<string, RequestListener> {
    return new Map(
      [...this.nodes].flatMap(([name, { portals }]) => (portals ? [[this.deployment.node(name).fqdn, portals]] : [])),
    );
  }

  /** Stops nodes and services, and closes every connection. */
  async stop(): Promise<void> {
    for (const node of this.nodes.values()) await node.stop();
    await this.microsoft.stop();
    await this.inspection.close();
    await this.proxy.close();
    this.network.close();
  }
}

async function publishedLab(clock: Clock): Promise<{ pki: LabPki; signingKey: JWK }> {
  const keys = publishedLabKeys();
  return { pki: await LabPki.issue({ validFrom: clock.now(), clock, keys }), signingKey: keys['token-signing'] };
}

async function startProxy(network: SimulatedNetwork, clock: Clock, journal: Journal): Promise<StartedProxyMock> {
  const { host, address, port } = LAB_PROXY;
  network.addHost({ name: host, address, zone: 'inside', mayLeave: true, peer: 'proxy' });
  const view = network.viewOf(host);
  const proxy = await new ProxyMock({
    connectTo: (target, targetPort) => view.dial({ host: target, port: targetPort, timeoutMs: 30_000 }),
    clock,
    journal,
  }).start();
  network.listen(host, port, proxy);
  return proxy;
}

/** The roots of both chains are trusted from the start, with the Infrastructure usage. */
function trustedCertificates(pki: LabPki): InitialConfig {
  return pki.authorities
    .filter(({ kind }) => kind === 'root')
    .map(({ name, certificatePem: pem }) => [
      `trusted-certificate/${name}`,
      { name, pem, infrastructure: true, enabled: true },
    ]);
}
