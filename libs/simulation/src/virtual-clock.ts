import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import { install, type Clock as FakeClock } from '@sinonjs/fake-timers';
import { Clock, type Timer } from './clock.ts';
import { LoopbackTraffic } from './loopback-traffic.ts';
import { SimulationStalledError } from './simulation.error.ts';

/** Turns of the event loop without any I/O event after which everything is taken to be waiting. */
const QUIET_TURNS = 8;

/** Real milliseconds in which no timer fires (none is due, or work is held) after which a run is called stalled. */
const STALL_MS_MAX = 20_000;

export interface VirtualClockOptions {
  /** First instant of virtual time, epoch milliseconds. */
  startAt: number;
  /** Told of each jump of the clock to the next timer, once that timer has fired. */
  onSkip?: (fromMs: number, toMs: number) => void;
  /** Real milliseconds in which no timer fires, after which the run is called stalled. Default 20,000. */
  stallMsMax?: number;
}

/**
 * Virtual time over real sockets. While `run` is under way, `setTimeout`, `setInterval` and `Date` of this thread are
 * replaced, and a pump on the real `setImmediate` watches the event loop: when no I/O event has come in for a few
 * turns, nothing is under way between two sockets of this thread and nothing is held, everything waits, and the clock
 * jumps to the next timer.
 *
 * Timers fire one by one, each only after the I/O that the one before set off has settled; so the order of events is
 * the order of time. One per thread.
 */
export class VirtualClock extends Clock {
  private readonly fake: FakeClock;
  private readonly traffic = new LoopbackTraffic();
  private held = 0;

  private constructor(private readonly options: VirtualClockOptions) {
    super();
    this.fake = install({
      now: options.startAt,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
      shouldClearNativeTimers: true,
      ignoreMissingTimers: true,
    });
    keepAsyncContext();
  }

  /**
   * Runs `main` in virtual time and gives the globals back afterwards, whatever happens.
   *
   * @throws SimulationStalledError when `main` waits for something that can never happen
   */
  static async run<T>(options: VirtualClockOptions, main: (clock: VirtualClock) => Promise<T>): Promise<T> {
    const clock = new VirtualClock(options);
    clock.traffic.start();
    try {
      return await clock.pumpUntilSettled(main(clock));
    } finally {
      clock.traffic.stop();
      clock.fake.uninstall();
    }
  }

  override now(): number {
    return this.fake.now;
  }

  protected override timeout(delayMs: number, action: () => void): Timer {
    const handle = setTimeout(action, delayMs);
    return { cancel: () => clearTimeout(handle) };
  }

  override async hold<T>(work: () => Promise<T>): Promise<T> {
    this.held += 1;
    try {
      return await work();
    } finally {
      this.held -= 1;
    }
  }

  private pumpUntilSettled<T>(main: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let settled = false;
      main.then(resolve, reject).finally(() => (settled = true));

      let eventsSeen = -1;
      let quietTurns = 0;
      let lastProgressAt = performance.now();
      const turn = (): void => {
        if (settled) return;
        const { events } = performance.nodeTiming.uvMetricsInfo;
        if (events !== eventsSeen || this.held > 0) {
          // No sign of progress: the garbage collector's helpers wake the loop too, every few milliseconds.
          eventsSeen = events;
          quietTurns = 0;
        } else {
          quietTurns += 1;
        }
        if (quietTurns >= QUIET_TURNS && !this.traffic.isUnderWay() && this.fireNextTimer()) {
          quietTurns = 0;
          lastProgressAt = performance.now();
        }
        if (performance.now() - lastProgressAt > (this.options.stallMsMax ?? STALL_MS_MAX)) {
          return reject(new SimulationStalledError(this.held, this.fake.countTimers()));
        }
        setImmediate(turn);
      };
      setImmediate(turn);
    });
  }

  private fireNextTimer(): boolean {
    if (this.fake.countTimers() === 0) return false;
    const from = this.fake.now;
    this.fake.next();
    if (this.fake.now > from) this.options.onSkip?.(from, this.fake.now);
    return true;
  }
}

/** Node's own timers call back in the async context they were set in; the replaced ones must too. */
function keepAsyncContext(): void {
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const replaced = globalThis[name];
    const keeping = (callback: (...args: unknown[]) => void, ...rest: [number?, ...unknown[]]): NodeJS.Timeout =>
      replaced(AsyncLocalStorage.bind(callback), ...rest);
    globalThis[name] = Object.assign(keeping, replaced) as typeof setTimeout;
  }
}
