/** A right on a mailbox that `Add-MailboxPermission` gives (fact sheet microsoft 5.5). */
export const MAILBOX_RIGHTS = [
  'ChangeOwner',
  'ChangePermission',
  'DeleteItem',
  'ExternalAccount',
  'FullAccess',
  'ReadPermission',
] as const;

export type MailboxRight = (typeof MAILBOX_RIGHTS)[number];

/** What keeps a mailbox from sending although its owner is let in. */
export type MailboxCondition =
  /** Over its quota: no copy fits into Sent Items. */
  | 'full'
  | 'disabled'
  /** Blocked as an outbound spammer. */
  | 'restricted'
  | 'submission-disabled';

/** An entry of a mailbox's access list. */
export interface MailboxPermission {
  /** Object ID of a service principal, or address of a mailbox. */
  trustee: string;
  accessRights: MailboxRight[];
  deny: boolean;
  /** When it was given, epoch milliseconds: it takes time to reach the servers. */
  since: number;
}

export interface Mailbox {
  /** Primary SMTP address, lower case: what `user=` must name. */
  address: string;
  /** Further addresses that it receives mail under, lower case. */
  aliases: string[];
  displayName: string;
  guid: string;
  kind: 'user' | 'shared';
  hasLicense: boolean;
  isSoftDeleted: boolean;
  /** Of its content; a shared mailbox beyond 50 GB needs a licence. */
  sizeBytes: number;
  /** Of a message it may send. */
  sendBytesMax: number;
  conditions: MailboxCondition[];
  customAttribute1: string;
  /** `$null` inherits the organization's setting; `false` overrides it. */
  smtpClientAuthenticationDisabled: boolean | null;
  permissions: MailboxPermission[];
  /** Who may send as it, and since when. */
  sendAs: { trustee: string; since: number }[];
  createdAt: number;
}

const GIGABYTE = 1_073_741_824;

/** Exchange Online's default limit for messages sent: 35 MB (fact sheet microsoft 4.1). */
export const SEND_BYTES_MAX = 36_700_160;

const SHARED_UNLICENSED_BYTES_MAX = 50 * GIGABYTE;

/** Whether it can be opened at all (fact sheet microsoft 4.5). */
export function isUsable(mailbox: Mailbox): boolean {
  if (mailbox.isSoftDeleted) return false;
  return mailbox.hasLicense || (mailbox.kind === 'shared' && mailbox.sizeBytes <= SHARED_UNLICENSED_BYTES_MAX);
}

/** Whether mail to this address, in lower case, reaches it. */
export function receivesMailFor(mailbox: Mailbox, address: string): boolean {
  return !mailbox.isSoftDeleted && (mailbox.address === address || mailbox.aliases.includes(address));
}
