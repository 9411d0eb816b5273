import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { Clock, Journal } from '#libs/simulation';
import { verifyServer } from './server-verification.ts';
import { TlsError } from './tls.error.ts';
import { trustAnchorsAt, type TrustedCertificate } from './trusted-certificate.ts';

/** One node's trust: its copy of the Trusted Certificates, its time, and the journal it reports to. */
export class NodeTrust {
  constructor(
    private readonly options: {
      node: string;
      clock: Clock;
      journal: Journal;
      store: () => readonly TrustedCertificate[];
    },
  ) {}

  /**
   * TLS as a client over an open connection; resolves once the server is trusted, before anything is sent to it.
   *
   * @param timeoutMs milliseconds for the handshake
   * @throws TlsError
   */
  async secure(connection: Duplex, host: string, timeoutMs: number): Promise<TLSSocket> {
    const socket = connect({ socket: connection, servername: host, ...NodeTrust.clientOptions });
    const timer = this.options.clock.after(timeoutMs, () => socket.destroy(new Error('TLS handshake timed out')));
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('secureConnect', resolve);
        socket.once('error', reject);
        socket.once('close', () => reject(new Error('connection closed during the TLS handshake')));
      });
    } catch (cause) {
      socket.destroy();
      throw this.failed(new TlsError('handshake-failed', host, undefined, cause));
    } finally {
      timer.cancel();
    }
    this.requireTrust(socket, host);
    return socket;
  }

  /**
   * Judges the server at the other end of a finished handshake and journals the verdict.
   *
   * @throws TlsError and destroys the socket when it is not trusted
   */
  requireTrust(socket: TLSSocket, host: string): void {
    const { clock, journal, node, store } = this.options;
    const presented = chainOf(socket.getPeerCertificate(true));
    const verdict = verifyServer(presented, trustAnchorsAt(store(), clock.now()), host, clock.now());
    if (verdict.kind === 'trusted') {
      journal.record({ kind: 'tls.established', node, host, protocol: socket.getProtocol(), anchor: verdict.anchor });
      return;
    }
    socket.destroy();
    throw this.failed(new TlsError(verdict.failure, host, verdict.certificate), presented);
  }

  /** Options for a library that opens the TLS session itself; the caller must then call `requireTrust` at once. */
  static readonly clientOptions = {
    minVersion: 'TLSv1.2' as const,
    // The verdict is `requireTrust`'s: OpenSSL judges by the machine's date, a node by the deployment's clock.
    rejectUnauthorized: false,
  };

  private failed(error: TlsError, presented: readonly X509Certificate[] = []): TlsError {
    const { clock, journal, node, store } = this.options;
    const { host, failure, certificate } = error;
    const nearMiss =
      failure === 'no-certification-path' ? findNearMiss(presented, store(), host, clock.now()) : undefined;
    journal.record({ kind: 'tls.failed', node, host, failure, certificate, ...nearMiss });
    return error;
  }
}

/** A certificate of the store that would have been the anchor, but for a tick. */
function findNearMiss(
  presented: readonly X509Certificate[],
  store: readonly TrustedCertificate[],
  host: string,
  now: number,
): { lacking: 'infrastructure' | 'enabled'; trustedBut: string } | undefined {
  for (const entry of store) {
    if (entry.enabled && entry.infrastructure) continue;
    const anchors = trustAnchorsAt([{ ...entry, enabled: true, infrastructure: true }], now);
    if (verifyServer(presented, anchors, host, now).kind !== 'trusted') continue;
    return { lacking: entry.infrastructure ? 'enabled' : 'infrastructure', trustedBut: entry.name };
  }
  return undefined;
}

function chainOf(leaf: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  for (let next: DetailedPeerCertificate | undefined = leaf; next?.raw && !seen.has(next.fingerprint256);) {
    seen.add(next.fingerprint256);
    chain.push(new X509Certificate(next.raw));
    next = next.issuerCertificate;
  }
  return chain;
}
