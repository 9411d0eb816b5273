import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { InvariantError } from '#libs/diagnosis';
import type { LabPki, PkiPeer, ServerCredentials } from '#mocks/pki';

export interface FrontDoorOptions {
  pki: LabPki;
  /** What answers under each host name; asked for each request, for it changes when the testbed is reset. */
  listeners: () => ReadonlyMap<string, RequestListener>;
  /** Called when an answer has been sent: the request may have changed the tenant. */
  onAnswered?: () => void;
}

/**
 * One TLS port for every Microsoft host and for the portals of ISE: the certificate follows the name that the client asks for (SNI), the answer
 * the Host header. A name that nothing here serves is answered 421 (RFC 9110, 15.5.20) with the names that are.
 */
export class FrontDoor {
  private readonly server: Server;
  private readonly further = new Map<string, SecureContext>();
  private readonly sockets = new Set<Socket>();

  constructor(private readonly options: FrontDoorOptions) {
    const { pki } = options;
    const contextOf = (peer: PkiPeer) => secureContext(pki.serverCredentials(peer));
    const entra = contextOf('token-endpoint');
    const exchange = contextOf('smtp');
    const { keyPem: key, certificateChainPem: cert } = pki.serverCredentials('token-endpoint');
    this.server = createServer({
      key,
      cert,
      minVersion: 'TLSv1.2',
      SNICallback: (name, callback) =>
        callback(null, this.further.get(name.toLowerCase()) ?? (isExchangeName(name) ? exchange : entra)),
    });
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server.on('request', (request, response) => {
      const listeners = options.listeners();
      const host = hostOf(request.headers.host);
      const listener = listeners.get(host);
      if (options.onAnswered) response.once('finish', options.onAnswered);
      if (listener) return listener(request, response);
      const served = [...listeners.keys()].join(', ');
      response.writeHead(421, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
      response.end(`"${host}" is not served here. This testbed answers for: ${served || 'nothing yet'}.\n`);
    });
  }

  /** The certificate of a name that is none of Microsoft's. */
  certify(name: string, credentials: ServerCredentials): void {
    this.further.set(name, secureContext(credentials));
  }

  async listen(host: string, port: number): Promise<void> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new InvariantError('the HTTPS front has no TCP port');
    return address.port;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

function secureContext({ keyPem, certificateChainPem }: ServerCredentials): SecureContext {
  return createSecureContext({ key: keyPem, cert: certificateChainPem, minVersion: 'TLSv1.2' });
}

/** Names on the certificate of Exchange Online; all others are on Entra's. */
function isExchangeName(name: string): boolean {
  return /(^|\.)(outlook\.office\.com|office365\.com|outlook\.com)$/i.test(name);
}

/** Without the port, in lower case. */
function hostOf(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '').toLowerCase();
}
