import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock, Timer } from '#libs/simulation';
import { NodeUnreachableError } from '#libs/replication';
import type { ClusterMessages } from './cluster-messages.ts';
import type { ClusterPeers } from './cluster-peers.ts';

/** Messages that may wait for one peer; of more, the oldest is lost. */
const WAITING_MAX = 1_000;
const FIRST_DELAY_MS = 60_000;
const DELAY_MS_MAX = 3_600_000;

export interface PeerBacklogOptions<P extends keyof ClusterMessages> {
  clock: Clock;
  /** The node's: what waits there is still there after a crash. */
  database: DatabaseSync;
  peers: Pick<ClusterPeers, 'ask'>;
  pattern: P;
  /** Whether this peer must still be told; one that has left the deployment must not. */
  isWanted: (peer: string) => boolean;
  /** Told of what was taken after it had waited. */
  taken?: (peer: string, question: ClusterMessages[P]['question']) => void;
  /** Told of what was dropped because too much waited. */
  lost?: (peer: string, question: ClusterMessages[P]['question']) => void;
}

/**
 * Messages of one kind that peers must get: what a peer did not take waits in order, and is sent again after a minute,
 * then ever more rarely, at least every hour.
 */
export class PeerBacklog<P extends keyof ClusterMessages> {
  private readonly statements: Record<'add' | 'remove' | 'amend' | 'all' | 'ofPeer' | 'peers', StatementSync>;
  /** Peers for which something waits. */
  private readonly waiting = new Map<string, { delayMs: number; timer: Timer }>();
  private stopped = false;

  constructor(private readonly options: PeerBacklogOptions<P>) {
    const { database } = options;
    database.exec(`
      CREATE TABLE IF NOT EXISTS backlog (
        number INTEGER PRIMARY KEY AUTOINCREMENT, pattern TEXT NOT NULL, peer TEXT NOT NULL, question TEXT NOT NULL
      ) STRICT
    `);
    this.statements = {
      add: database.prepare('INSERT INTO backlog (pattern, peer, question) VALUES (?, ?, ?)'),
      remove: database.prepare('DELETE FROM backlog WHERE number = ?'),
      amend: database.prepare('UPDATE backlog SET question = ? WHERE number = ?'),
      all: database.prepare('SELECT number, question FROM backlog WHERE pattern = ? ORDER BY number'),
      ofPeer: database.prepare('SELECT number, question FROM backlog WHERE pattern = ? AND peer = ? ORDER BY number'),
      peers: database.prepare('SELECT DISTINCT peer FROM backlog WHERE pattern = ? ORDER BY peer'),
    };
    for (const row of this.statements.peers.all(options.pattern)) this.wait(String(row['peer']), FIRST_DELAY_MS);
  }

  /**
   * Resolves after the first attempt with whether the peer has taken it.
   *
   * @param later what is sent instead in later attempts
   */
  async send(
    peer: string,
    question: ClusterMessages[P]['question'],
    later: ClusterMessages[P]['question'] = question,
  ): Promise<boolean> {
    const { lastInsertRowid } = this.statements.add.run(this.options.pattern, peer, JSON.stringify(later));
    if (this.waiting.has(peer)) {
      this.dropOldest(peer);
      return false;
    }
    if (await this.isTaken(peer, question)) {
      if (!this.stopped) this.statements.remove.run(lastInsertRowid);
      return true;
    }
    this.wait(peer, FIRST_DELAY_MS);
    return false;
  }

  /** Changes what waits. */
  amend(change: (question: ClusterMessages[P]['question']) => ClusterMessages[P]['question']): void {
    for (const { number, question } of read<P>(this.statements.all.all(this.options.pattern))) {
      this.statements.amend.run(JSON.stringify(change(question)), number);
    }
  }

  stop(): void {
    this.stopped = true;
    for (const { timer } of this.waiting.values()) timer.cancel();
    this.waiting.clear();
  }

  private wait(peer: string, delayMs: number): void {
    if (this.stopped || this.waiting.has(peer)) return;
    const timer = this.options.clock.after(delayMs, () => void this.repeat(peer, delayMs));
    this.waiting.set(peer, { delayMs, timer });
  }

  private async repeat(peer: string, delayMs: number): Promise<void> {
    const isWanted = this.options.isWanted(peer);
    for (let first = this.ofPeer(peer)[0]; first !== undefined; first = this.ofPeer(peer)[0]) {
      const isDone = !isWanted || (await this.isTaken(peer, first.question));
      if (this.stopped) return;
      if (!isDone) {
        this.waiting.delete(peer);
        this.wait(peer, Math.min(delayMs * 2, DELAY_MS_MAX));
        return;
      }
      this.statements.remove.run(first.number);
      if (isWanted) this.options.taken?.(peer, first.question);
    }
    this.waiting.delete(peer);
  }

  private dropOldest(peer: string): void {
    const waiting = this.ofPeer(peer);
    // The first may be under way.
    const dropped = waiting.length > WAITING_MAX ? waiting[1] : undefined;
    if (!dropped) return;
    this.statements.remove.run(dropped.number);
    this.options.lost?.(peer, dropped.question);
  }

  private ofPeer(peer: string): { number: number; question: ClusterMessages[P]['question'] }[] {
    return read<P>(this.statements.ofPeer.all(this.options.pattern, peer));
  }

  private async isTaken(peer: string, question: ClusterMessages[P]['question']): Promise<boolean> {
    try {
      await this.options.peers.ask(peer, this.options.pattern, question);
      return true;
    } catch (error) {
      if (!(error instanceof NodeUnreachableError)) throw error;
      return false;
    }
  }
}

function read<P extends keyof ClusterMessages>(
  rows: readonly Record<string, unknown>[],
): { number: number; question: ClusterMessages[P]['question'] }[] {
  return rows.map((row) => ({
    number: Number(row['number']),
    question: JSON.parse(String(row['question'])) as ClusterMessages[P]['question'],
  }));
}
