import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import { Clock, type Timer } from './clock.ts';
import { replaceTimeGlobals } from './time-globals.ts';
import { TimerQueue, type QueuedTimer } from './timer-queue.ts';

/** How many times faster than real time a clock may run. */
export const PACE_MIN = 0.1;
export const PACE_MAX = 3_600;

/** Furthest jump: ten years. */
export const JUMP_MS_MAX = 10 * 365 * 86_400_000;

/** Turns of the event loop without any I/O event after which everything is taken to be waiting. */
const QUIET_TURNS = 8;

/** Real milliseconds that the next timer waits, at most, for what the one before set off. */
const SETTLE_MS_MAX = 250;

/** Real milliseconds by which a fast clock may be behind before it gives up catching up. */
const LAG_MS_MAX = 1_000;

/** `setTimeout` takes no more than 2^31 - 1 ms. */
const TIMEOUT_MS_MAX = 2_147_483_647;

const { setTimeout: nativeSetTimeout, clearTimeout: nativeClearTimeout, setImmediate: nativeSetImmediate } = globalThis;
const NativeDate = Date;

export interface ScaledClockOptions {
  /** Epoch milliseconds; default: now. */
  startAt?: number;
  /** How many times faster than real time (`PACE_MIN` to `PACE_MAX`); 0 stands still. Default 1. */
  pace?: number;
}

/**
 * The clock of a live testbed: in step with real time, N times as fast, or standing still; and it can jump ahead.
 *
 * Timers fire in the order in which they are due, and each sees the very instant it was due at: time never passes a
 * timer that has not fired. When the clock runs fast or jumps, a timer also waits until the I/O that the one before
 * set off has settled (at most `SETTLE_MS_MAX` of real time), so 30 days at once go as 30 days one by one.
 *
 * While it is installed, `setTimeout`, `setInterval` and `Date` of this thread follow it too, so that libraries live in
 * the same time. One per thread.
 */
export class ScaledClock extends Clock {
  private readonly queue = new TimerQueue();
  private currentPace: number;
  private anchor: { realMs: number; at: number };
  private held = 0;
  private jumps = 0;
  private firingAt: number | undefined;
  private armed: NodeJS.Timeout | undefined;
  private draining: Promise<void> | undefined;
  private restoreGlobals: () => void = () => undefined;

  private constructor({ startAt = NativeDate.now(), pace = 1 }: ScaledClockOptions) {
    super();
    this.currentPace = validPace(pace);
    this.anchor = { realMs: NativeDate.now(), at: startAt };
  }

  /** Starts the clock, and puts it in the place of this thread's timers and `Date` until `uninstall`. */
  static install(options: ScaledClockOptions = {}): ScaledClock {
    const clock = new ScaledClock(options);
    clock.restoreGlobals = replaceTimeGlobals(clock);
    return clock;
  }

  /** Gives the globals back. Timers that are still pending fire no more. */
  uninstall(): void {
    this.restoreGlobals();
    for (let timer = this.queue.first; timer; timer = this.queue.first) this.queue.remove(timer);
    nativeClearTimeout(this.armed);
  }

  override now(): number {
    const elapsed = this.elapsed();
    return Math.floor(this.firingAt ?? Math.min(elapsed, this.queue.first?.dueAt ?? elapsed));
  }

  get pace(): number {
    return this.currentPace;
  }

  /**
   * Sets how many times faster than real time it goes from now on; 0 stops it.
   *
   * @throws RangeError beyond `PACE_MIN` and `PACE_MAX`
   */
  setPace(pace: number): void {
    const valid = validPace(pace);
    this.anchor = { realMs: NativeDate.now(), at: this.elapsed() };
    this.currentPace = valid;
    this.arm();
  }

  /**
   * Moves time ahead by `byMs`, 0 to `JUMP_MS_MAX`; resolves when every timer that came due on the way has fired.
   *
   * @throws RangeError
   */
  async jump(byMs: number): Promise<void> {
    if (!(byMs >= 0 && byMs <= JUMP_MS_MAX)) throw new RangeError(`a jump is 0 to ${JUMP_MS_MAX} ms ahead`);
    this.anchor = { realMs: NativeDate.now(), at: this.elapsed() + byMs };
    this.jumps += 1;
    try {
      await this.drain();
    } finally {
      this.jumps -= 1;
    }
  }

