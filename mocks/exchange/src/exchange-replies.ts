import type { Reply } from './smtp/protocol-refusals.ts';

/** `Sat, 26 Apr 2025 18:06:30 +0000`, the day without a leading zero: as the greeting writes it. */
export function greetingTime(now: number): string {
  return new Date(now)
    .toUTCString()
    .replace(/ 0(\d) /, ' $1 ')
    .replace('GMT', '+0000');
}

/** A reply as it goes over the wire (RFC 5321, 4.2.1). */
export function onTheWire({ code, text }: Reply): string {
  const lines = text.split('\n');
  return lines.map((line, index) => `${code}${index < lines.length - 1 ? '-' : ' '}${line}\r\n`).join('');
}

/** Extensions in the order they are announced; AUTH takes the place of STARTTLS once TLS is on. */
export function ehloLines(host: string, clientAddress: string, size: number, secure: boolean): string[] {
  return [
    `${host} Hello [${clientAddress}]`,
    `SIZE ${size}`,
    'PIPELINING',
    'DSN',
    'ENHANCEDSTATUSCODES',
    secure ? 'AUTH LOGIN XOAUTH2' : 'STARTTLS',
    '8BITMIME',
    'BINARYMIME',
    'CHUNKING',
    'SMTPUTF8',
  ];
}
