import { z } from 'zod';

/** Work Centers > Guest Access > Settings > Guest Locations and SSIDs: where a guest is, and so which time counts. */
export const guestLocationSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** IANA name. */
  timeZone: z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin'),
});
export type GuestLocation = z.infer<typeof guestLocationSchema>;

/** The location that ISE's own examples use (fact sheet ise 7.2). */
export const DEFAULT_GUEST_LOCATIONS: readonly GuestLocation[] = [
  { name: 'San Jose', timeZone: 'America/Los_Angeles' },
];

/** The zone of the account's location; of an account without one, or with one that is gone, `otherwise`. */
export function timeZoneOf(
  account: { readonly location?: string | undefined },
  locations: readonly GuestLocation[],
  otherwise = 'UTC',
): string {
  return locations.find(({ name }) => name === account.location)?.timeZone ?? otherwise;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
