import type { Spoken } from './dialogue.ts';
import { redactForm, redactHeader, redactJson } from './redaction.ts';

const END_OF_HEAD = '\r\n\r\n';
/** Lines of a page that are told; a captive portal needs no more to be known. */
const PAGE_LINES_MAX = 40;

/** An HTTP message in lines, without what lets somebody in (RFC 9112, 2.1). */
export function httpLines({ text, missing }: Spoken): string[] {
  if (missing > 0) return [`(${missing} octets left out)`];
  const end = text.indexOf(END_OF_HEAD);
  const head = (end < 0 ? text : text.slice(0, end)).split('\r\n');
  const [first = '', ...headers] = head;
  const lines = [first, ...headers.map(redactHeader)];
  const body = end < 0 ? '' : text.slice(end + END_OF_HEAD.length);
  return body === '' ? lines : [...lines, '', ...bodyLines(body, headers)];
}

/** The reply to CONNECT, and what came right behind it. */
export function splitTunnelReply(turn: Spoken): [Spoken, Spoken | undefined] {
  const end = turn.text.indexOf(END_OF_HEAD);
  if (end < 0 || !/^HTTP\/1\.[01] 2/.test(turn.text)) return [turn, undefined];
  const text = turn.text.slice(end + END_OF_HEAD.length);
  const reply = { ...turn, text: turn.text.slice(0, end + END_OF_HEAD.length) };
  return [reply, text === '' ? undefined : { ...turn, text }];
}

function bodyLines(body: string, headers: readonly string[]): string[] {
  const has = (pattern: RegExp): boolean => headers.some((line) => pattern.test(line));
  const text = Buffer.from(has(/^transfer-encoding:.*chunked/i) ? unchunked(body) : body, 'latin1').toString('utf8');
  if (has(/^content-type:.*x-www-form-urlencoded/i)) return redactForm(text);
  if (has(/^content-type:.*json/i)) return redactJson(text) ?? [`(${body.length} octets that are no JSON document)`];
  if (!has(/^content-type:\s*text\//i)) return [`(${body.length} octets)`];
  const lines = text.split(/\r?\n/);
  return lines.length <= PAGE_LINES_MAX
    ? lines
    : [...lines.slice(0, PAGE_LINES_MAX), `(${lines.length - PAGE_LINES_MAX} further lines)`];
}

/** RFC 9112, 7.1; one that breaks off ends there. */
function unchunked(body: string): string {
  let text = '';
  for (let at = 0; at < body.length;) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.slice(at, end), 16);
    if (end < 0 || !(size > 0)) break;
    text += body.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
  return text;
}
