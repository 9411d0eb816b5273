import { ClientTCP } from '@nestjs/microservices';
import { JsonSocket, type TcpSocket } from '@nestjs/microservices/helpers/index.js';
import type { Duplex } from 'node:stream';
import { firstValueFrom } from 'rxjs';
import { TestbedError } from '#libs/diagnosis';
import type { NetworkView } from '#libs/network';
import type { Clock, Timer } from '#libs/simulation';

/** Port on which ISE nodes talk to one another in the simulated network. */
export const NODE_PORT = 12_001;

/** Milliseconds until an unanswered message to another node counts as failed. */
const ANSWER_MS_MAX = 10_000;

/** A node that did not take a message, or whose answer was an error. */
export class NodeUnreachableError extends TestbedError {
  constructor(peer: string, cause: unknown) {
    super('deployment.node-unreachable', `node ${peer} could not be reached`, {
      remedy: `Check that ${peer} is up and that the network between the nodes is not cut.`,
      evidence: { node: peer },
      cause,
    });
  }
}

/** Messages from one node to another: Nest's TCP transport over connections that are dialled like all others. */
export class NodeClient {
  /** One connection for all messages, also for those that ask for it while it is being opened. */
  private opening: Promise<DialledClient> | undefined;
  private client: DialledClient | undefined;

  constructor(private readonly options: { clock: Clock; network: NetworkView; peer: { name: string; fqdn: string } }) {}

  /**
   * Sends `data` under `pattern` and waits for the answer.
   *
   * @throws NodeUnreachableError
   */
  async send<T>(pattern: string, data: unknown): Promise<T> {
    const { clock, peer } = this.options;
    if (this.client && !this.client.isOpen) this.close();
    const opening = (this.opening ??= this.open());
    let timer: Timer | undefined;
    try {
      const client = await opening;
      if (this.opening === opening) this.client = client;
      const answer = firstValueFrom(client.send<T>(pattern, data));
      const timeout = new Promise<never>((_resolve, reject) => {
        timer = clock.after(ANSWER_MS_MAX, () => reject(new Error(`no answer within ${ANSWER_MS_MAX} ms`)));
      });
      return await Promise.race([answer, timeout]);
    } catch (cause) {
      if (this.opening === opening) this.close();
      throw new NodeUnreachableError(peer.name, cause);
    } finally {
      timer?.cancel();
    }
  }

  close(): void {
    this.opening?.then(
      (client) => client.close(),
      () => undefined,
    );
    this.opening = undefined;
    this.client = undefined;
  }

  private async open(): Promise<DialledClient> {
    const { network, peer } = this.options;
    const connection = await network.dial({ host: peer.fqdn, port: NODE_PORT, timeoutMs: ANSWER_MS_MAX });
    const client = new DialledClient(connection);
    await client.connect();
    return client;
  }
}

/** Nest's TCP client over a connection that is open already. */
class DialledClient extends ClientTCP {
  constructor(private readonly link: Duplex) {
    super({});
  }

  get isOpen(): boolean {
    return !this.link.destroyed && this.link.writable;
  }

  override createSocket(): TcpSocket {
    return new ConnectedJsonSocket(this.link);
  }
}

/** There is nothing to connect any more; Nest only waits for the event. */
class ConnectedJsonSocket extends JsonSocket {
  override connect(): this {
    process.nextTick(() => this.netSocket.emit('connect'));
    return this;
  }
}
