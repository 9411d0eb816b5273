import { Injectable } from '@nestjs/common';
import { ReplicationPublisher, type ReplicationStatus } from '#libs/replication';
import { REPLICATION_FAILED, REPLICATION_STOPPED, SYNC_FAILURE } from '#libs/alarms';
import { AlarmRaiser } from '../cluster/alarm-raiser.ts';
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
    private readonly alarms: AlarmRaiser,
  ) {
    const { definition, journal, store, settings } = context;
    this.publisher = new ReplicationPublisher({
      node: definition.name,
      store,
      journal,
      changed: (name, status) => this.replicationChanged(name, status),
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
  async sync(node: string): Promise<ReplicationStatus> {
    const status = await this.publisher.sync(node);
    if (status !== 'Connected') await this.alarms.raise(SYNC_FAILURE, `${node} was not synchronized`, { node });
    return status;
  }

  private replicationChanged(node: string, status: ReplicationStatus): void {
    if (status === 'Disconnected') void this.alarms.raise(REPLICATION_FAILED, `${node} was not reached`, { node });
    if (status === 'NotInSync') {
      void this.alarms.raise(REPLICATION_STOPPED, `${node} takes no changes until it is synchronized`, { node });
    }
  }

  /** Resolves when all that was written has been sent, or has failed, on every node. */
  settled(): Promise<void> {
    return this.publisher.settled();
  }
}
