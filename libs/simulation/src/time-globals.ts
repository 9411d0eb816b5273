import { promisify } from 'node:util';
import type { Clock } from './clock.ts';
import type { ScheduledTimer } from './scaled-clock.ts';

interface SchedulingClock extends Clock {
  schedule(delayMs: number, action: () => void): ScheduledTimer;
}

/** Numbers of timers, for callers that treat a timer as a number. */
const byNumber = new Map<number, ScheduledTimeout>();

/** Beyond it, or not a number, a delay counts as 1 ms, as Node says of its own timers. */
const DELAY_MS_MAX = 2_147_483_647;

/** Makes `setTimeout`, `setInterval` and `Date` of this thread follow `clock`; the result undoes it. */
export function replaceTimeGlobals(clock: SchedulingClock): () => void {
  const { setTimeout, clearTimeout, setInterval, clearInterval, Date } = globalThis;
  const native = { setTimeout, clearTimeout, setInterval, clearInterval, Date };
  const start = (callback: (...args: unknown[]) => void, delayMs: number, repeats: boolean, args: unknown[]) => {
    if (typeof callback !== 'function') throw new TypeError('the callback of a timer is not a function');
    return new ScheduledTimeout(clock, () => callback(...args), delayMs, repeats);
  };
  const clear = (timer?: NodeJS.Timeout | string | number): void => {
    const scheduled = timer instanceof ScheduledTimeout ? timer : byNumber.get(Number(timer ?? Number.NaN));
    if (scheduled) scheduled.close();
    else native.clearTimeout(timer);
  };
  const later = (callback: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]) =>
    start(callback, delayOf(delayMs), false, args);
  const repeatedly = (callback: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]) =>
    start(callback, delayOf(delayMs), true, args);
  Object.assign(globalThis, {
    setTimeout: Object.assign(later, {
      __promisify__: native.setTimeout.__promisify__,
      [promisify.custom]: <T>(delayMs?: number, value?: T): Promise<T | undefined> =>
        clock.sleep(delayOf(delayMs)).then(() => value),
    }),
    setInterval: repeatedly,
    clearTimeout: clear,
    clearInterval: clear,
    Date: dateOf(clock),
  });
  return () => Object.assign(globalThis, native);
}

/** `Date` whose present is the clock's; everything else of it, `instanceof` too, is the original. */
function dateOf(clock: Clock): DateConstructor {
  const Native = Date;
  const now = (): number => clock.now();
  return new Proxy(Native, {
    construct: (target, args: unknown[], newTarget): Date =>
      Reflect.construct(target, args.length === 0 ? [clock.now()] : args, newTarget) as Date,
    apply: (): string => new Native(clock.now()).toString(),
    get: (target, key, receiver): unknown => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
}

function delayOf(delayMs: unknown): number {
  const delay = Number(delayMs ?? 1);
  return delay >= 1 && delay <= DELAY_MS_MAX ? Math.trunc(delay) : 1;
}

/** Stands in for Node's `Timeout`. */
class ScheduledTimeout implements NodeJS.Timeout {
  private static count = 0;
  private readonly number: number;
  private readonly timer: ScheduledTimer;

  constructor(clock: SchedulingClock, action: () => void, delayMs: number, repeats: boolean) {
    ScheduledTimeout.count += 1;
    this.number = ScheduledTimeout.count;
    byNumber.set(this.number, this);
    this.timer = clock.schedule(delayMs, () => {
      if (repeats) this.timer.restart();
      else byNumber.delete(this.number);
      action();
    });
  }

  close(): this {
    byNumber.delete(this.number);
    this.timer.cancel();
    return this;
  }

  refresh(): this {
    this.timer.restart();
    return this;
  }

  ref(): this {
    this.timer.keepAlive(true);
    return this;
  }

  unref(): this {
    this.timer.keepAlive(false);
    return this;
  }

  hasRef(): boolean {
    return this.timer.isReferenced();
  }

  _onTimeout(): void {}

  [Symbol.toPrimitive](): number {
    return this.number;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
