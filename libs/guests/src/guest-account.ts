/** The states the sponsor portal shows (fact sheet ise 5.1). `Approved` occurs on its page of pending accounts only. */
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

/** A guest account as plain JSON, as it is stored and replicated. All instants are epoch milliseconds, UTC. */
export interface GuestAccount {
  readonly id: string;
  readonly username: string;
  /**
   * SECRET, in clear, since Resend mails it again. It goes into mails to the guest and nowhere else: no journal, log,
   * error or report; `withoutPassword` gives a copy that may be shown.
   */
  readonly password: string;
  /** The guest chose a password of his own: the one above no longer opens the account, and Resend is refused. */
  readonly passwordChangedByGuest?: boolean;
  readonly firstName: string;
  readonly lastName: string;
  /** Empty if the guest gave none; such a guest can't be mailed. */
  readonly emailAddress: string;
  readonly mobileNumber?: string;
  readonly company?: string;
  readonly personBeingVisited?: string;
  readonly reasonForVisit?: string;
  /** Name of a `GuestType`. */
  readonly guestType: string;
  /** User name of the sponsor who created it; absent for self-registered guests. */
  readonly sponsor?: string;
  readonly validFrom: number;
  readonly validTo: number;
  readonly state: GuestState;
  readonly createdAt: number;
  /** The `validTo` that the guest was told of. Another `validTo` since (an extension) makes the mail due again. */
  readonly expiryNotifiedFor?: number;
}

/** Somebody who creates accounts in the sponsor portal. */
export interface Sponsor {
  readonly username: string;
  readonly emailAddress?: string;
}

/** The account has ended: its end is reached (it is not valid at `validTo` itself), or it was marked so. */
export function isExpired(account: GuestAccount, now: number): boolean {
  return account.state === 'Expired' || now >= account.validTo;
}

/** A copy for journals, reports and lists. */
export function withoutPassword(account: GuestAccount): Omit<GuestAccount, 'password'> {
  const { password: _secret, ...shown } = account;
  return shown;
}
