import { ExchangeAdminError } from './exchange.error.ts';
import type { Mailbox } from './mailbox.ts';

export type RecipientFilter = (mailbox: Mailbox) => boolean;

const PROPERTIES: Record<string, (mailbox: Mailbox) => readonly string[]> = {
  primarysmtpaddress: ({ address }) => [address],
  windowsemailaddress: ({ address }) => [address],
  emailaddresses: ({ address, aliases }) => [address, ...aliases],
  userprincipalname: ({ address }) => [address],
  alias: ({ address }) => [address.split('@')[0] ?? ''],
  name: ({ displayName }) => [displayName],
  displayname: ({ displayName }) => [displayName],
  customattribute1: ({ customAttribute1 }) => [customAttribute1],
  exchangeguid: ({ guid }) => [guid],
  guid: ({ guid }) => [guid],
  recipienttypedetails: ({ kind }) => [kind === 'shared' ? 'SharedMailbox' : 'UserMailbox'],
};

const TOKEN = /\s*(\(|\)|'(?:[^']|'')*'|"[^"]*"|-\w+|[\w.@*-]+)/gy;

/**
 * An OPATH filter of `New-ManagementScope -RecipientRestrictionFilter`: `Property -eq|-ne|-like 'value'`, joined with
 * `-and`, `-or`, `-not` and parentheses. Simplified: only the properties above, no dates, no `-gt`.
 *
 * @throws ExchangeAdminError `exchange.filter-malformed`
 */
export function parseRecipientFilter(text: string): RecipientFilter {
  const tokens = tokensOf(text);
  let next = 0;
  const isNext = (word: string): boolean => tokens[next]?.toLowerCase() === word;

  const either = (): RecipientFilter => {
    const left = both();
    if (!isNext('-or')) return left;
    next += 1;
    const right = either();
    return (mailbox) => left(mailbox) || right(mailbox);
  };
  const both = (): RecipientFilter => {
    const left = single();
    if (!isNext('-and')) return left;
    next += 1;
    const right = both();
    return (mailbox) => left(mailbox) && right(mailbox);
  };
  const single = (): RecipientFilter => {
    if (isNext('-not')) {
      next += 1;
      const inner = single();
      return (mailbox) => !inner(mailbox);
    }
    if (!isNext('(')) return comparison();
    next += 1;
    const inner = either();
    if (!isNext(')')) throw malformed(text);
    next += 1;
    return inner;
  };
  const comparison = (): RecipientFilter => {
    const [property = '', operator = '', value] = tokens.slice(next, next + 3);
    const valuesOf = PROPERTIES[property.toLowerCase()];
    if (!valuesOf || value === undefined) throw malformed(text);
    next += 3;
    const matches = matcherOf(operator.toLowerCase(), unquoted(value).toLowerCase(), text);
    return (mailbox) => valuesOf(mailbox).some((found) => matches(found.toLowerCase()));
  };

  const filter = either();
  if (next !== tokens.length) throw malformed(text);
  return filter;
}

function tokensOf(text: string): string[] {
  const tokens = [...text.matchAll(TOKEN)].map(([, token = '']) => token);
  if (tokens.join('').replace(/\s/g, '') !== text.replace(/\s/g, '')) throw malformed(text);
  return tokens;
}

function matcherOf(operator: string, value: string, text: string): (found: string) => boolean {
  switch (operator) {
    case '-eq':
      return (found) => found === value;
    case '-ne':
      return (found) => found !== value;
    case '-like': {
      const pattern = value.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
      return (found) => new RegExp(`^${pattern}$`).test(found);
    }
    default:
      throw malformed(text);
  }
}

function unquoted(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

function malformed(text: string): ExchangeAdminError {
  return new ExchangeAdminError('exchange.filter-malformed', `not a recipient filter: ${text}`, {
    remedy: "Use Property -eq 'value', for example PrimarySmtpAddress -eq 'ise@contoso.com'.",
  });
}
