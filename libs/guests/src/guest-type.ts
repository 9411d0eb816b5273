import { z } from 'zod';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Milliseconds of the units that guest types count in. */
export const DURATION_UNIT_MS = { DAYS: DAY_MS, HOURS: 60 * MINUTE_MS, MINUTES: MINUTE_MS } as const;

/** The longest time an account of any type can last (our bound). */
const GUEST_DURATION_MS_MAX = 3_650 * DAY_MS;

const durationMs = z.int().min(MINUTE_MS).max(GUEST_DURATION_MS_MAX);
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 08:30');

const WEEK_DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** Days and hours at which a guest may log in, in the time of his location. */
const dayTimeLimitSchema = z
  .strictObject({ startTime: timeOfDay, endTime: timeOfDay, days: z.array(z.enum(WEEK_DAYS)).min(1) })
  .refine(({ startTime, endTime }) => startTime < endTime, { path: ['endTime'], error: 'a time after startTime' });

/** When and with which words the guests of a type are told that their access ends (fact sheet ise 5.4). */
const expirationNotificationSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** How long before the end of the account, in milliseconds. ISE takes days, hours or minutes. */
  advanceMs: z
    .int()
    .min(MINUTE_MS)
    .max(GUEST_DURATION_MS_MAX)
    .default(3 * DAY_MS),
  sendEmail: z.boolean().default(true),
  /** Body text; may have several lines. Our own words by default. */
  text: z
    .string()
    .max(4096)
    .default('Your guest account expires soon. Ask your sponsor if you need access for longer.'),
  /** The text in other languages, by their names; `text` is for the rest. */
  texts: z.record(z.string(), z.string().max(4096)).optional(),
});

/** Kept as it was set; nothing here limits sessions (fact sheet ise 5.4). */
const loginOptionsSchema = z.strictObject({
  limitSimultaneousLogins: z.boolean().default(true),
  maxSimultaneousLogins: z.int().min(1).max(999).default(3),
  failureAction: z
    .enum(['Disconnect_Oldest_Connection', 'Disconnect_Newest_Connection'])
    .default('Disconnect_Oldest_Connection'),
  maxRegisteredDevices: z.int().min(1).max(999).default(5),
  identityGroupId: z.string().optional(),
});

/** What the accounts of a type may do. Plain JSON: it is replicated. All durations in milliseconds. */
export const guestTypeSchema = z
  .strictObject({
    /** As the sponsor portal lists it; the built-in types end in ` (default)`. */
    name: z.string().trim().min(1).max(100),
    description: z.string().max(512).optional(),
    durationMsMax: durationMs.default(365 * DAY_MS),
    defaultDurationMs: durationMs.default(90 * DAY_MS),
    /** The duration begins with the first login rather than at once. Unused, the account ends as if it had begun. */
    fromFirstLogin: z.boolean().optional(),
    /** Accounts may skip the guest portal, so they are `Active` from the start (fact sheet ise 5.1). */
    allowGuestPortalBypass: z.boolean().default(false),
    /** Absent or empty: at any time. */
    accessTimes: z.array(dayTimeLimitSchema).max(20).optional(),
    loginOptions: loginOptionsSchema.optional(),
    expirationNotification: expirationNotificationSchema.prefault({}),
  })
  .refine((type) => type.defaultDurationMs <= type.durationMsMax, {
    path: ['defaultDurationMs'],
    error: 'a duration within durationMsMax',
  });
export type GuestType = Readonly<z.infer<typeof guestTypeSchema>>;

/**
 * The types every deployment begins with (fact sheet ise 5.4). Our choice, where the facts give a range or nothing:
 * Weekly lasts 7 days by default and 14 at most, Daily and SocialLogin 1 day by default.
 */
export const DEFAULT_GUEST_TYPES: readonly GuestType[] = [
  builtIn('Contractor (default)', { days: 90, daysMax: 365 }),
  builtIn('Daily (default)', { days: 1, daysMax: 5 }),
  builtIn('Weekly (default)', { days: 7, daysMax: 14 }),
  builtIn('SocialLogin (default)', { days: 1, daysMax: 5 }),
];

function builtIn(name: string, { days, daysMax }: { days: number; daysMax: number }): GuestType {
  return guestTypeSchema.parse({ name, durationMsMax: daysMax * DAY_MS, defaultDurationMs: days * DAY_MS });
}

/** Whether the type lets its guests log in at this instant, by the clock of `timeZone` (IANA). */
export function mayLogInAt(type: GuestType, instant: number, timeZone: string): boolean {
  if (!type.accessTimes || type.accessTimes.length === 0) return true;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant);
  const part = (name: string): string => parts.find(({ type: each }) => each === name)?.value ?? '';
  const time = `${part('hour')}:${part('minute')}`;
  return type.accessTimes.some(
    ({ days, startTime, endTime }) =>
      days.some((day) => day === part('weekday')) && startTime <= time && time < endTime,
  );
}
