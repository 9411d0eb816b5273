import { NodeClient } from '#libs/replication';
import type { NodeContext } from '../node-context.ts';
import type { ClusterMessages, Envelope } from './cluster-messages.ts';

/** How another node is reached. */
interface Address {
  name: string;
  fqdn: string;
}

/** The other nodes of the deployment, as this node reaches them. */
export class ClusterPeers {
  private readonly clients = new Map<string, NodeClient>();

  constructor(private readonly context: NodeContext) {}

  /** Names of the other nodes of the deployment. */
  names(): string[] {
    const { definition, settings } = this.context;
    return settings.deployment.nodes.map(({ name }) => name).filter((name) => name !== definition.name);
  }

  /**
   * @throws NodeUnreachableError
   * @throws UnknownNodeError for a node that is not in the deployment
   */
  async ask<P extends keyof ClusterMessages>(
    peer: string,
    pattern: P,
    question: ClusterMessages[P]['question'],
  ): Promise<ClusterMessages[P]['answer']> {
    return this.askAt(this.context.settings.deployment.node(peer), pattern, question);
  }

  /** The same for a node that need not be in the deployment. @throws NodeUnreachableError */
  askAt<P extends keyof ClusterMessages>(
    address: Address,
    pattern: P,
    question: ClusterMessages[P]['question'],
  ): Promise<ClusterMessages[P]['answer']> {
    const envelope: Envelope<unknown> = { cause: this.context.journal.currentCause(), data: question };
    return this.clientFor(address).send(pattern, envelope);
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
    this.clients.clear();
  }

  private clientFor(peer: Address): NodeClient {
    const known = this.clients.get(peer.name);
    if (known) return known;
    const { clock, network } = this.context;
    const client = new NodeClient({ clock, network, peer });
    this.clients.set(peer.name, client);
    return client;
  }
}