  override async hold<T>(work: () => Promise<T>): Promise<T> {
    this.held += 1;
    try {
      return await work();
    } finally {
      this.held -= 1;
    }
  }

  /** @internal Besides `after`: for the timers that stand in for the global ones. */
  schedule(delayMs: number, action: () => void): ScheduledTimer {
    const bound = AsyncLocalStorage.bind(action);
    let timer = this.queue.add(this.now() + Math.max(delayMs, 0), bound);
    this.arm();
    return {
      cancel: () => this.forget(timer),
      restart: () => {
        const { referenced } = timer;
        this.queue.remove(timer);
        timer = this.queue.add(this.now() + Math.max(delayMs, 0), bound);
        timer.referenced = referenced;
        this.arm();
      },
      keepAlive: (referenced) => {
        timer.referenced = referenced;
        this.arm();
      },
      isReferenced: () => timer.referenced,
    };
  }

  protected override timeout(delayMs: number, action: () => void): Timer {
    return this.schedule(delayMs, action);
  }

  private forget(timer: QueuedTimer): void {
    if (!this.queue.has(timer)) return;
    this.queue.remove(timer);
    this.arm();
  }

  /** Where time would be if no timer stood in its way. */
  private elapsed(): number {
    const { realMs, at } = this.anchor;
    return at + Math.max(NativeDate.now() - realMs, 0) * this.currentPace;
  }

  private arm(): void {
    nativeClearTimeout(this.armed);
    this.armed = undefined;
    const { first } = this.queue;
    if (!first || this.draining) return;
    const waitMs = first.dueAt - this.elapsed();
    if (waitMs > 0 && this.currentPace === 0) return;
    const realMs = waitMs <= 0 ? 0 : Math.min(Math.ceil(waitMs / this.currentPace), TIMEOUT_MS_MAX);
    this.armed = nativeSetTimeout(() => void this.drain(), realMs);
    if (!this.queue.hasReferenced) this.armed.unref();
  }

  /** Fires what is due, one by one. */
  private drain(): Promise<void> {
    this.draining ??= this.fireAllDue().finally(() => {
      this.draining = undefined;
      this.arm();
    });
    return this.draining;
  }

  private async fireAllDue(): Promise<void> {
    for (let timer = this.queue.first; timer && timer.dueAt <= this.elapsed(); timer = this.queue.first) {
      this.queue.remove(timer);
      this.firingAt = timer.dueAt;
      try {
        timer.action();
      } catch (error) {
        // As with the timers it stands in for: nobody is there to catch it.
        nativeSetTimeout(() => {
          throw error;
        });
      }
      if (this.currentPace > 1 || this.jumps > 0) await this.settle();
      this.firingAt = undefined;
      this.dropLag(timer.dueAt);
    }
  }

  /** A clock faster than its machine goes on from where it is, instead of rushing after where it should be. */
  private dropLag(at: number): void {
    if (this.currentPace <= 1 || this.jumps > 0) return;
    if (this.elapsed() - at > LAG_MS_MAX * this.currentPace) this.anchor = { realMs: NativeDate.now(), at };
  }

  private settle(): Promise<void> {
    const startedAt = performance.now();
    return new Promise((resolve) => {
      let eventsSeen = -1;
      let quietTurns = 0;
      const turn = (): void => {
        const { events } = performance.nodeTiming.uvMetricsInfo;
        quietTurns = events === eventsSeen && this.held === 0 ? quietTurns + 1 : 0;
        eventsSeen = events;
        if (quietTurns >= QUIET_TURNS || performance.now() - startedAt > SETTLE_MS_MAX) return resolve();
        nativeSetImmediate(turn);
      };
      nativeSetImmediate(turn);
    });
  }
}

/** A timer that can be set anew, and that need not keep the process alive. */
export interface ScheduledTimer extends Timer {
  restart(): void;
  keepAlive(referenced: boolean): void;
  isReferenced(): boolean;
}

function validPace(pace: number): number {
  if (pace === 0 || (pace >= PACE_MIN && pace <= PACE_MAX)) return pace;
  throw new RangeError(`a clock runs ${PACE_MIN} to ${PACE_MAX} times as fast as real time, or 0: not at all`);
}
