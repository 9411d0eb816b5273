import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect, createSecureContext, TLSSocket } from 'node:tls';
import type { Clock, Journal } from '#libs/simulation';
import { verifyServer } from './server-verification.ts';
import { TlsError, type TlsFailure } from './tls.error.ts';
import type { TlsWatcher } from './tls-watcher.ts';
import { commonNameOf, trustAnchorsAt, type TrustedCertificate } from './trusted-certificate.ts';

/** OpenSSL's words for a server, or a client, that finds no TLS version it may speak. */
const VERSION_CODES: readonly string[] = ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'ERR_SSL_UNSUPPORTED_PROTOCOL'];

/** One node's trust: its copy of the Trusted Certificates, its time, and the journal it reports to. */
export class NodeTrust {
  constructor(
    private readonly options: {
      node: string;
      clock: Clock;
      journal: Journal;
      store: () => readonly TrustedCertificate[];
      /** Milliseconds that the node's own time is ahead of the clock; negative: behind. */
      skewMs?: () => number;
      watcher?: TlsWatcher | undefined;
    },
  ) {}

  /**
   * TLS as a client over an open connection; resolves once the server is trusted, before anything is sent to it.
   *
   * @param timeoutMs milliseconds for the handshake
   * @throws TlsError
   */
  async secure(connection: Duplex, host: string, timeoutMs: number): Promise<TLSSocket> {
    const { watcher } = this.options;
    watcher?.begins(connection);
    const socket = connect({ socket: connection, servername: host, ...NodeTrust.clientOptions });
    watcher?.opened(connection, socket);
    const timer = this.options.clock.after(timeoutMs, () => socket.destroy(timedOut()));
    let heard = false;
    connection.once('data', () => {
      heard = true;
    });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('secureConnect', resolve);
        socket.once('error', reject);
        socket.once('close', () => reject(new Error('connection closed during the TLS handshake')));
      });
    } catch (cause) {
      socket.destroy();
      throw this.handshakeFailed(connection, host, cause, heard);
    } finally {
      timer.cancel();
    }
    this.requireTrust(connection, socket, host);
    return socket;
  }

  /** Watches a session that a library opens itself over `connection`: `open` begins it and gives its socket. */
  watch(connection: Duplex, open: () => unknown): void {
    const { watcher } = this.options;
    watcher?.begins(connection);
    const socket = open();
    if (socket instanceof TLSSocket) watcher?.opened(connection, socket);
  }

  /**
   * Judges the server at the other end of a finished handshake and journals the verdict.
   *
   * @throws TlsError and destroys the socket when it is not trusted
   */
  requireTrust(connection: Duplex, socket: TLSSocket, host: string): void {
    const { journal, node, store, watcher } = this.options;
    const presented = chainOf(socket);
    watcher?.presented(connection, host, presented);
    const verdict = verifyServer(presented, trustAnchorsAt(store(), this.now), host, this.now);
    if (verdict.kind === 'trusted') {
      const protocol = socket.getProtocol();
      const { anchor } = verdict;
      journal.record({ kind: 'tls.established', node, host, protocol, anchor, issuer: issuerOf(presented) });
      return;
    }
    const error = this.failed(connection, new TlsError(verdict.failure, host, verdict.certificate), presented);
    socket.destroy();
    throw error;
  }

  /**
   * Judges and journals a handshake that broke off before the server could be judged.
   *
   * @param heard whether anything had come from the server
   */
  handshakeFailed(connection: Duplex, host: string, cause: unknown, heard?: boolean): TlsError {
    return this.failed(connection, new TlsError(handshakeFailureOf(cause), host, undefined, cause), [], heard);
  }

  /** Journals that the server does not offer STARTTLS, though the node requires it. */
  startTlsNotOffered(connection: Duplex, host: string): TlsError {
    return this.failed(connection, new TlsError('starttls-not-offered', host));
  }

  /** Options for a library that opens the TLS session itself; the caller must then call `requireTrust` at once. */
  static readonly clientOptions = {
    // One for all sessions: it holds nothing of any of them.
    secureContext: createSecureContext({ minVersion: 'TLSv1.2' }),
    // The verdict is `requireTrust`'s: OpenSSL judges by the machine's date, a node by the deployment's clock.
    rejectUnauthorized: false,
  };

  private failed(
    connection: Duplex,
    error: TlsError,
    presented: readonly X509Certificate[] = [],
    heard?: boolean,
  ): TlsError {
    const { journal, node, store, skewMs, watcher } = this.options;
    const { host, failure, certificate } = error;
    watcher?.failed(connection, error);
    const nearMiss = failure === 'no-certification-path' ? findNearMiss(presented, store(), host, this.now) : undefined;
    const seen = presented.length === 0 ? {} : { presented: presented.length, issuer: issuerOf(presented) };
    const clockSkewMs = skewMs?.() || undefined;
    const halfHeard = failure === 'timed-out' ? heard : undefined;
    journal.record({
      kind: 'tls.failed',
      node,
      host,
      failure,
      certificate,
      ...seen,
      ...nearMiss,
      halfHeard,
      clockSkewMs,
    });
    return error;
  }

  /** The node's own time. */
  private get now(): number {
    return this.options.clock.now() + (this.options.skewMs?.() ?? 0);
  }
}

function timedOut(): Error {
  return Object.assign(new Error('TLS handshake timed out'), { code: 'ETIMEDOUT' });
}

function handshakeFailureOf(cause: unknown): TlsFailure {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return 'handshake-failed';
  if (cause.code === 'ETIMEDOUT') return 'timed-out';
  // Node gives this code also to what it makes up itself; a reset that came over the wire names its system call.
  if (cause.code === 'ECONNRESET' && 'syscall' in cause) return 'connection-reset';
  return VERSION_CODES.includes(String(cause.code)) ? 'no-common-version' : 'handshake-failed';
}

/** Who issued the last certificate that the server sent: its root, as a rule. */
function issuerOf(presented: readonly X509Certificate[]): string | undefined {
  const last = presented.at(-1);
  return last && commonNameOf(last.issuer);
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

/** Leaf first, as far as each certificate was issued by the next. */
function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  for (let next = socket.getPeerX509Certificate(); next && !seen.has(next.fingerprint256);) {
    seen.add(next.fingerprint256);
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}
