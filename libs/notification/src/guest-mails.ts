import type { GuestAccount, GuestType, Sponsor } from '#libs/guests';
import type { GuestEmailSettings } from '#libs/settings';
import { compose, multiLine, refuse, type Composition } from './composition.ts';
import { fromAddress } from './guest-email-settings.ts';
import { durationText, longTime, shortTime } from './mail-time.ts';
import { guestCredentialsText, guestExpiryText, sponsorSummaryText, testMailText } from './templates.ts';

/** The subject of credentials and of the test mail (fact sheet ise 1.5). */
const GUEST_CREDENTIALS_SUBJECT = 'Your Guest Account Credentials';

/** What mail to a guest is made of. */
export interface GuestMailOptions {
  readonly account: GuestAccount;
  readonly settings: GuestEmailSettings;
  /** The account's sponsor, if there is one. */
  readonly sponsor?: Sponsor;
  /** IANA name of the zone that times are printed in; default UTC. */
  readonly timeZone?: string;
}

/** E3: the credentials, to the guest. `copyTo` is the sponsor's address if "Copy me" is ticked: same mail, as Cc. */
export function composeGuestCredentials(options: GuestMailOptions & { readonly copyTo?: string }): Composition {
  const { account, settings, sponsor, copyTo, timeZone = 'UTC' } = options;
  if (!settings.enabled) return notificationsOff('guest-credentials');
  return compose({
    type: 'guest-credentials',
    from: fromAddress(settings, sponsor),
    to: [account.emailAddress],
    cc: copyTo === undefined ? [] : [copyTo],
    subject: GUEST_CREDENTIALS_SUBJECT,
    text: guestCredentialsText({
      greeting: greetingOf(account),
      firstName: account.firstName,
      lastName: account.lastName,
      username: account.username,
      password: account.password,
      mobileNumber: account.mobileNumber ?? '',
      validFrom: longTime(account.validFrom, timeZone),
      validTo: longTime(account.validTo, timeZone),
      duration: durationText(account.validTo - account.validFrom),
      personBeingVisited: account.personBeingVisited ?? '',
      reasonForVisit: account.reasonForVisit ?? '',
      expiresOn: shortTime(account.validTo, timeZone),
    }),
  });
}

/** E1: the account ends soon, to the guest, with the text of the guest type. Subject and first lines are our words. */
export function composeGuestExpiry(options: GuestMailOptions & { readonly type: GuestType }): Composition {
  const { account, settings, sponsor, type, timeZone = 'UTC' } = options;
  if (!settings.enabled) return notificationsOff('guest-expiry');
  const text = guestExpiryText({
    greeting: greetingOf(account),
    username: account.username,
    validTo: shortTime(account.validTo, timeZone),
  });
  return compose({
    type: 'guest-expiry',
    from: fromAddress(settings, sponsor),
    to: [account.emailAddress],
    subject: 'Your guest account is about to expire',
    text: `${text}\n${multiLine(type.expirationNotification.text)}`,
  });
}

/**
 * E3: what the sponsor did, to the sponsor ("Send me a summary"). Has no passwords. Sent from the default address even
 * when guests are not mailed. The whole mail is our wording.
 */
export function composeSponsorSummary(options: {
  readonly action: 'created' | 'resent';
  readonly accounts: readonly GuestAccount[];
  readonly sponsor: Sponsor;
  readonly settings: GuestEmailSettings;
  /** The sponsor's address as typed in the dialog; default: the one that is known. */
  readonly to?: string;
  readonly timeZone?: string;
}): Composition {
  const { action, accounts, sponsor, settings, to = sponsor.emailAddress, timeZone = 'UTC' } = options;
  const noun = accounts.length === 1 ? 'guest account' : 'guest accounts';
  return compose({
    type: 'sponsor-summary',
    from: settings.defaultFrom,
    to: [to],
    subject: `Summary of ${noun} ${action}`,
    text: sponsorSummaryText({
      sponsor: sponsor.username,
      heading: `${accounts.length} ${noun} ${action}:`,
      accounts: accounts.map((account) => ({
        username: account.username,
        name: `${account.firstName} ${account.lastName}`,
        emailAddress: account.emailAddress,
        guestType: account.guestType,
        state: account.state,
        validFrom: longTime(account.validFrom, timeZone),
        validTo: longTime(account.validTo, timeZone),
      })),
    }),
  });
}

/** E5: the credentials mail with ISE's placeholder data, fixed dates included (fact sheet ise 1.5). */
export function composeTestMail(options: { readonly to: string; readonly settings: GuestEmailSettings }): Composition {
  return compose({
    type: 'test',
    from: options.settings.defaultFrom,
    to: [options.to],
    subject: GUEST_CREDENTIALS_SUBJECT,
    text: testMailText({
      greeting: 'firstname',
      firstName: 'firstname',
      lastName: 'lastname',
      username: 'username',
      password: 'password',
      mobileNumber: 'NA',
      validFrom: '2014-11-12 02:06:00',
      validTo: '2016-11-12 02:06:00',
      personBeingVisited: '',
      reasonForVisit: '',
    }),
  });
}

/** The sample greets by first name (fact sheet ise 1.5); without one, by user name (our choice). */
function greetingOf(account: GuestAccount): string {
  return account.firstName || account.username;
}

function notificationsOff(type: 'guest-credentials' | 'guest-expiry'): Composition {
  return refuse(type, 'notification.disabled', 'E-mail notifications to guests are switched off.');
}
