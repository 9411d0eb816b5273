import type { Clock, Journal, Timer } from '#libs/simulation';
import { isSamePosition, type ConfigChange, type ConfigEntries, type Position } from './config-change.ts';
import type { ConfigStore } from './config-store.ts';
import type { Leadership, ReplicationAnswer, ReplicationMessages } from './replication-messages.ts';

/** As the deployment list shows it (fact sheet ise 2.2). */
export type ReplicationStatus = 'Connected' | 'Disconnected' | 'InProgress' | 'NotInSync' | 'ReplicationStopped';

/** A node that can't be reached is tried again after this, doubling up to the bound. */
const RETRY_MS = 30_000;
const RETRY_MS_MAX = 600_000;

/** Changes on their way to one node; beyond it, what it misses is put together when its turn comes. */
const OUTGOING_MAX = 1_000;

/** How the primary PAN reaches the other nodes. */
export interface ReplicationPeers {
  names(): readonly string[];
  send<P extends keyof ReplicationMessages>(
    peer: string,
    pattern: P,
    question: ReplicationMessages[P]['question'],
  ): Promise<ReplicationMessages[P]['answer']>;
}

export interface ReplicationPublisherOptions {
  node: string;
  store: ConfigStore;
  clock: Clock;
  journal: Journal;
  peers: ReplicationPeers;
  /** How old what a node missed may be, in milliseconds, to be caught up without a manual sync. */
  catchUpMsMax: () => number;
  /** Called before the configuration of a node is replaced that has one of another history: what is worth keeping? */
  beforeReplacing?: (node: string) => Promise<void>;
  /** Told of each change of a node's status. */
  changed?: (node: string, status: ReplicationStatus) => void;
  /** A node was reached, and what it has now is known. */
  onProgress?: () => void;
  /** Another node is the primary PAN of a later term. */
  onSuperseded?: (by: Leadership) => void;
}

interface Peer {
  readonly name: string;
  status: ReplicationStatus;
  /** What it has, as far as it said in this term. */
  position?: Position;
  /** Written since, in order; empty while it is `lagging`. */
  outgoing: { change: ConfigChange; written: number }[];
  /** It was not reached, or may have missed something: ask where it is before anything is sent. */
  lagging: boolean;
  busy?: Promise<void> | undefined;
  retry?: Timer | undefined;
  retryMs: number;
}

/**
 * The primary PAN's side of replication: writes a change here, and sends it to every other node in order. A node that
 * was away is brought up when it returns, unless what it missed is too old: then it is `NotInSync` and goes on with
 * its old settings until a manual sync (SPEC D3; fact sheet ise 2.4). Silent until `lead`, and after `cease`.
 */
export class ReplicationPublisher {
  private readonly peers = new Map<string, Peer>();
  private leading = false;

  constructor(private readonly options: ReplicationPublisherOptions) {}

  /** From now on this node is the primary PAN. */
  lead(): void {
    if (this.leading) return;
    this.leading = true;
    this.peers.clear();
  }

  cease(): void {
    this.leading = false;
    for (const peer of this.peers.values()) peer.retry?.cancel();
  }

  statusOf(name: string): ReplicationStatus {
    return this.peers.get(name)?.status ?? 'Connected';
  }

  /** What the node has; undefined while it has not said so in this term. */
  positionOf(name: string): Position | undefined {
    return this.peers.get(name)?.position;
  }

  /** How many nodes, this one included, follow this term and have everything up to `version`. */
  copiesOf(version: number): number {
    const { term } = this.options.store.position;
    const others = this.present().filter(({ position }) => position?.term === term && position.version >= version);
    return 1 + others.length;
  }

  /** Stores these entries and starts to replicate them. @param term a later one, at a promotion */
  write(entries: ConfigEntries, term?: number): ConfigChange {
    const { store, clock, journal, node } = this.options;
    const peers = this.present();
    const change = store.nextChange(entries, clock.now(), term);
    store.apply(change);
    const [first, ...more] = entries.map(([key]) => key);
    const also = more.length > 0 ? { also: more } : {};
    const written = journal.record({ kind: 'config.written', node, key: first, ...also, version: change.version });
    for (const peer of peers) {
      if (!peer.lagging && peer.outgoing.length < OUTGOING_MAX) peer.outgoing.push({ change, written: written.seq });
      else this.lag(peer);
      void journal.within(written, () => this.bringUp(peer));
    }
    return change;
  }

  /** Asks every node where it is, and brings up those that missed something. */
  async contactAll(): Promise<void> {
    await Promise.all(
      this.present().map((peer) => {
        this.lag(peer);
        return this.bringUp(peer);
      }),
    );
  }

  /** The node is there again: it need not wait for the next try. */
  async returned(name: string): Promise<void> {
    const peer = this.present().find((each) => each.name === name);
    if (!peer) return;
    this.lag(peer);
    peer.retryMs = RETRY_MS;
    await this.bringUp(peer);
  }

  /** Resolves when everything written so far has been sent, or has failed, on every node. */
  async settled(): Promise<void> {
    for (const { busy } of this.peers.values()) await busy;
  }

