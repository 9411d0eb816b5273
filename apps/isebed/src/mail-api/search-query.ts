import type { Email } from 'postal-mime';
import type { ArchivedMail } from './mail-archive.ts';
import { attachmentsOf, recipientsOf } from './mail-view.ts';

/** Words of a query beyond these are refused: a mistake, or an attempt to keep us busy. */
const TERMS_MAX = 100;

/** A query that can't be understood; the message says which part. */
export class SearchQueryError extends Error {}

interface Term {
  key: string;
  value: string;
  negated: boolean;
}

type Matcher = (mail: ArchivedMail, email: Email, value: string) => boolean;

/** What each `key:` looks at; names and meaning as in Mailpit's search. */
const MATCHERS: Readonly<Record<string, Matcher>> = {
  '': (mail, email, value) =>
    [mail.subject, email.text ?? '', email.html ?? '', mail.messageId, ...addresses(mail, email)].some(has(value)),
  from: (mail, email, value) => [mail.from, email.from?.name ?? ''].some(has(value)),
  to: (mail, email, value) => recipientsOf(mail, email).to.flatMap(texts).some(has(value)),
  cc: (mail, email, value) => recipientsOf(mail, email).cc.flatMap(texts).some(has(value)),
  bcc: (mail, email, value) => recipientsOf(mail, email).bcc.flatMap(texts).some(has(value)),
  'reply-to': (mail, email, value) => recipientsOf(mail, email).replyTo.flatMap(texts).some(has(value)),
  addressed: (mail, email, value) => addresses(mail, email).some(has(value)),
  subject: (mail, _email, value) => has(value)(mail.subject),
  'message-id': (mail, _email, value) => has(value.replaceAll(/[<>]/g, ''))(mail.messageId),
  tag: (mail, _email, value) => mail.tags.some((tag) => tag.toLowerCase() === value),
  is: (mail, _email, value) => ({ read: mail.read, unread: !mail.read, tagged: mail.tags.length > 0 })[value] ?? false,
  has: (_mail, email, value) => {
    const inline = attachmentsOf(email).some((attachment) => attachment.inline);
    const attached = attachmentsOf(email).some((attachment) => !attachment.inline);
    return { attachment: attached, attachments: attached, inline, inlines: inline }[value] ?? false;
  },
  larger: (mail, _email, value) => mail.size > bytesOf(value),
  smaller: (mail, _email, value) => mail.size < bytesOf(value),
};

const FIXED_VALUES: Readonly<Record<string, readonly string[]>> = {
  is: ['read', 'unread', 'tagged'],
  has: ['attachment', 'attachments', 'inline', 'inlines'],
};

/**
 * A search in Mailpit's words: bare words and `"phrases"`, `from:` `to:` `cc:` `bcc:` `reply-to:` `addressed:`
 * `subject:` `message-id:` `tag:` `is:` `has:` `before:` `after:` `larger:` `smaller:`, each negated by `-` or `!`. All
 * must hold. Dates are days or minutes in the time zone `tz`.
 */
export class SearchQuery {
  private readonly terms: readonly Term[];

  /** @throws SearchQueryError */
  constructor(
    text: string,
    private readonly tz = 'UTC',
  ) {
    this.terms = termsOf(text);
    if (this.terms.length > TERMS_MAX) throw new SearchQueryError(`a query has at most ${TERMS_MAX} words`);
    for (const { key, value } of this.terms) this.check(key, value);
  }

  matches(mail: ArchivedMail, email: Email): boolean {
    return this.terms.every(({ key, value, negated }) => this.holds(key, value, mail, email) !== negated);
  }

  private holds(key: string, value: string, mail: ArchivedMail, email: Email): boolean {
    if (key === 'after') return mail.receivedAt >= instantOf(value, this.tz);
    if (key === 'before') return mail.receivedAt < instantOf(value, this.tz);
    return MATCHERS[key]?.(mail, email, value) ?? false;
  }

  private check(key: string, value: string): void {
    if (key === 'after' || key === 'before') instantOf(value, this.tz);
    if (key === 'larger' || key === 'smaller') bytesOf(value);
    const fixed = FIXED_VALUES[key];
    if (fixed && !fixed.includes(value)) throw new SearchQueryError(`${key}:${value} is not ${fixed.join(', ')}`);
  }
}

/** Words, where quotes hold several together; `key:` counts only if it is one of ours. */
function termsOf(text: string): Term[] {
  return (text.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).map((word) => {
    const negated = /^[-!]./.test(word);
    const bare = negated ? word.slice(1) : word;
    const key = /^([a-z-]+):./i.exec(bare)?.[1]?.toLowerCase() ?? '';
    const known = key !== '' && (Object.hasOwn(MATCHERS, key) || key === 'before' || key === 'after');
    const value = (known ? bare.slice(key.length + 1) : bare).replaceAll('"', '').toLowerCase();
    return { key: known ? key : '', value, negated };
  });
}

/** `2025-04-30` or `2025/04/30`, perhaps with ` 14:30`, in the given time zone. */
function instantOf(text: string, tz: string): number {
  const form = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[t ](\d{1,2}):(\d{2}))?$/.exec(text);
  if (!form) throw new SearchQueryError(`"${text}" is no date such as 2026-04-30`);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = form.slice(1).map((part) => Number(part ?? 0));
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  return asUtc - offsetMs(asUtc - offsetMs(asUtc, tz), tz);
}

function offsetMs(instant: number, tz: string): number {
  try {
    const zoned = new Intl.DateTimeFormat('sv-SE', { timeZone: tz, dateStyle: 'short', timeStyle: 'medium' });
    return Date.parse(`${zoned.format(instant).replace(' ', 'T')}Z`) - Math.floor(instant / 1_000) * 1_000;
  } catch {
    throw new SearchQueryError(`"${tz}" is no time zone such as Europe/Berlin`);
  }
}

/** `500`, `20k`, `1.5m`. */
function bytesOf(text: string): number {
  const form = /^(\d+(?:\.\d+)?)(k|m)?b?$/.exec(text);
  if (!form) throw new SearchQueryError(`"${text}" is no size such as 20k or 1.5M`);
  return Number(form[1]) * { k: 1_024, m: 1_048_576, '': 1 }[form[2] === 'k' || form[2] === 'm' ? form[2] : ''];
}

function has(value: string): (text: string) => boolean {
  return (text) => text.toLowerCase().includes(value);
}

function addresses(mail: ArchivedMail, email: Email): string[] {
  const { to, cc, bcc, replyTo } = recipientsOf(mail, email);
  return [mail.from, email.from?.name ?? '', ...[...to, ...cc, ...bcc, ...replyTo].flatMap(texts)];
}

function texts({ Name, Address }: { Name: string; Address: string }): string[] {
  return [Name, Address];
}
