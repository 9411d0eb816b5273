import { request } from 'node:https';
import type { JSONWebKeySet } from 'jose';
import type { SimulatedNetwork } from '#libs/network';
import type { Clock, Journal } from '#libs/simulation';
import { NodeTrust, type TlsWatcher, type TrustedCertificate } from '#libs/trust';
import type { LabPki } from '#mocks/pki';

/** Milliseconds for each step of fetching the signing keys. */
const KEYS_MS_MAX = 10_000;

interface SigningKeysOptions {
  clock: Clock;
  journal: Journal;
  network: SimulatedNetwork;
  pki: LabPki;
  tlsWatcher?: TlsWatcher | undefined;
  /** The host that asks. */
  reader: string;
  /** The host that has them. */
  publisher: { name: string; port: number };
}

/** Exchange gets the keys where everybody gets them: from Entra's JWKS document, over TLS it trusts. */
export class SigningKeys {
  private readonly trust: NodeTrust;

  constructor(private readonly options: SigningKeysOptions) {
    const { clock, journal, pki, reader, tlsWatcher: watcher } = options;
    const store = (): TrustedCertificate[] =>
      [...pki.authorities, ...pki.furtherAuthorities].map(({ name, certificatePem: pem }) => ({
        name,
        pem,
        infrastructure: true,
        enabled: true,
      }));
    this.trust = new NodeTrust({ node: reader, clock, journal, store, watcher });
  }

  async of(tenantId: string): Promise<JSONWebKeySet> {
    const { name: host, port } = this.options.publisher;
    const view = this.options.network.viewOf(this.options.reader);
    const connection = await view.dial({ host, port, timeoutMs: KEYS_MS_MAX });
    const socket = await this.trust.secure(connection, host, KEYS_MS_MAX);
    const path = `/${encodeURIComponent(tenantId)}/discovery/v2.0/keys`;
    return new Promise((resolve, reject) => {
      const call = request({ path, headers: { host }, createConnection: () => socket }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => {
          socket.destroy();
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as JSONWebKeySet);
        });
      });
      call.once('error', reject);
      call.end();
    });
  }
}