  /** Manual sync: sends the whole configuration to one node, which replaces its own by it. */
  async sync(name: string): Promise<ReplicationStatus> {
    const peer = this.present().find((each) => each.name === name);
    if (!peer) return 'Connected';
    while (peer.busy) await peer.busy;
    this.setStatus(peer, 'InProgress');
    peer.busy = this.sendSnapshot(peer).catch(() => this.notReached(peer));
    await peer.busy;
    peer.busy = undefined;
    if (!peer.retry) void this.bringUp(peer);
    return peer.status;
  }

  private present(): Peer[] {
    if (!this.leading) return [];
    return this.options.peers.names().map((name) => {
      const known = this.peers.get(name);
      if (known) return known;
      const { store } = this.options;
      // Taken for up to date until the first message shows otherwise: deployments are set up so.
      const peer: Peer = { name, status: 'Connected', outgoing: [], lagging: store.version > 1, retryMs: RETRY_MS };
      this.peers.set(name, peer);
      return peer;
    });
  }

  private lag(peer: Peer): void {
    peer.lagging = true;
    peer.outgoing = [];
  }

  private isBehind(peer: Peer): boolean {
    if (!this.leading || peer.status === 'NotInSync') return false;
    return peer.lagging || peer.outgoing.length > 0;
  }

  /** One message at a time to each node, as long as there is something to tell it and it answers. */
  private bringUp(peer: Peer): Promise<void> {
    if (!peer.busy && this.isBehind(peer)) peer.busy = this.exchange(peer);
    return peer.busy ?? Promise.resolve();
  }

  private async exchange(peer: Peer): Promise<void> {
    peer.retry?.cancel();
    peer.retry = undefined;
    try {
      while (this.isBehind(peer)) {
        await (peer.lagging ? this.catchUp(peer) : this.sendNext(peer));
        peer.retryMs = RETRY_MS;
      }
    } catch {
      this.notReached(peer);
    } finally {
      // At once, and not when the promise settles: what is written in between would wait for nobody.
      peer.busy = undefined;
    }
  }

  private async sendNext(peer: Peer): Promise<void> {
    const next = peer.outgoing.shift();
    if (!next) return;
    const { journal, peers } = this.options;
    const answer = await journal.within(next.written, () =>
      peers.send(peer.name, 'replication.change', { ...this.leadership, change: next.change }),
    );
    this.heard(peer, answer, () => this.lag(peer));
  }

  private async catchUp(peer: Peer): Promise<void> {
    const { clock, store, peers, catchUpMsMax } = this.options;
    const answer = await peers.send(peer.name, 'replication.join', this.leadership);
    this.heard(peer, answer);
    const { position } = peer;
    if (!this.leading || !position) return;
    // What was written while it answered is part of what it missed.
    peer.outgoing = [];
    const missed = store.changesSince(position);
    if (isSamePosition(position, store.position)) {
      peer.lagging = false;
      this.setStatus(peer, 'Connected');
    } else if (missed && clock.now() - missed.at <= catchUpMsMax()) {
      peer.lagging = false;
      const taken = await peers.send(peer.name, 'replication.change', { ...this.leadership, change: missed });
      this.heard(peer, taken, () => this.lag(peer));
    } else if (position.term < store.position.term) {
      // It has lived through another history: a promotion sets every node right.
      await this.options.beforeReplacing?.(peer.name);
      await this.sendSnapshot(peer);
    } else {
      this.lag(peer);
      this.setStatus(peer, 'NotInSync');
    }
  }

  private async sendSnapshot(peer: Peer): Promise<void> {
    const { store, peers } = this.options;
    const snapshot = store.snapshot();
    peer.outgoing = [];
    peer.lagging = false;
    const question = { ...this.leadership, snapshot, termBeganAt: store.termBeganAt };
    this.heard(peer, await peers.send(peer.name, 'replication.snapshot', question));
  }

  private heard(peer: Peer, answer: ReplicationAnswer, missed?: () => void): void {
    if (!this.leading) return;
    if (answer.kind === 'superseded') {
      // The question may be of an earlier term than this node leads in by now.
      if (answer.term <= this.options.store.position.term) return;
      this.cease();
      this.options.onSuperseded?.(answer);
      return;
    }
    peer.position = answer.position;
    if (answer.applied) this.setStatus(peer, 'Connected');
    else missed?.();
    this.options.onProgress?.();
  }

  private notReached(peer: Peer): void {
    if (!this.leading) return;
    const { clock, store, catchUpMsMax } = this.options;
    this.lag(peer);
    const missed = peer.position && store.changesSince(peer.position);
    const isTooOld = missed && clock.now() - missed.at > catchUpMsMax();
    this.setStatus(peer, isTooOld ? 'ReplicationStopped' : 'Disconnected');
    peer.retry?.cancel();
    peer.retry = clock.after(peer.retryMs, () => void this.bringUp(peer));
    peer.retryMs = Math.min(peer.retryMs * 2, RETRY_MS_MAX);
  }

  private get leadership(): Leadership {
    return { primary: this.options.node, term: this.options.store.position.term };
  }

  private setStatus(peer: Peer, status: ReplicationStatus): void {
    if (peer.status === status) return;
    peer.status = status;
    this.options.journal.record({ kind: 'replication.status', node: peer.name, status });
    this.options.changed?.(peer.name, status);
  }
}
