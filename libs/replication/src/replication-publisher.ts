import type { Journal } from '#libs/simulation';
import type { ConfigChange, ConfigSnapshot, ConfigStore } from './config-store.ts';

export type ReplicationStatus = 'Connected' | 'Disconnected' | 'NotInSync';

/** Names of the messages between nodes that replication uses. */
export const REPLICATION_PATTERNS = { change: 'replication.change', snapshot: 'replication.snapshot' } as const;

/** What a node answers to a change or a snapshot. */
export interface ReplicationAnswer {
  applied: boolean;
  version: number;
}

/** How the primary PAN reaches another node. */
export interface ReplicationPeer {
  name: string;
  send<T>(pattern: string, data: unknown): Promise<T>;
}

/**
 * The primary PAN's side of replication: writes a change here, and sends it to every other node in order. A node that
 * missed one is `NotInSync` and goes on with its old settings until a manual sync (SPEC D3; fact sheet ise 2.4).
 */
export class ReplicationPublisher {
  private readonly statuses = new Map<string, ReplicationStatus>();
  private readonly queues = new Map<string, Promise<void>>();

  constructor(
    private readonly options: {
      node: string;
      store: ConfigStore;
      journal: Journal;
      peers: readonly ReplicationPeer[];
      /** Told of each change of a node's status. */
      changed?: (node: string, status: ReplicationStatus) => void;
    },
  ) {
    for (const peer of options.peers) this.statuses.set(peer.name, 'Connected');
  }

  statusOf(name: string): ReplicationStatus {
    return this.statuses.get(name) ?? 'Connected';
  }

  /** Stores `value` (null deletes) under `key` and starts to replicate it. */
  write(key: string, value: unknown): void {
    const { store, journal, node, peers } = this.options;
    const change: ConfigChange = { version: store.version + 1, key, value };
    store.apply(change);
    const written = journal.record({ kind: 'config.written', node, key, version: change.version });
    for (const peer of peers) {
      void this.enqueue(peer.name, () => journal.within(written, () => this.sendChange(peer, change)));
    }
  }

  /** Resolves when everything written so far has been sent, or has failed, on every node. */
  async settled(): Promise<void> {
    await Promise.all(this.queues.values());
  }

  /** Manual sync: sends the whole configuration to one node, which replaces its own by it. */
  async sync(name: string): Promise<ReplicationStatus> {
    const peer = this.options.peers.find((candidate) => candidate.name === name);
    if (!peer) return 'Connected';
    // Taken now and sent in its turn: changes written from here on follow it, and apply to it.
    const snapshot: ConfigSnapshot = this.options.store.snapshot();
    await this.enqueue(name, () => this.sendSnapshot(peer, snapshot));
    return this.statusOf(name);
  }

  /** One message at a time to each node. */
  private enqueue(name: string, send: () => Promise<void>): Promise<void> {
    const sent = (this.queues.get(name) ?? Promise.resolve()).then(send);
    this.queues.set(name, sent);
    return sent;
  }

  private async sendSnapshot(peer: ReplicationPeer, snapshot: ConfigSnapshot): Promise<void> {
    try {
      await peer.send<ReplicationAnswer>(REPLICATION_PATTERNS.snapshot, snapshot);
      this.setStatus(peer.name, 'Connected');
    } catch {
      this.setStatus(peer.name, 'Disconnected');
    }
  }

  private async sendChange(peer: ReplicationPeer, change: ConfigChange): Promise<void> {
    try {
      const answer = await peer.send<ReplicationAnswer>(REPLICATION_PATTERNS.change, change);
      this.setStatus(peer.name, answer.applied ? 'Connected' : 'NotInSync');
    } catch {
      this.setStatus(peer.name, 'Disconnected');
    }
  }

  private setStatus(name: string, status: ReplicationStatus): void {
    if (this.statuses.get(name) === status) return;
    this.statuses.set(name, status);
    this.options.journal.record({ kind: 'replication.status', node: name, status });
    this.options.changed?.(name, status);
  }
}
