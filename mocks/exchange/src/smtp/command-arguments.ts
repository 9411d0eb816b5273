import type { ProtocolRefusalReason } from './protocol-refusals.ts';

/** Octets of an address: RFC 5321, 4.5.3.1 gives 64 and 255 to its parts. */
const ADDRESS_BYTES_MAX = 320;

export type BodyType = '7BIT' | '8BITMIME' | 'BINARYMIME';

export interface MailArguments {
  /** Empty for the null sender `<>`. */
  address: string;
  /** Octets announced with SIZE=. */
  size?: number;
  body: BodyType;
}

type Parsed<T> = { kind: 'good'; value: T } | { kind: 'bad'; reason: ProtocolRefusalReason };

/** What follows MAIL: `FROM:<address> [parameters]` (RFC 5321, 4.1.1.2; 1870; 6152; 3030; 3461; 6531; 4954). */
export function parseMail(text: string): Parsed<MailArguments> {
  const path = parsePath(text, 'FROM');
  if (path.kind === 'bad') return path;
  const { address, parameters } = path.value;
  if (address.length > ADDRESS_BYTES_MAX) return bad('sender-too-long');
  if (address !== '' && !isAddress(address)) return bad('sender-malformed');
  const mail: MailArguments = { address, body: '7BIT' };
  for (const [name, value] of parameters) {
    switch (name) {
      case 'SIZE':
        if (!/^\d{1,20}$/.test(value)) return bad('arguments');
        mail.size = Number(value);
        break;
      case 'BODY': {
        const body = value.toUpperCase();
        if (!isBodyType(body)) return bad('body-type');
        mail.body = body;
        break;
      }
      case 'SMTPUTF8':
      case 'RET':
      case 'ENVID':
      case 'AUTH':
        break;
      default:
        return bad('parameter-unknown');
    }
  }
  return { kind: 'good', value: mail };
}

/** What follows RCPT: `TO:<address> [parameters]`. */
export function parseRecipient(text: string): Parsed<string> {
  const path = parsePath(text, 'TO');
  if (path.kind === 'bad') return path;
  const { address, parameters } = path.value;
  if (address.length > ADDRESS_BYTES_MAX) return bad('recipient-too-long');
  if (!isAddress(address)) return bad('recipient-malformed');
  const unknown = parameters.some(([name]) => name !== 'NOTIFY' && name !== 'ORCPT');
  return unknown ? bad('parameter-unknown') : { kind: 'good', value: address };
}

/** What follows BDAT: a size and perhaps LAST (RFC 3030, 2). */
export function parseChunkSize(text: string): { octets: number; isLast: boolean } | undefined {
  const [, octets, last] = /^(\d{1,15})(\s+LAST)?$/i.exec(text) ?? [];
  return octets === undefined ? undefined : { octets: Number(octets), isLast: last !== undefined };
}

/** A name as a client gives it in EHLO: letters, digits and the signs of names and address literals. */
export function isClientName(text: string): boolean {
  return /^[\w.:[\]-]{1,255}$/.test(text);
}

function parsePath(
  text: string,
  keyword: 'FROM' | 'TO',
): Parsed<{ address: string; parameters: readonly (readonly [string, string])[] }> {
  const match = /^(\w+)\s*:\s*(?:<([^<>]*)>|([^\s<>]+))(?:\s+(.*))?$/.exec(text);
  if (match?.[1]?.toUpperCase() !== keyword) {
    const isPath = new RegExp(`^${keyword}\\s*:`, 'i').test(text);
    if (!isPath) return bad('arguments');
    return bad(keyword === 'FROM' ? 'sender-malformed' : 'recipient-malformed');
  }
  const address = (match[2] ?? match[3] ?? '').trim();
  const words = (match[4] ?? '').split(/\s+/).filter((word) => word !== '');
  const parameters = words.map((word) => {
    const equals = word.indexOf('=');
    if (equals < 0) return [word.toUpperCase(), ''] as const;
    return [word.slice(0, equals).toUpperCase(), word.slice(equals + 1)] as const;
  });
  return { kind: 'good', value: { address, parameters } };
}

/** Simplified: no quoted local parts and no source routes. */
function isAddress(text: string): boolean {
  return /^[^\s@"<>(),;:\\\p{Cc}]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,253}[\p{L}\p{N}])?$/u.test(text);
}

function isBodyType(text: string): text is BodyType {
  return text === '7BIT' || text === '8BITMIME' || text === 'BINARYMIME';
}

function bad<T>(reason: ProtocolRefusalReason): Parsed<T> {
  return { kind: 'bad', reason };
}
