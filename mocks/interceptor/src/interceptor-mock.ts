import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { InvariantError } from '#libs/diagnosis';
import type { Clock, Journal } from '#libs/simulation';
import { onLines, StartTlsMask } from './starttls-filter.ts';

/**
 * What the firewall does with what passes: `tls` opens TLS from its start, `starttls` opens the TLS that follows
 * STARTTLS, `mask-starttls` hides that the server offers it, `block-page` opens TLS and answers itself, with a page
 * for browsers.
 */
export type InspectionMode = 'tls' | 'starttls' | 'mask-starttls' | 'block-page';

const BLOCK_PAGE = '<!DOCTYPE html><html><body><h1>Web page blocked</h1></body></html>';
const BLOCK_REPLY =
  'HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nConnection: close\r\n' +
  `Content-Length: ${BLOCK_PAGE.length}\r\n\r\n${BLOCK_PAGE}`;

export interface InterceptorOptions {
  mode: InspectionMode;
  /** What the clients believe they talk to; for the journal. */
  host: string;
  /** With the chain that it presents instead of the server's. */
  credentials: { keyPem: string; certificateChainPem: string };
  /** Opens a connection to the real server. */
  connectTo: () => Promise<Duplex>;
  /** TLS as a client over such a connection. */
  secure: (connection: Duplex) => Promise<Duplex>;
  clock: Clock;
  journal: Journal;
}

/** A firewall between the nodes and one server, which reads what passes: opens TLS and signs anew, or hides STARTTLS. */
export class InterceptorMock {
  constructor(private readonly options: InterceptorOptions) {}

  /** Port 0 takes a free one. */
  async start({ host = '127.0.0.1', port = 0 } = {}): Promise<StartedInterceptor> {
    const started = new StartedInterceptor(this.options, host);
    await started.listen(port);
    return started;
  }
}

export class StartedInterceptor {
  private readonly server: Server;
  private readonly open = new Set<Duplex>();
  private listeningPort = 0;

  constructor(
    private readonly options: InterceptorOptions,
    readonly host: string,
  ) {
    const { clock, journal } = options;
    // Without delay: virtual time would jump over the acknowledgement that Nagle's algorithm waits for.
    this.server = createServer({ pauseOnConnect: true, noDelay: true }, (client) => {
      this.track(client);
      // A moment later: the other end knows by then that it is connected, and has said what dial this is.
      clock.after(0, () => {
        if (client.destroyed) return;
        journal.within(journal.causeOfPeer(client), () => {
          this.intercept(client).catch(() => client.destroy());
        });
      });
    });
  }

  get port(): number {
    return this.listeningPort;
  }

  async listen(port: number): Promise<void> {
    this.server.listen(port, this.host);
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new InvariantError('the interceptor has no TCP port');
    this.listeningPort = address.port;
  }

  /** Ends all connections at once. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const connection of this.open) connection.destroy();
    await closed;
  }

  private async intercept(client: Socket): Promise<void> {
    const { mode, host, journal, connectTo, secure } = this.options;
    journal.record({ kind: 'inspection.intercepted', host, mode });
    if (mode === 'block-page') return this.block(client);
    const server = await connectTo();
    this.track(server);
    client.once('close', () => server.destroy());
    server.once('close', () => client.destroy());
    switch (mode) {
      case 'mask-starttls':
        client.pipe(server);
        server.pipe(new StartTlsMask()).pipe(client);
        return;
      case 'tls':
        return this.join(client, await secure(server));
      case 'starttls':
        await passUntilTls(client, server);
        return this.join(client, await secure(server));
    }
  }

  /** TLS with the client, under the firewall's own chain; the plain text goes on to the real server. */
  private join(client: Socket, server: Duplex): void {
    this.track(server);
    const opened = this.openTls(client);
    opened.once('close', () => server.destroy());
    server.once('close', () => opened.destroy());
    opened.pipe(server).pipe(opened);
  }

  /** The server learns nothing of it. */
  private block(client: Socket): void {
    const opened = this.openTls(client);
    opened.once('data', () => opened.end(BLOCK_REPLY));
  }

  private openTls(client: Socket): TLSSocket {
    const { keyPem: key, certificateChainPem: cert } = this.options.credentials;
    const opened = new TLSSocket(client, { isServer: true, key, cert, minVersion: 'TLSv1.2' });
    this.track(opened);
    return opened;
  }

  private track(connection: Duplex): void {
    this.open.add(connection);
    // A side that breaks off is the end of the other.
    connection.on('error', () => undefined);
    connection.once('close', () => this.open.delete(connection));
  }
}

/** Passes the plain dialogue on until the server has answered STARTTLS with 220; nothing is read any more then. */
function passUntilTls(client: Socket, server: Duplex): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const toServer = onLines(client, (line) => {
      asked = /^STARTTLS$/i.test(line);
      server.write(`${line}\r\n`, 'latin1');
    });
    const toClient = onLines(server, (line) => {
      if (!asked || !line.startsWith('220')) return void client.write(`${line}\r\n`, 'latin1');
      toServer.stop();
      toClient.stop();
      client.pause();
      server.pause();
      client.write(`${line}\r\n`, 'latin1', () => undefined);
      resolve();
    });
    client.resume();
  });
}
