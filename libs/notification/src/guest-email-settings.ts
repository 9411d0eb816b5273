import type { GuestEmailSettings } from '#libs/settings';
import type { Sponsor } from '#libs/guests';

/**
 * The header From of guest mail: the sponsor's address if so set and the account has a sponsor with an address, else
 * the default. With OAuth an address other than the mailbox needs SendAs, or Exchange refuses the mail.
 */
export function fromAddress(settings: GuestEmailSettings, sponsor?: Sponsor): string {
  return (settings.from === 'sponsor' && sponsor?.emailAddress) || settings.defaultFrom;
}
