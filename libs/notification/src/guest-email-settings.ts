import type { Sponsor } from '#libs/guests';

/** The page Guest Email Settings (fact sheet ise 5.3). Plain JSON: it is replicated. */
export interface GuestEmailSettings {
  /** "Enable email notifications to guests". */
  readonly enabled: boolean;
  /** Default 'From' email address. */
  readonly defaultFrom: string;
  /** Sponsor's address if there is one, or always the default. */
  readonly from: 'sponsor' | 'default';
}

/** As documented: on, sponsor's address first (fact sheet ise 3). */
export const DEFAULT_GUEST_EMAIL_SETTINGS: GuestEmailSettings = {
  enabled: true,
  defaultFrom: 'donotreply@example.com',
  from: 'sponsor',
};

/**
 * The header From of guest mail: the sponsor's address if so set and the account has a sponsor with an address, else
 * the default. With OAuth an address other than the mailbox needs SendAs, or Exchange refuses the mail.
 */
export function fromAddress(settings: GuestEmailSettings, sponsor?: Sponsor): string {
  return (settings.from === 'sponsor' && sponsor?.emailAddress) || settings.defaultFrom;
}
