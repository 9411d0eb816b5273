import { Clock, type Timer } from './clock.ts';

const { setTimeout: nativeSetTimeout, clearTimeout: nativeClearTimeout } = globalThis;
const NativeDate = Date;

/** The machine's own time, also while another clock stands in for this thread's timers: for whoever waits outside. */
export class RealClock extends Clock {
  override now(): number {
    return NativeDate.now();
  }

  protected override timeout(delayMs: number, action: () => void): Timer {
    const handle = nativeSetTimeout(action, delayMs);
    return { cancel: () => nativeClearTimeout(handle) };
  }

  override hold<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}
