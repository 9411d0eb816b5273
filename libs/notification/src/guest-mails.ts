import type { ApprovalTokens, GuestAccount, GuestType, Sponsor } from '#libs/guests';
import type { GuestEmailSettings } from '#libs/settings';
import { compose, multiLine, refuse, type Composition } from './composition.ts';
import type { EmailType } from './email-type.ts';
import { fromAddress } from './guest-email-settings.ts';
import { ENGLISH } from './guest-texts.english.ts';
import { guestTextFor, type GuestTextKind, type PortalTexts } from './guest-texts.ts';
import { durationText, longTime, shortTime } from './mail-time.ts';
import { sponsorSummaryText, template, testMailText } from './templates.ts';

/** What mail to a guest is made of. */
export interface GuestMailOptions {
  readonly account: GuestAccount;
  readonly settings: GuestEmailSettings;
  /** The account's sponsor, if there is one. */
  readonly sponsor?: Sponsor;
  /** IANA name of the zone that times are printed in; default UTC. */
  readonly timeZone?: string;
  /** What was edited on the portal's notification pages. */
  readonly texts?: PortalTexts;
}

/** E3: the credentials, to the guest. `copyTo` is the sponsor's address if "Copy me" is ticked: same mail, as Cc. */
export function composeGuestCredentials(options: GuestMailOptions & { readonly copyTo?: string }): Composition {
  return toGuest('guest-credentials', 'credentials', options);
}

/** E3: the self-registered guest was approved; with the credentials. */
export function composeGuestApproval(options: GuestMailOptions & { readonly copyTo?: string }): Composition {
  return toGuest('guest-credentials', 'approved', options);
}

/** E3: what became of the account, without the password. */
export function composeGuestNotice(
  kind: 'denied' | 'extended' | 'suspended' | 'reinstated',
  options: GuestMailOptions & { readonly copyTo?: string },
): Composition {
  return toGuest('guest-notice', kind, options);
}

/** E1: the account ends soon, to the guest, with the text of the guest type. Subject and first lines are our words. */
export function composeGuestExpiry(options: GuestMailOptions & { readonly type: GuestType }): Composition {
  const { text, texts } = options.type.expirationNotification;
  const typeText = multiLine(texts?.[options.account.notificationLanguage ?? ''] ?? text);
  const mail = toGuest('guest-expiry', 'expiry', options);
  return mail.kind === 'composed' ? { ...mail, text: `${mail.text}\n${typeText}` } : mail;
}

/** E3: a self-registered guest waits, to those who approve. One mail to all, from the default address. */
export function composeApprovalRequest(options: {
  readonly account: GuestAccount;
  readonly settings: GuestEmailSettings;
  readonly approvers: readonly string[];
  readonly links: ApprovalTokens;
  readonly timeZone?: string;
  readonly texts?: PortalTexts;
}): Composition {
  const { account, settings, approvers, links, timeZone = 'UTC', texts } = options;
  const extra = {
    approveLink: links.approve,
    denyLink: links.deny,
    linksValidTo: longTime(account.approval?.linksValidTo ?? 0, timeZone),
  };
  return compose({
    type: 'approval-request',
    from: settings.defaultFrom,
    to: approvers,
    ...renderGuestText('approval-request', { account, timeZone, texts }, extra),
  });
}

function toGuest(
  type: EmailType,
  kind: GuestTextKind,
  { account, settings, sponsor, copyTo, timeZone, texts }: GuestMailOptions & { readonly copyTo?: string },
): Composition {
  if (!settings.enabled)
    return refuse(type, 'notification.disabled', 'E-mail notifications to guests are switched off.');
  return compose({
    type,
    from: fromAddress(settings, sponsor),
    to: [account.emailAddress],
    cc: copyTo === undefined ? [] : [copyTo],
    ...renderGuestText(kind, { account, timeZone, texts }),
  });
}

/** Subject and text of a notification, with the account's values in the account's language. */
export function renderGuestText(
  kind: GuestTextKind,
  { account, timeZone = 'UTC', texts }: Pick<GuestMailOptions, 'account' | 'timeZone' | 'texts'>,
  extra: Readonly<Record<string, string>> = {},
): { subject: string; text: string } {
  const language = account.notificationLanguage ?? 'English';
  const { subject, body } = guestTextFor(kind, language, texts);
  const fields = {
    // The sample greets by first name (fact sheet ise 1.5); without one, by user name (our choice).
    greeting: account.firstName || account.username,
    firstName: account.firstName,
    lastName: account.lastName,
    username: account.username,
    password: kind === 'credentials' || kind === 'approved' ? account.password : '',
    emailAddress: account.emailAddress,
    mobileNumber: account.mobileNumber ?? '',
    company: account.company ?? '',
    personBeingVisited: account.personBeingVisited ?? '',
    reasonForVisit: account.reasonForVisit ?? '',
    guestType: account.guestType,
    location: account.location ?? '',
    ssid: account.ssid ?? '',
    sponsor: account.sponsor ?? '',
    validFrom: longTime(account.validFrom, timeZone),
    validTo: longTime(account.validTo, timeZone),
    duration: durationText(account.validTo - account.validFrom, language),
    expiresOn: shortTime(account.validTo, timeZone),
    reason: account.statusReason ?? '',
    ...extra,
  };
  return { subject: compiled(subject)(fields), text: compiled(body)(fields) };
}

/** Texts that are kept compiled; edited ones come and go. */
const COMPILED_MAX = 200;
const compiledTexts = new Map<string, ReturnType<typeof template>>();

function compiled(source: string): ReturnType<typeof template> {
  const known = compiledTexts.get(source);
  if (known) return known;
  if (compiledTexts.size >= COMPILED_MAX) compiledTexts.clear();
  const render = template(source);
  compiledTexts.set(source, render);
  return render;
}

/**
 * E3: what the sponsor did, to the sponsor ("Send me a summary"). Has no passwords. Sent from the default address even
 * when guests are not mailed. The whole mail is our wording.
 */
export function composeSponsorSummary(options: {
  /** What was done, in the past: `created`, `resent`. */
  readonly action: string;
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
    subject: ENGLISH.credentials.subject,
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
