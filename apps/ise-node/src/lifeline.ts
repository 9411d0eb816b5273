import type { NetworkView } from '#libs/network';
import { Clock, type Journal, type JournalEvent, type JournalRecord, type Timer } from '#libs/simulation';

/** Whether the process of a node is alive. What one that was killed had begun goes on in ours, and must have no effect. */
export class Lifeline {
  private ended = false;

  get isAlive(): boolean {
    return !this.ended;
  }

  end(): void {
    this.ended = true;
  }
}

/**
 * A node's own clock: ahead of the deployment's time, or behind it, by a skew that can be set. Durations are not
 * changed by it. Timers of a node that has ended do not fire.
 */
export class NodeClock extends Clock {
  /** Milliseconds ahead; negative: behind. */
  skewMs = 0;

  constructor(
    private readonly time: Clock,
    private readonly lifeline: Lifeline,
  ) {
    super();
  }

  override now(): number {
    return this.time.now() + this.skewMs;
  }

  override hold<T>(work: () => Promise<T>): Promise<T> {
    return this.time.hold(work);
  }

  protected override timeout(delayMs: number, action: () => void): Timer {
    return this.time.after(delayMs, () => {
      if (this.lifeline.isAlive) action();
    });
  }
}

/** The journal as one node writes it: nothing more once it has ended. */
export function journalWhileAlive(journal: Journal, lifeline: Lifeline): Journal {
  const record = (event: JournalEvent): JournalRecord =>
    lifeline.isAlive ? journal.record(event) : { ...event, t: '', seq: 0 };
  return new Proxy(journal, {
    get: (target, key): unknown => {
      if (key === 'record') return record;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The network as one node uses it: a node that has ended opens no connection, and gets none that it had asked for. */
export function networkWhileAlive(network: NetworkView, lifeline: Lifeline): NetworkView {
  const dial: NetworkView['dial'] = async (request) => {
    if (lifeline.isAlive) {
      const connection = await network.dial(request);
      if (lifeline.isAlive) return connection;
      connection.destroy();
    }
    return new Promise<never>(() => undefined);
  };
  return new Proxy(network, {
    get: (target, key): unknown => {
      if (key === 'dial') return dial;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
