/**
 * The states the sponsor portal shows (fact sheet ise 5.1). `Approved` is never stored: it is what the page of pending
 * accounts calls a Created or Active account that was approved and not used since.
 */
export const GUEST_STATES = [
  'Created',
  'Active',
  'Suspended',
  'Expired',
  'Pending Approval',
  'Approved',
  'Denied',
] as const;
export type GuestState = (typeof GUEST_STATES)[number];

/** How the request of a self-registered guest stands. */
export interface GuestApproval {
  /** Absent: nobody has decided yet. */
  readonly decision?: 'approved' | 'denied';
  /** Login name of the sponsor, or `link` for the holder of a link. */
  readonly decidedBy?: string;
  /** SHA-256 of the token in the approve link, hexadecimal; gone once either link was used. */
  readonly approveTokenHash?: string;
  readonly denyTokenHash?: string;
  /** The links open nothing from this instant on. */
  readonly linksValidTo?: number;
}

/** A guest account as plain JSON, as it is stored and replicated. All instants are epoch milliseconds, UTC. */
export interface GuestAccount {
  readonly id: string;
  readonly username: string;
  /**
   * SECRET, in clear, since Resend mails it again. It goes into mails to the guest and nowhere else: no journal, log,
   * error or report; `withoutPassword` gives a copy that may be shown.
   */
  readonly password: string;
  /** The guest chose a password of his own: Resend is refused. */
  readonly passwordChangedByGuest?: boolean;
  readonly firstName: string;
  readonly lastName: string;
  /** Empty if the guest gave none; such a guest can't be mailed. */
  readonly emailAddress: string;
  readonly mobileNumber?: string;
  readonly company?: string;
  /** E-mail address or login name of the person, as typed. */
  readonly personBeingVisited?: string;
  readonly reasonForVisit?: string;
  /** Name of a language, `English`; one that no template has is answered in English. */
  readonly notificationLanguage?: string;
  /** Name of a `GuestLocation`, whose time zone the guest's mails are printed in. */
  readonly location?: string;
  readonly ssid?: string;
  readonly groupTag?: string;
  readonly customFields?: Readonly<Record<string, string>>;
  /** Identifier of the portal it was created through. */
  readonly portalId?: string;
  /** Name of a `GuestType`. */
  readonly guestType: string;
  /** User name of the sponsor who created it; absent for self-registered guests. */
  readonly sponsor?: string;
  readonly validFrom: number;
  readonly validTo: number;
  /** The duration that begins at the first login, in milliseconds; absent once it has, or if it began at once. */
  readonly fromFirstLoginMs?: number;
  readonly firstLoginAt?: number;
  readonly state: GuestState;
  /** Why it was suspended or denied. */
  readonly statusReason?: string;
  /** There for self-registered guests alone. */
  readonly approval?: GuestApproval;
  readonly createdAt: number;
  /** The `validTo` that the guest was told of. Another `validTo` since (an extension) makes the mail due again. */
  readonly expiryNotifiedFor?: number;
}

/** The account has ended: its end is reached (it is not valid at `validTo` itself), or it was marked so. */
export function isExpired(account: Omit<GuestAccount, 'password'>, now: number): boolean {
  return account.state === 'Expired' || now >= account.validTo;
}

/**
 * The state that a list of accounts shows at `now`. Nothing marks an account when its end comes: it simply is Expired
 * from then on. Pending and denied accounts stay what they are (fact sheet ise 5.1: Approve finds out).
 */
export function shownState(account: Omit<GuestAccount, 'password'>, now: number): GuestState {
  const ends = account.state === 'Created' || account.state === 'Active' || account.state === 'Suspended';
  return ends && isExpired(account, now) ? 'Expired' : account.state;
}

/** The state that decides what may be done with the account: `shownState`, or Approved until its first use. */
export function lifeCycleState(account: Omit<GuestAccount, 'password'>, now: number): GuestState {
  const shown = shownState(account, now);
  const unused = (shown === 'Created' || shown === 'Active') && account.firstLoginAt === undefined;
  return unused && account.approval?.decision === 'approved' ? 'Approved' : shown;
}

/** A copy for journals, reports and lists: no password, no token hashes. */
export function withoutPassword(account: GuestAccount): Omit<GuestAccount, 'password'> {
  const { password: _secret, approval, ...shown } = account;
  if (approval === undefined) return shown;
  const { approveTokenHash: _approve, denyTokenHash: _deny, ...decided } = approval;
  return { ...shown, approval: decided };
}
