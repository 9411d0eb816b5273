import type { ConnectionFaults } from '#libs/fault';
import type { Clock } from '#libs/simulation';
import type { DialFailure } from './dial.error.ts';

/**
 * What the faults that are bound to the dial do to it: waits as long as they want, at most `remainingMs`. Undefined
 * when the connection comes about all the same.
 */
export async function dialFaultOutcome(
  faults: ConnectionFaults | undefined,
  clock: Clock,
  remainingMs: number,
): Promise<DialFailure | undefined> {
  const has = (type: string): boolean => faults?.inForce.some(({ fault }) => fault.type === type) ?? false;
  if (!faults || faults.inForce.length === 0) return undefined;
  if (has('down')) return 'connection-refused';
  if (has('reset')) return 'connection-reset';
  const latencyMs = faults.inForce.reduce((sum, active) => sum + active.latencyMs, 0);
  if (has('timeout') || latencyMs >= remainingMs) {
    await clock.sleep(remainingMs);
    return 'connect-timeout';
  }
  await clock.sleep(latencyMs);
  if (!has('stall')) return undefined;
  const released = new AbortController();
  faults.onChange(() => {
    if (!has('stall')) released.abort();
  });
  return clock.sleep(remainingMs - latencyMs, released.signal).then(
    () => 'connect-timeout' as const,
    () => undefined,
  );
}
