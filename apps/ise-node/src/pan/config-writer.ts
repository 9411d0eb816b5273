import { Injectable } from '@nestjs/common';
import { ReplicationPublisher, type ReplicationStatus } from '#libs/replication';
import { ClusterPeers } from '../cluster/cluster-peers.ts';
import { RequestError } from '../http/request-error.ts';
import { NodeContext } from '../node-context.ts';

/** Writes configuration: on the primary PAN alone, and from there to every node (SPEC D3). */
@Injectable()
export class ConfigWriter {
  private readonly publisher: ReplicationPublisher;

  constructor(
    private readonly context: NodeContext,
    peers: ClusterPeers,
  ) {
    const { definition, journal, store, settings } = context;
    this.publisher = new ReplicationPublisher({
      node: definition.name,
      store,
      journal,
      peers: settings.deployment.nodes
        .filter(({ name }) => name !== definition.name)
        .map(({ name }) => ({ name, send: <T>(pattern: string, data: unknown) => peers.send<T>(name, pattern, data) })),
    });
  }

  /**
   * Stores `value` (null deletes) under `key` and starts to replicate it.
   *
   * @throws RequestError on any node but the primary PAN
   */
  write(key: string, value: unknown): void {
    this.requirePrimaryPan();
    this.publisher.write(key, value);
  }

  /** @throws RequestError on any node but the primary PAN */
  requirePrimaryPan(): void {
    const { definition, settings, isPrimaryPan } = this.context;
    if (isPrimaryPan) return;
    const primary = settings.deployment.primaryPan.name;
    throw new RequestError(
      409,
      'deployment.not-primary-pan',
      `${definition.name} is not the primary PAN; configuration is written on ${primary}`,
      `Use ${primary}.`,
    );
  }

  statusOf(node: string): ReplicationStatus {
    return this.publisher.statusOf(node);
  }

  /** Manual sync of one node. */
  sync(node: string): Promise<ReplicationStatus> {
    return this.publisher.sync(node);
  }

  /** Resolves when all that was written has been sent, or has failed, on every node. */
  settled(): Promise<void> {
    return this.publisher.settled();
  }
}
