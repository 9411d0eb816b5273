import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { REPLICATION_FAILED, REPLICATION_STOPPED, SYNC_FAILURE } from '#libs/alarms';
import type { Deployment } from '#libs/deployment';
import { ReplicationPublisher, type ConfigEntries, type Position, type ReplicationStatus } from '#libs/replication';
import { AlarmRaiser } from '../cluster/alarm-raiser.ts';
import { ClusterPeers } from '../cluster/cluster-peers.ts';
import { RequestError } from '../http/request-error.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';

/** Writes configuration: on the primary PAN alone, and from there to every node (SPEC D3). */
@Injectable()
export class ConfigWriter implements OnApplicationBootstrap {
  private readonly publisher: ReplicationPublisher;
  private readonly progressListeners = new Set<() => void>();
  /** The version of a deployment that the majority of the nodes does not know yet. */
  private announced: number | undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly peers: ClusterPeers,
    private readonly alarms: AlarmRaiser,
  ) {
    const { clock, definition, journal, roles, settings, store } = context;
    this.publisher = new ReplicationPublisher({
      node: definition.name,
      store,
      clock,
      journal,
      peers: { names: () => peers.names(), send: (peer, pattern, question) => peers.ask(peer, pattern, question) },
      catchUpMsMax: () => settings.replication.catchUpMsMax,
      changed: (name, status) => this.replicationChanged(name, status),
      onProgress: () => this.progressed(),
      beforeReplacing: (node) => this.keepDutiesOf(node),
      onSuperseded: (by) => roles.hear(by),
    });
    roles.onChange(({ isPrimaryPan }) => (isPrimaryPan ? this.lead() : this.publisher.cease()));
  }

  onApplicationBootstrap(): void {
    if (this.context.isPrimaryPan) this.publisher.lead();
  }

  /**
   * Stores `value` (null deletes) under `key` and starts to replicate it.
   *
   * @throws RequestError on any node but the primary PAN
   */
  write(key: string, value: unknown): void {
    this.writeAll([[key, value]]);
  }

  /** The same for several documents: every node gets all of them at once. @throws RequestError */
  writeAll(entries: ConfigEntries): void {
    this.requirePrimaryPan();
    this.publisher.write(entries);
  }

  /** Writes who has which role; a promotion begins a later term. */
  writeDeployment(deployment: Deployment, options: { term?: number; also?: ConfigEntries } = {}): void {
    const { definition, journal } = this.context;
    const changed = journal.record({ kind: 'deployment.changed', node: definition.name, ...rolesIn(deployment) });
    const entries: ConfigEntries = [[CONFIG_KEYS.deployment, deployment.toDocument()], ...(options.also ?? [])];
    journal.within(changed, () => {
      // Who writes the promotion is the first one to lead in the new term.
      if (options.term !== undefined) this.publisher.lead();
      this.announced = this.publisher.write(entries, options.term).version;
      this.progressed();
    });
  }

  /** @throws RequestError on any node but the primary PAN */
  requirePrimaryPan(): void {
    const { definition, roles, isPrimaryPan } = this.context;
    if (isPrimaryPan) return;
    const { primary } = roles.leadership;
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

  /** What the node has; undefined while that is not known. */
  positionOf(node: string): Position | undefined {
    return node === this.context.definition.name ? this.context.store.position : this.publisher.positionOf(node);
  }

  /** Whether the majority of the nodes has everything up to this version, so that no promotion can lose it. */
  isCertain(version: number): boolean {
    return this.publisher.copiesOf(version) >= this.context.settings.deployment.majority;
  }

  /** Asks every node where it is, and brings up those that missed something. */
  contactAll(): Promise<void> {
    return this.publisher.contactAll();
  }

  /** A node is there again. */
  returned(node: string): void {
    void this.publisher.returned(node);
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

  /** Calls `listener` whenever more is known of what the other nodes have. */
  onProgress(listener: () => void): void {
    this.progressListeners.add(listener);
  }

  /** Resolves when all that was written has been sent, or has failed, on every node. */
  settled(): Promise<void> {
    return this.publisher.settled();
  }

  private lead(): void {
    this.publisher.lead();
    this.announced = this.context.store.version;
  }

  private progressed(): void {
    const { definition, journal, settings, isPrimaryPan } = this.context;
    if (this.announced !== undefined && isPrimaryPan && this.isCertain(this.announced)) {
      this.announced = undefined;
      journal.record({ kind: 'deployment.in-force', node: definition.name, ...rolesIn(settings.deployment) });
    }
    for (const listener of this.progressListeners) listener();
  }

  /** A PAN that was promoted without the majority does not know which duties were taken on before. */
  private async keepDutiesOf(node: string): Promise<void> {
    const { store } = this.context;
    const claims = await this.peers.ask(node, 'duty.claims', {});
    const unknown = claims.filter(({ duty }) => store.get(CONFIG_KEYS.duty(duty)) === undefined);
    if (unknown.length === 0 || !this.context.isPrimaryPan) return;
    this.publisher.write(unknown.map((claim) => [CONFIG_KEYS.duty(claim.duty), claim] as const));
  }
}

/** Who has which role, as flat journal fields. */
export function rolesIn({ nodes, primaryPan, activeMnt }: Deployment) {
  return { nodes: nodes.map(({ name }) => name), primaryPan: primaryPan.name, activeMnt: activeMnt.name };
}
