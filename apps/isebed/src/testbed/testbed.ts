import type { JWK } from 'jose';
import type { RequestListener } from 'node:http';
import type { InitialConfig, StartedIseNode } from '#apps/ise-node';
import type { Deployment } from '#libs/deployment';
import type { TrafficLog } from '#libs/evidence';
import { FaultPlan } from '#libs/fault';
import { SimulatedNetwork } from '#libs/network';
import type { LogLevel } from '#libs/node-log';
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
import { NodeRack } from './node-rack.ts';
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
  /** Called right before something listens on a port of these. */
  beforeListen?: (port: number) => Promise<void>;
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
    readonly rack: NodeRack,
    private readonly admin: NodeAdmin,
  ) {}

  static async start(options: TestbedOptions): Promise<Testbed> {
    const { clock, deployment, takesTime, listen, traffic, admin = ADMIN } = options;
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
      smtp: listen && { host: listen.host, port: listen.smtpPort, beforeListen: listen.beforeListen },
    });
    const inspection = new InspectingFirewall({ clock, journal, network, pki, tlsWatcher: traffic });
    const rack = new NodeRack({
      deployment,
      clock,
      journal,
      network,
      random: random.stream('node'),
      deploymentKey: random.stream('deployment key').hex(64),
      admin,
      initialConfig: [...trustedCertificates(pki), ...(options.initialConfig ?? [])],
      debugLog: options.debugLog,
      nodeDatabase: options.nodeDatabase,
      listen,
      tlsWatcher: traffic,
      tlsOf: listen?.nodeProtocol === 'https' ? (fqdn) => pki.nodeCredentials(fqdn) : undefined,
    });
    let proxy: StartedProxyMock | undefined;
    try {
      await microsoft.start();
      proxy = await startProxy(network, clock, journal);
      for (const { name } of deployment.nodes) await rack.start(name);
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
        rack,
        admin,
      );
    } catch (error) {
      await rack.close();
      await microsoft.stop();
      await proxy?.close();
      network.close();
      throw error;
    }
  }

  /** The deployment as it is now: as the node knows it that has heard the latest. `deployment` is how it began. */
  get currentDeployment(): Deployment {
    return this.rack.informed?.context.settings.deployment ?? this.deployment;
  }

  /** The computer of the tenant's administrator; it is there from the first time that it is asked for. */
  get workstation(): AdminWorkstation {
    this.administrators ??= startWorkstation(this);
    return this.administrators;
  }

  /** The API of a node, as its administrator. @throws NodeDownError */
  api(node: string): NodeApi {
    const roots = this.pki.authorities.filter(({ kind }) => kind === 'root').map((root) => root.certificatePem);
    return new NodeApi({ ...this.node(node).http, roots }, this.admin);
  }

  /** @throws UnknownNodeError, or NodeDownError for one that is not running */
  node(name: string): StartedIseNode {
    return this.rack.node(name);
  }

  /** The portals of the running nodes that have any, by the names of the nodes. */
  get portals(): ReadonlyMap<string, RequestListener> {
    return this.rack.portals;
  }

  /** Stops nodes and services, and closes every connection. */
  async stop(): Promise<void> {
    await this.rack.close();
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
