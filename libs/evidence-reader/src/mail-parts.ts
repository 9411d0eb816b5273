import PostalMime from 'postal-mime';

/** The first line of a mail as it is saved or forwarded. */
const FIRST_FIELD =
  /^(?:Return-Path|Received|Delivered-To|Authentication-Results|ARC-[\w-]+|DKIM-Signature|X-[\w-]+|MIME-Version|Message-ID|Content-[\w-]+|From|To|Sender|Reply-To|Subject|Date|Thread-[\w-]+):/i;
const MAIL_FIELD = /^(?:MIME-Version|Content-Transfer-Encoding|Received):/im;
/** Enclosed texts, packed logs and captures; a picture tells nothing. */
const UNREAD_TYPE = /^(?:image|audio|video|font)\//i;

/** Whether bytes are the beginning of a mail with its header. */
export function isMail(head: Uint8Array): boolean {
  const text = Buffer.from(head)
    .toString('latin1')
    .replace(/^\ufeff/, '');
  const header = text.split(/\r?\n\r?\n/, 1)[0] ?? '';
  return FIRST_FIELD.test(header) && MAIL_FIELD.test(header);
}

/** The texts of a mail, decoded: subject, what is written, and what is enclosed (delivery status, logs, other mails). */
export async function readMail(mail: Uint8Array): Promise<Buffer[]> {
  try {
    const { subject = '', text, html, attachments } = await PostalMime.parse(mail, { rfc822Attachments: true });
    const enclosed = attachments
      .filter(({ mimeType }) => !UNREAD_TYPE.test(mimeType))
      .map(({ content }) => Buffer.from(typeof content === 'string' ? content : new Uint8Array(content)));
    return [Buffer.from(`Subject: ${subject}\n\n${text ?? withoutTags(html ?? '')}\n`), ...enclosed];
  } catch {
    // No mail after all, or nested beyond reason: it is read as it stands.
    return [Buffer.from(mail)];
  }
}

function withoutTags(html: string): string {
  return html
    .replace(/<(?:br|p|div|tr|li|h\d)\b[^>]{0,500}>/gi, '\n')
    .replace(/<[^>]{1,2000}>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&');
}
