import type { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { TlsError } from './tls.error.ts';

/** Told of the TLS sessions that a host opens as a client. `connection` is what was dialled. */
export abstract class TlsWatcher {
  /** What is sent over the connection from now on is TLS. */
  abstract begins(connection: Duplex): void;

  /** The socket of the session, before anything has come over it. */
  abstract opened(connection: Duplex, socket: TLSSocket): void;

  /** The certificates that the server showed, its own first. */
  abstract presented(connection: Duplex, host: string, chain: readonly X509Certificate[]): void;

  /** The session did not come about, or the server is not trusted. */
  abstract failed(connection: Duplex, error: TlsError): void;
}
