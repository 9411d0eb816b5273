import { isMailAddress } from '#libs/guests';
import type { EmailType } from './email-type.ts';

/** A mail ready for submission: no control character in any field but line feeds in `text`. */
export interface ComposedMail {
  readonly kind: 'composed';
  readonly type: EmailType;
  /** Plain address; ISE shows it as the display name as well (fact sheet ise 1.5). */
  readonly from: string;
  /** Plain addresses, at least one. */
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  /** Lines end in a line feed. May hold a guest's password: mails are the one place for it. */
  readonly text: string;
}

/** There is no such mail to send, and why. An expected outcome, not an error. */
export interface MailRefusal {
  readonly kind: 'refused';
  readonly type: EmailType;
  readonly code:
    | 'notification.disabled'
    | 'notification.no-recipient'
    | 'notification.recipient-address-invalid'
    | 'notification.sender-address-invalid'
    | 'notification.node-deregistered';
  /** For the log and the sponsor. */
  readonly reason: string;
}

export type Composition = ComposedMail | MailRefusal;

/** What a composer knows of a mail before it is checked. */
export interface Draft {
  readonly type: EmailType;
  readonly from: string;
  readonly to: readonly (string | undefined)[];
  readonly cc?: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/**
 * The one way to a `ComposedMail`. Addresses must be plain addresses, else the whole mail is refused (as a Java mail
 * client does with one bad address in a list); the subject becomes one line.
 */
export function compose({ type, from, to, cc = [], subject, text }: Draft): Composition {
  const recipients = to.flatMap((address) => address || []);
  if (recipients.length === 0) {
    return refuse(type, 'notification.no-recipient', 'Nobody to send to: no e-mail address is known.');
  }
  const invalid = [...recipients, ...cc].find((address) => !isMailAddress(address));
  if (invalid !== undefined) {
    const reason = `"${singleLine(invalid)}" is not an e-mail address.`;
    return refuse(type, 'notification.recipient-address-invalid', reason);
  }
  if (!isMailAddress(from)) {
    const reason = `The sender "${singleLine(from)}" is not an e-mail address.`;
    return refuse(type, 'notification.sender-address-invalid', reason);
  }
  return { kind: 'composed', type, from, to: recipients, cc, subject: singleLine(subject), text: multiLine(text) };
}

export function refuse(type: EmailType, code: MailRefusal['code'], reason: string): MailRefusal {
  return { kind: 'refused', type, code, reason };
}

/** The text as one line: control characters and line separators, in a row or alone, become one blank. */
export function singleLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}

/** The text with line feeds as its only control characters, ending in exactly one. */
export function multiLine(text: string): string {
  const lines = text.toWellFormed().split(/\r\n|[\r\n\p{Zl}\p{Zp}]/u);
  const cleaned = lines.map((line) => line.replace(/\p{Cc}+/gu, ' ')).join('\n');
  return `${cleaned.trimEnd()}\n`;
}
