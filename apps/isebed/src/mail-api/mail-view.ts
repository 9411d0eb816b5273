import { createHash } from 'node:crypto';
import type { Address, Email } from 'postal-mime';
import type { ArchivedMail } from './mail-archive.ts';

/** Characters of a mail's text that a list shows. */
const SNIPPET_MAX = 250;

/** Names as Mailpit's API has them. */
export interface AddressView {
  Name: string;
  Address: string;
}

export interface MailAttachment {
  partId: string;
  inline: boolean;
  fileName: string;
  contentType: string;
  contentId: string;
  content: Buffer;
}

/** A part that is no text of the mail itself; numbered from 1 in the order in which they stand. */
export function attachmentsOf(email: Email): MailAttachment[] {
  return email.attachments.map((part, index) => ({
    partId: String(index + 1),
    inline: part.disposition === 'inline' || part.related === true,
    fileName: part.filename ?? `part-${index + 1}`,
    contentType: part.mimeType,
    contentId: part.contentId?.replaceAll(/[<>]/g, '') ?? '',
    content: bufferOf(part.content),
  }));
}

/** Who it went to; Bcc is whoever the envelope names and the header does not. */
export function recipientsOf(
  mail: ArchivedMail,
  email: Email,
): { to: AddressView[]; cc: AddressView[]; bcc: AddressView[]; replyTo: AddressView[] } {
  const [to, cc] = [viewsOf(email.to), viewsOf(email.cc)];
  const named = new Set([...to, ...cc].map(({ Address }) => Address.toLowerCase()));
  const bcc = mail.envelope.to.filter((address) => !named.has(address.toLowerCase()));
  return { to, cc, bcc: bcc.map((address) => ({ Name: '', Address: address })), replyTo: viewsOf(email.replyTo) };
}

/** A mail as lists show it (Mailpit: `MessageSummary`). */
export function listItemOf(mail: ArchivedMail, email: Email) {
  const { to, cc, bcc, replyTo } = recipientsOf(mail, email);
  return {
    ID: mail.id,
    MessageID: bareId(mail.messageId),
    Read: mail.read,
    From: senderOf(mail, email),
    To: to,
    Cc: cc,
    Bcc: bcc,
    ReplyTo: replyTo,
    Subject: mail.subject,
    Created: new Date(mail.receivedAt).toISOString(),
    Username: mail.submittedBy?.mailbox ?? '',
    Tags: [...mail.tags],
    Size: mail.size,
    Attachments: email.attachments.length,
    Snippet: textOf(email).replaceAll(/\s+/g, ' ').trim().slice(0, SNIPPET_MAX),
  };
}

/** A whole mail (Mailpit: `Message`). */
export function messageOf(mail: ArchivedMail, email: Email) {
  const { to, cc, bcc, replyTo } = recipientsOf(mail, email);
  const parts = attachmentsOf(email);
  const header = (name: string): string => email.headers.find(({ key }) => key === name)?.value ?? '';
  return {
    ID: mail.id,
    MessageID: bareId(mail.messageId),
    From: senderOf(mail, email),
    To: to,
    Cc: cc,
    Bcc: bcc,
    ReplyTo: replyTo,
    ReturnPath: mail.envelope.from,
    Subject: mail.subject,
    ListUnsubscribe: {
      Header: header('list-unsubscribe'),
      Links: [...header('list-unsubscribe').matchAll(/<([^>]+)>/g)].map(([, link = '']) => link),
      HeaderPost: header('list-unsubscribe-post'),
      Errors: '',
    },
    Date: isoDate(email.date) ?? new Date(mail.receivedAt).toISOString(),
    Tags: [...mail.tags],
    Username: mail.submittedBy?.mailbox ?? '',
    Text: email.text ?? '',
    HTML: email.html ?? '',
    Size: mail.size,
    Inline: parts.filter(({ inline }) => inline).map(attachmentView),
    Attachments: parts.filter(({ inline }) => !inline).map(attachmentView),
  };
}

/** Header fields by name, each with all its values, names in alphabetical order. */
export function headersOf(email: Email): Record<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const { key, value } of email.headers) {
    const name = key.replaceAll(/(^|-)([a-z])/g, (_match, dash: string, letter: string) => dash + letter.toUpperCase());
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return Object.fromEntries([...fields].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The text of the mail, or what its HTML says without the tags. */
export function textOf(email: Email): string {
  return email.text ?? (email.html ?? '').replaceAll(/<[^>]*>/g, ' ');
}

function attachmentView({ partId, fileName, contentType, contentId, content }: MailAttachment) {
  const sum = (algorithm: string): string => createHash(algorithm).update(content).digest('hex');
  return {
    PartID: partId,
    FileName: fileName,
    ContentType: contentType,
    ContentID: contentId,
    Size: content.length,
    Checksums: { MD5: sum('md5'), SHA1: sum('sha1'), SHA256: sum('sha256') },
  };
}

function senderOf(mail: ArchivedMail, email: Email): AddressView {
  return { Name: email.from?.name ?? '', Address: mail.from };
}

function viewsOf(addresses: readonly Address[] | undefined): AddressView[] {
  return (addresses ?? [])
    .flatMap((entry) => entry.group ?? [entry])
    .map(({ name, address }) => ({ Name: name, Address: address ?? '' }));
}

function bufferOf(content: ArrayBuffer | Uint8Array | string): Buffer {
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof ArrayBuffer ? Buffer.from(content) : Buffer.from(content);
}

function bareId(messageId: string): string {
  return messageId.replaceAll(/[<>]/g, '');
}

function isoDate(date: string | undefined): string | undefined {
  const instant = Date.parse(date ?? '');
  return Number.isNaN(instant) ? undefined : new Date(instant).toISOString();
}
