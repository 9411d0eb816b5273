import { Clock, type Timer } from './clock.ts';

/** The machine's own time: the clock of a live testbed and of real-time benchmarks. */
export class RealClock extends Clock {
  override now(): number {
    return Date.now();
  }

  protected override timeout(delayMs: number, action: () => void): Timer {
    const handle = setTimeout(action, delayMs);
    return { cancel: () => clearTimeout(handle) };
  }

  override hold<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}
