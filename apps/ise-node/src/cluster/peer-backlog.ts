import type { Clock, Timer } from '#libs/simulation';
import { NodeUnreachableError } from '#libs/replication';
import type { ClusterMessages } from './cluster-messages.ts';
import type { ClusterPeers } from './cluster-peers.ts';

/** Messages that may wait for one peer; of more, the oldest is lost. */
const WAITING_MAX = 1_000;
const FIRST_DELAY_MS = 60_000;
const DELAY_MS_MAX = 3_600_000;

interface Waiting<P extends keyof ClusterMessages> {
  readonly questions: ClusterMessages[P]['question'][];
  delayMs: number;
  timer: Timer;
}

export interface PeerBacklogOptions<P extends keyof ClusterMessages> {
  clock: Clock;
  peers: Pick<ClusterPeers, 'ask'>;
  pattern: P;
  /** Whether this peer must still be told; one that has left the deployment must not. */
  isWanted: (peer: string) => boolean;
  /** Told of what was dropped because too much waited. */
  lost?: (peer: string, question: ClusterMessages[P]['question']) => void;
}

/**
 * Messages of one kind that peers must get: what a peer did not take waits in order, and is sent again after a minute,
 * then ever more rarely, at least every hour.
 *
 * Simplified: what waits is gone when the sender itself ends.
 */
export class PeerBacklog<P extends keyof ClusterMessages> {
  private readonly waiting = new Map<string, Waiting<P>>();
  private stopped = false;

  constructor(private readonly options: PeerBacklogOptions<P>) {}

  /** Resolves after the first attempt with whether the peer has taken it. */
  async send(peer: string, question: ClusterMessages[P]['question']): Promise<boolean> {
    const queue = this.waiting.get(peer);
    if (queue) {
      this.append(peer, queue.questions, question);
      return false;
    }
    if (await this.isTaken(peer, question)) return true;
    this.wait(peer, [question], FIRST_DELAY_MS);
    return false;
  }

  stop(): void {
    this.stopped = true;
    for (const { timer } of this.waiting.values()) timer.cancel();
    this.waiting.clear();
  }

  private wait(peer: string, questions: Waiting<P>['questions'], delayMs: number): void {
    if (this.stopped) return;
    const present = this.waiting.get(peer);
    if (present) {
      for (const question of questions) this.append(peer, present.questions, question);
      return;
    }
    const timer = this.options.clock.after(delayMs, () => void this.repeat(peer));
    this.waiting.set(peer, { questions, delayMs, timer });
  }

  private async repeat(peer: string): Promise<void> {
    const queue = this.waiting.get(peer);
    if (!queue) return;
    if (!this.options.isWanted(peer)) {
      this.waiting.delete(peer);
      return;
    }
    for (let [first] = queue.questions; first !== undefined; [first] = queue.questions) {
      if (!(await this.isTaken(peer, first))) {
        if (this.stopped) return;
        queue.delayMs = Math.min(queue.delayMs * 2, DELAY_MS_MAX);
        queue.timer = this.options.clock.after(queue.delayMs, () => void this.repeat(peer));
        return;
      }
      queue.questions.shift();
    }
    this.waiting.delete(peer);
  }

  private append(
    peer: string,
    questions: ClusterMessages[P]['question'][],
    question: ClusterMessages[P]['question'],
  ): void {
    questions.push(question);
    // The first may be under way.
    const [dropped] = questions.length > WAITING_MAX ? questions.splice(1, 1) : [];
    if (dropped !== undefined) this.options.lost?.(peer, dropped);
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
