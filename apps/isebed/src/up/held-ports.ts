import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { RealClock } from '#libs/simulation';

/** Milliseconds of real time that are waited for a port that somebody else has, and between two attempts. */
const WAIT_MS_MAX = 5_000;
const WAIT_MS = 50;

/**
 * Ports that stay the testbed's while nothing of it listens there: whoever connects is cut off at once. Otherwise the
 * system gives a free port to the next that asks, be it a connection of a client.
 */
export class HeldPorts {
  private readonly held = new Map<number, Server>();

  constructor(
    private readonly host: string,
    private readonly realTime = new RealClock(),
  ) {}

  /** A port that nobody gives back in time is not held: the one who listens there finds out. */
  async hold(ports: readonly number[]): Promise<void> {
    await Promise.all(ports.filter((port) => port !== 0 && !this.held.has(port)).map((port) => this.holdOne(port)));
  }

  async release(port: number): Promise<void> {
    const server = this.held.get(port);
    if (!server) return;
    this.held.delete(port);
    server.close();
    await once(server, 'close');
  }

  async releaseAll(): Promise<void> {
    await Promise.all([...this.held.keys()].map((port) => this.release(port)));
  }

  private async holdOne(port: number): Promise<void> {
    const until = this.realTime.now() + WAIT_MS_MAX;
    for (;;) {
      const server = createServer((socket) => socket.destroy());
      server.unref().listen(port, this.host);
      const isListening = await once(server, 'listening').then(
        () => true,
        () => false,
      );
      if (isListening) return void this.held.set(port, server);
      if (this.realTime.now() >= until) return;
      await this.realTime.sleep(WAIT_MS);
    }
  }
}
