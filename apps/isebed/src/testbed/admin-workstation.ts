import type { SimulatedNetwork } from '#libs/network';
import type { Clock, Journal } from '#libs/simulation';
import { AdminWorkstation } from '#libs/tenant-admin';
import { NodeTrust, type TlsWatcher, type TrustedCertificate } from '#libs/trust';
import type { LabPki } from '#mocks/pki';
import type { SimulatedMicrosoft } from './simulated-microsoft.ts';

/** Out on the Internet (RFC 5737): what the firewall around ISE forbids does not hold for it. */
const WORKSTATION = { name: 'workstation', address: '192.0.2.44', zone: 'internet' } as const;

/** The computer of the tenant's administrator, which trusts Microsoft's chains and nobody else's. */
export function startWorkstation(testbed: {
  clock: Clock;
  journal: Journal;
  network: SimulatedNetwork;
  microsoft: SimulatedMicrosoft;
  pki: LabPki;
  tlsWatcher?: TlsWatcher | undefined;
}): AdminWorkstation {
  const { clock, journal, network, microsoft, pki, tlsWatcher: watcher } = testbed;
  network.addHost(WORKSTATION);
  const store = (): TrustedCertificate[] =>
    pki.authorities.map(({ name, certificatePem: pem }) => ({ name, pem, infrastructure: true, enabled: true }));
  return new AdminWorkstation({
    clock,
    network: network.viewOf(WORKSTATION.name),
    trust: new NodeTrust({ node: WORKSTATION.name, clock, journal, store, watcher }),
    tenantId: () => microsoft.tenant.tenantId,
    credential: microsoft.administrator,
  });
}
