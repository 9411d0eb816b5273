/** Something to be done at an instant. */
export interface QueuedTimer {
  /** Epoch milliseconds of the clock that the queue belongs to. */
  readonly dueAt: number;
  /** Of two that are due at the same instant the one that was queued first fires first. */
  readonly order: number;
  readonly action: () => void;
  /** Whether the process stays alive for it. */
  referenced: boolean;
}

/** Timers in the order in which they are due. */
export class TimerQueue {
  private readonly timers: QueuedTimer[] = [];
  private count = 0;

  get first(): QueuedTimer | undefined {
    return this.timers[0];
  }

  get hasReferenced(): boolean {
    return this.timers.some(({ referenced }) => referenced);
  }

  add(dueAt: number, action: () => void): QueuedTimer {
    this.count += 1;
    const timer = { dueAt, order: this.count, action, referenced: true };
    this.timers.splice(this.placeOf(timer), 0, timer);
    return timer;
  }

  /** Harmless for one that is not, or no longer, in the queue. */
  remove(timer: QueuedTimer): void {
    const place = this.placeOf(timer);
    if (this.timers[place] === timer) this.timers.splice(place, 1);
  }

  has(timer: QueuedTimer): boolean {
    return this.timers[this.placeOf(timer)] === timer;
  }

  private placeOf({ dueAt, order }: Pick<QueuedTimer, 'dueAt' | 'order'>): number {
    let low = 0;
    let high = this.timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.timers[middle];
      if (other && (other.dueAt < dueAt || (other.dueAt === dueAt && other.order < order))) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
