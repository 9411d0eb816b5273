import { type SimulatedNetwork } from '#libs/network';
import { NodeTrust, type TlsWatcher, type TrustedCertificate } from '#libs/trust';
import type { Clock, Journal } from '#libs/simulation';
import { InterceptorMock, type InspectionMode, type StartedInterceptor } from '#mocks/interceptor';
import type { LabPki, PkiPeer } from '#mocks/pki';
import { microsoftHost } from './microsoft-hosts.ts';

/** The firewall's own address, outside: what it dials itself is not diverted to it. */
const FIREWALL = { name: 'firewall.lab.example', address: '198.51.100.1' } as const;

/** Milliseconds for each step of reaching the real server. */
const UPSTREAM_MS_MAX = 60_000;

export interface InspectingFirewallOptions {
  clock: Clock;
  journal: Journal;
  network: SimulatedNetwork;
  pki: LabPki;
  tlsWatcher?: TlsWatcher | undefined;
}

/** A firewall that looks into what nodes exchange with Microsoft, where it was told to. */
export class InspectingFirewall {
  private readonly started = new Map<PkiPeer, StartedInterceptor>();
  private readonly trust: NodeTrust;

  constructor(private readonly options: InspectingFirewallOptions) {
    const { clock, journal, network, pki, tlsWatcher: watcher } = options;
    network.addHost({ ...FIREWALL, zone: 'internet' });
    const store = (): TrustedCertificate[] =>
      [...pki.authorities, ...pki.furtherAuthorities].map(({ name, certificatePem: pem }) => ({
        name,
        pem,
        infrastructure: true,
        enabled: true,
      }));
    this.trust = new NodeTrust({ node: FIREWALL.name, clock, journal, store, watcher });
  }

  /** From now on, connections from inside to this server are looked into. */
  async inspect(peer: PkiPeer, how: Exclude<InspectionMode, 'starttls'>): Promise<void> {
    await this.stop(peer);
    const { clock, journal, network, pki } = this.options;
    const { name: host, port } = microsoftHost(peer);
    const view = network.viewOf(FIREWALL.name);
    const interceptor = await new InterceptorMock({
      mode: how === 'tls' && peer === 'smtp' ? 'starttls' : how,
      host,
      credentials: await pki.chainFor(peer, 'inspected', clock.now()),
      connectTo: () => view.dial({ host, port, timeoutMs: UPSTREAM_MS_MAX }),
      secure: (connection) => this.trust.secure(connection, host, UPSTREAM_MS_MAX),
      clock,
      journal,
    }).start();
    this.started.set(peer, interceptor);
    network.divert(host, port, interceptor);
  }

  async stop(peer: PkiPeer): Promise<void> {
    const { name, port } = microsoftHost(peer);
    this.options.network.divert(name, port, null);
    await this.started.get(peer)?.close();
    this.started.delete(peer);
  }

  async close(): Promise<void> {
    for (const peer of [...this.started.keys()]) await this.stop(peer);
  }
}
