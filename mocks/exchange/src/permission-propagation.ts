import type { PermissionPropagation } from './exchange-settings.ts';

/** Whether a right that was given at `since` holds at `now`: denied, then in turns, then for good. */
export function hasPropagated(since: number, now: number, { denyMs, flapMs, flapEveryMs }: PermissionPropagation) {
  const ageMs = now - since;
  if (ageMs < denyMs) return false;
  if (ageMs >= denyMs + flapMs) return true;
  return Math.floor((ageMs - denyMs) / flapEveryMs) % 2 === 0;
}
