import type { Random } from '#libs/simulation';
import { greetingTime } from './exchange-replies.ts';
import type { StoredMessage } from './exchange-online.ts';

/** A recipient that mail does not reach. */
export interface FailedRecipient {
  address: string;
  reason: 'recipient-unknown' | 'mailbox-full';
  /** `5.1.10` */
  status: string;
  /** As Exchange words it (fact sheet microsoft 4.7). */
  diagnostic: string;
}

/**
 * The non-delivery report that Exchange puts into the sender's mailbox: multipart/report with a text for people, the
 * delivery status (RFC 3464) and the header of the message (RFC 6522). Its text is ours.
 */
export function nonDeliveryReport(
  message: StoredMessage,
  failed: readonly FailedRecipient[],
  { random, domain, serverHost, now }: { random: Random; domain: string; serverHost: string; now: number },
): StoredMessage {
  const from = `MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@${domain}`;
  const to = message.envelope.from;
  const messageId = `<${random.uuid()}@${serverHost.slice(serverHost.indexOf('.') + 1)}>`;
  const subject = `Undeliverable: ${message.subject}`;
  const boundary = `_${random.uuid()}_`;
  const lines = [
    `From: Microsoft Outlook <${from}>`,
    `To: <${to}>`,
    `Date: ${greetingTime(now)}`,
    `Subject: ${encodedWord(subject)}`,
    `Message-ID: ${messageId}`,
    `In-Reply-To: ${message.messageId}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Your message could not be delivered to these recipients:',
    '',
    ...failed.map(({ address, diagnostic }) => `  ${address}: ${diagnostic}`),
    '',
    `--${boundary}`,
    'Content-Type: message/delivery-status',
    '',
    `Reporting-MTA: dns;${serverHost}`,
    `Arrival-Date: ${greetingTime(message.receivedAt)}`,
    ...failed.flatMap(({ address, status, diagnostic }) => [
      '',
      `Final-Recipient: rfc822;${address}`,
      'Action: failed',
      `Status: ${status}`,
      `Diagnostic-Code: smtp;${diagnostic}`,
    ]),
    '',
    `--${boundary}`,
    'Content-Type: text/rfc822-headers',
    '',
    ...headerOf(message.raw),
    '',
    `--${boundary}--`,
    '',
  ];
  return {
    messageId,
    subject,
    from,
    to: [to],
    cc: [],
    envelope: { from: '', to: [to] },
    raw: Buffer.from(lines.join('\r\n')),
    receivedAt: now,
    undelivered: [],
  };
}

function headerOf(raw: Buffer): string[] {
  const end = raw.indexOf('\r\n\r\n');
  const header = raw.toString('utf8', 0, end < 0 ? raw.length : end);
  // A line that looks like the end of a part must not end ours.
  return header.split(/\r?\n/).filter((line) => !line.startsWith('--'));
}

/** RFC 2047, where the subject has more than printable ASCII. */
function encodedWord(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
}
