const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** When and with which words the guests of a type are told that their access ends (fact sheet ise 5.4). */
export interface ExpirationNotification {
  readonly enabled: boolean;
  /** How long before the end of the account, in milliseconds. ISE takes days, hours or minutes. */
  readonly advanceMs: number;
  readonly sendEmail: boolean;
  /** Body text; may have several lines. */
  readonly text: string;
}

/** What the accounts of this type may do. Plain JSON: it is replicated. All durations in milliseconds. */
export interface GuestType {
  /** As the sponsor portal lists it; the built-in types end in ` (default)`. */
  readonly name: string;
  readonly durationMsMax: number;
  readonly defaultDurationMs: number;
  /** Accounts may skip the guest portal, so they are `Active` from the start (fact sheet ise 5.1). */
  readonly allowGuestPortalBypass: boolean;
  readonly expirationNotification: ExpirationNotification;
}

/** Off, 3 days ahead: the defaults of fact sheet ise 5.4. The text is our own. */
const DEFAULT_EXPIRATION_NOTIFICATION: ExpirationNotification = {
  enabled: false,
  advanceMs: 3 * DAY_MS,
  sendEmail: true,
  text: 'Your guest account expires soon. Ask your sponsor if you need access for longer.',
};

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
  return {
    name,
    durationMsMax: daysMax * DAY_MS,
    defaultDurationMs: days * DAY_MS,
    allowGuestPortalBypass: false,
    expirationNotification: DEFAULT_EXPIRATION_NOTIFICATION,
  };
}
