import { NodeClient } from '#libs/replication';
import type { NodeContext } from '../node-context.ts';
import type { ClusterMessages, Envelope } from './cluster-messages.ts';

/** The other nodes of the deployment, as this node reaches them. */
export class ClusterPeers {
  private readonly clients = new Map<string, NodeClient>();

  constructor(private readonly context: NodeContext) {}

  /** @throws NodeUnreachableError */
  ask<P extends keyof ClusterMessages>(
    peer: string,
    pattern: P,
    question: ClusterMessages[P]['question'],
  ): Promise<ClusterMessages[P]['answer']> {
    return this.send(peer, pattern, question);
  }

  /** @throws NodeUnreachableError */
  send<T>(peer: string, pattern: string, data: unknown): Promise<T> {
    const envelope: Envelope<unknown> = { cause: this.context.journal.currentCause(), data };
    return this.clientFor(peer).send<T>(pattern, envelope);
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
    this.clients.clear();
  }

  private clientFor(name: string): NodeClient {
    const known = this.clients.get(name);
    if (known) return known;
    const { clock, network, settings } = this.context;
    const client = new NodeClient({ clock, network, peer: settings.deployment.node(name) });
    this.clients.set(name, client);
    return client;
  }
}
