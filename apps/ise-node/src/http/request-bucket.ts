import type { Clock } from '#libs/simulation';

/** Refusals in a row after which a request is let through all the same: a client that waits in vain would never end. */
const REFUSALS_MAX = 10;

/**
 * How many requests an API answers: a token bucket that holds one second's worth, filled by the clock. Which answer the
 * real product gives beyond its 100 a second is not known (fact sheet ise 7.1); clients repeat a 429 without end (7.5), so
 * at most ten are given in a row, also while the clock stands still.
 */
export class RequestBucket {
  private tokens: number | undefined;
  private filledAt = 0;
  private refusals = 0;

  constructor(
    private readonly clock: Clock,
    /** Per second; 0: no limit. Read on each request, as the setting may change. */
    private readonly rate: () => number,
  ) {}

  /** Whether one more request may be answered now. */
  admit(): boolean {
    const rate = this.rate();
    if (rate === 0) return true;
    const now = this.clock.now();
    const earned = ((now - this.filledAt) / 1000) * rate;
    this.tokens = Math.min(rate, this.tokens === undefined ? rate : this.tokens + earned);
    this.filledAt = now;
    if (this.tokens < 1 && this.refusals < REFUSALS_MAX) {
      this.refusals += 1;
      return false;
    }
    this.tokens = Math.max(0, this.tokens - 1);
    this.refusals = 0;
    return true;
  }
}
