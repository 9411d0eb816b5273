import type { Clock } from '#libs/simulation';

/** Keys that are counted at once; when there are more, those whose window is over go, and then the oldest. */
const KEYS_MAX = 10_000;

interface Window {
  readonly endsAt: number;
  readonly attempts: number;
}

/** Counts attempts per key in windows of the testbed's clock. */
export class AttemptLimiter {
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly clock: Clock,
    private readonly limit: { readonly attempts: number; readonly windowMs: number },
  ) {}

  /** Counts one attempt. Milliseconds to wait if it is one too many; undefined if it may go on. */
  take(key: string): number | undefined {
    const now = this.clock.now();
    const known = this.windows.get(key);
    const window = known && now < known.endsAt ? known : { endsAt: now + this.limit.windowMs, attempts: 0 };
    if (window.attempts >= this.limit.attempts) return window.endsAt - now;
    // Set anew, so that the order of the map is that of use.
    this.windows.delete(key);
    this.windows.set(key, { ...window, attempts: window.attempts + 1 });
    if (this.windows.size > KEYS_MAX) this.makeRoom(now);
    return undefined;
  }

  private makeRoom(now: number): void {
    for (const [key, { endsAt }] of this.windows) if (endsAt <= now) this.windows.delete(key);
    const [oldest] = this.windows.keys();
    if (this.windows.size > KEYS_MAX && oldest !== undefined) this.windows.delete(oldest);
  }
}
