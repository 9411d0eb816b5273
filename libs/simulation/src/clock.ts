/** A timer that has not fired yet; `cancel` is idempotent and harmless after it fired. */
export interface Timer {
  cancel(): void;
}

/** `setTimeout` takes no more than 2^31 - 1 ms, about 24.8 days; a longer delay would fire at once. */
const TIMEOUT_MS_MAX = 2_147_483_647;

/**
 * Time as everything in the testbed sees it. All instants are milliseconds since the Unix epoch, UTC.
 *
 * Code outside `libs/simulation` never calls `setTimeout`, `setInterval` or `Date.now` itself (lint says so).
 */
export abstract class Clock {
  abstract now(): number;

  /** Calls `action` once, `delayMs` (0 or more) from now; unlike `setTimeout` however far away that is. */
  after(delayMs: number, action: () => void): Timer {
    if (delayMs <= TIMEOUT_MS_MAX) return this.timeout(delayMs, action);
    let next = this.timeout(TIMEOUT_MS_MAX, () => {
      next = this.after(delayMs - TIMEOUT_MS_MAX, action);
    });
    return { cancel: () => next.cancel() };
  }

  /** A timer of at most `TIMEOUT_MS_MAX`. */
  protected abstract timeout(delayMs: number, action: () => void): Timer;

  /**
   * Keeps virtual time from skipping while `work` runs. Needed around anything that waits for something which is
   * neither a socket nor a timer: WebCrypto, `dns.lookup`, asynchronous `fs`. In real time it just runs the work.
   */
  abstract hold<T>(work: () => Promise<T>): Promise<T>;

  /** Resolves `delayMs` from now; rejects with `signal.reason` as soon as `signal` is aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const onAbort = (): void => {
        timer.cancel();
        reject(signal?.reason as Error);
      };
      const timer = this.after(delayMs, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** The current instant as ISO 8601 with milliseconds, `2026-02-02T05:00:00.000Z`. */
  timestamp(): string {
    return new Date(this.now()).toISOString();
  }
}
