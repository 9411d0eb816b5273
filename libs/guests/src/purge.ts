import { z } from 'zod';
import { shownState, type GuestAccount } from './guest-account.ts';

const DAY_MS = 86_400_000;

/** Guest Account Purge Policy: every 15 days at 01:00 (fact sheet ise 5.4), here by UTC. */
export const guestPurgePolicySchema = z.strictObject({
  enabled: z.boolean().default(true),
  everyDays: z.int().min(1).max(365).default(15),
  /** `HH:mm`, UTC. */
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 01:00')
    .default('01:00'),
});
export type GuestPurgePolicy = Readonly<z.infer<typeof guestPurgePolicySchema>>;

/** The next purge after `now`: at the given time on each day whose number since 1970 is a multiple of `everyDays`. */
export function nextPurgeAt({ everyDays, at }: GuestPurgePolicy, now: number): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const periodMs = everyDays * DAY_MS;
  const next = Math.floor(now / periodMs) * periodMs + (hours * 60 + minutes) * 60_000;
  return next > now ? next : next + periodMs;
}

/** What a purge removes: expired accounts, and requests that were denied (the latter our choice). */
export function purgeable(accounts: readonly GuestAccount[], now: number): GuestAccount[] {
  return accounts.filter((account) => ['Expired', 'Denied'].includes(shownState(account, now)));
}
