import type { RootCause } from './root-cause.ts';

const THE_MAILBOX = 'the mailbox';

/** Why Exchange Online takes no session, or not this mail. Test Connection shows only the first three of them. */
export const EXCHANGE_SUBMISSION_CAUSES: readonly RootCause[] = [
  {
    code: 'exchange.service-unavailable',
    title: 'Exchange Online takes no connections for now',
    cause: () => 'smtp.office365.com answers every connection with 421: the service is not available.',
    remedy: () => 'Wait: mails stay in the queue. Watch the service health of Microsoft 365.',
  },
  {
    code: 'exchange.too-many-connections',
    title: 'The server has no connection left',
    cause: () => 'The server that smtp.office365.com led to has as many connections as it takes.',
    remedy: () => 'Wait: mails stay in the queue, and the next attempt may meet another server.',
  },
  {
    code: 'exchange.tls-rate-exceeded',
    title: 'The server takes no further TLS handshakes for now',
    cause: () => 'The server refuses STARTTLS: it has taken on as many TLS handshakes as it can.',
    remedy: () => 'Wait: mails stay in the queue, and the next attempt may meet another server.',
  },
  {
    code: 'exchange.too-few-resources',
    title: 'The server is short of resources',
    cause: () => 'The server takes no further mail for now: it is short of memory or disk.',
    remedy: () => 'Wait: mails stay in the queue, and the next attempt may meet another server.',
  },
  {
    code: 'exchange.rate-exceeded',
    title: 'More mails a minute than the mailbox may send',
    cause: ({ mailbox }) =>
      `${mailbox ?? 'The mailbox'} has begun 30 mails within a minute, all of its clients together.`,
    remedy: () =>
      'Mails in the queue follow by themselves. Give other programs a mailbox of their own; create guests in smaller batches.',
  },
  {
    code: 'exchange.too-many-recipients',
    title: 'The mail has more recipients than the organization allows',
    cause: () => 'Exchange refuses a recipient of the mail: it has as many as the organization allows in one mail.',
    remedy: () =>
      'Set-TransportConfig -MaxRecipientEnvelopeLimit Unlimited; or address fewer administrators, or a distribution group.',
  },
  {
    code: 'exchange.mailbox-disabled',
    title: 'The mailbox is disabled',
    cause: ({ mailbox }) => `${mailbox ?? 'The mailbox'} can be logged in to, but is disabled for mail.`,
    remedy: ({ mailbox }) =>
      `Enable-Mailbox -Identity ${mailbox ?? '<mailbox>'}, or enter another one on the SMTP Server page.`,
  },
  {
    code: 'exchange.submission-disabled',
    title: 'The account may not submit mail',
    cause: ({ mailbox }) => `Microsoft has disabled submission for the account of ${mailbox ?? THE_MAILBOX}.`,
    remedy: () =>
      'Find out in Microsoft Defender why the account was stopped, secure it, then have submission enabled again.',
  },
  {
    code: 'exchange.no-full-access',
    title: 'The application has no right to the mailbox',
    cause: ({ mailbox }) =>
      `The application may log in but has no FullAccess to ${mailbox ?? THE_MAILBOX}: authentication succeeds, the mail is refused after DATA.`,
    remedy: ({ mailbox }) =>
      `Add-MailboxPermission -Identity ${mailbox ?? '<mailbox>'} -User <object ID of the service principal> -AccessRights FullAccess`,
  },
  {
    code: 'exchange.permission-not-propagated',
    title: 'FullAccess has not reached every server yet',
    cause: ({ mailbox }) =>
      `The application has FullAccess to ${mailbox ?? THE_MAILBOX}, but so recently that some mailbox servers do not know of it: mails are taken and refused in turns.`,
    remedy: () => 'Wait up to two hours; change nothing meanwhile. Get-MailboxPermission shows the right already.',
  },
  {
    code: 'exchange.send-as-denied',
    title: 'The sender address is not the mailbox',
    cause: ({ mailbox, actual }) =>
      `The mail is from ${actual ?? 'another address'}, and ${mailbox ?? THE_MAILBOX} may not send as it.`,
    remedy: () =>
      'Guest Email Settings or Alarm Notification: use the mailbox as sender; or Add-RecipientPermission … -AccessRights SendAs.',
  },
  {
    code: 'exchange.sender-restricted',
    title: 'The mailbox is a restricted sender',
    cause: ({ mailbox }) => `${mailbox ?? 'The mailbox'} was blocked for outbound spam.`,
    remedy: () =>
      'Microsoft Defender > Review > Restricted entities: find out what sent the spam, then unblock the mailbox.',
  },
  {
    code: 'exchange.tenant-blocked',
    title: 'The whole tenant is blocked from sending',
    cause: ({ answer }) =>
      `Microsoft keeps the tenant from sending, for spam or too much unknown mail${answer ? `: ${answer}` : ''}.`,
    remedy: () => 'Find what sent the spam and stop it; then ask Microsoft support to lift the block.',
  },
  {
    code: 'exchange.concurrency-exceeded',
    title: 'More than three connections for the mailbox at once',
    cause: ({ mailbox }) => `Other clients hold all connections that may submit for ${mailbox ?? THE_MAILBOX} at once.`,
    remedy: () =>
      'Mails in the queue follow by themselves. Give other programs a mailbox of their own; Exchange allows three connections for each.',
  },
  {
    code: 'exchange.daily-quota-exceeded',
    title: 'More than 10,000 recipients in a day',
    cause: ({ mailbox }) => `${mailbox ?? 'The mailbox'} has addressed as many recipients as it may in 24 hours.`,
    remedy: () =>
      'Wait until tomorrow and send again; move bulk mail of other programs to a mailbox or service of its own.',
  },
  {
    code: 'exchange.message-too-large',
    title: 'The mail is larger than the mailbox may send',
    cause: ({ mailbox }) => `The mail is larger than ${mailbox ?? THE_MAILBOX} may send.`,
    remedy: ({ mailbox }) =>
      `Set-Mailbox -Identity ${mailbox ?? '<mailbox>'} -MaxSendSize 35MB; or shorten the text and pictures of the portal page customization.`,
  },
  {
    code: 'exchange.mailbox-full',
    title: 'The mailbox is full',
    cause: ({ mailbox }) =>
      `${mailbox ?? 'The mailbox'} is over its quota: the copy of the mail does not fit into Sent Items.`,
    remedy: () => 'Empty Sent Items, set a retention policy for it, or assign a larger quota.',
  },
  {
    code: 'exchange.recipient-unknown',
    title: 'The recipient does not exist',
    cause: ({ recipient }) =>
      `Exchange took the mail, and nobody in the organization has the address ${recipient ?? 'it was for'}. ISE cannot see that: the non-delivery report goes to the mailbox.`,
    remedy: () =>
      'Look into the inbox of the mailbox for "Undeliverable"; correct the address of the guest and resend.',
  },
  {
    code: 'exchange.recipient-mailbox-full',
    title: 'The mailbox of the recipient is full',
    cause: ({ recipient }) =>
      `Exchange took the mail, but the mailbox ${recipient ?? 'of the recipient'} is over its quota. ISE cannot see that: the non-delivery report goes to the mailbox that sends.`,
    remedy: () => 'The recipient must empty the mailbox; then resend.',
  },
];
