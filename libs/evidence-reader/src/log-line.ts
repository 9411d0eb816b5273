import type { Peer } from '#libs/diagnosis';
import type { InputKind } from './findings.ts';

/** `yyyy-MM-dd HH:mm:ss,SSS`, as guest.log has it, and the forms of other files of ISE and of ISO 8601. */
const TIME = /^\[?(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,](\d{3})\d{0,6})? ?(Z|[+-]\d\d:?\d\d)?/;
/** `LEVEL [thread][[]] logger -::user:::- text` (fact sheet ise 1.4); the logger may be cut off. */
const GUEST_LOG =
  /^ {0,4}(?:FATAL|ERROR|WARN|INFO|DEBUG|TRACE)\s{1,3}\[[^\]]{1,120}\]\[(?:\[\])?\]\s{1,2}([\w.]{3,160})/;
const THREADS = /admin-http-pool\d|GUEST_ACCESS_SMTP_RETRY|MnT-AlarmWorkerMail/;

export interface LogLine {
  /** As the line gives it; without a zone when it gives none. */
  at: string;
  peer: Peer | undefined;
  kind: InputKind | undefined;
}

/** What a line of a log says of its own time and logger; undefined for lines that begin otherwise. */
export function logLineOf(line: string): LogLine | undefined {
  const time = TIME.exec(line);
  if (!time) return undefined;
  const [head, date, clock, millis = '000', zone = ''] = time;
  const rest = line.slice(head.length);
  const logger = GUEST_LOG.exec(rest)?.[1] ?? '';
  const isGuestLog = /guestaccess|^cpm\./.test(logger) || (logger !== '' && THREADS.test(rest));
  return {
    at: `${date}T${clock}.${millis}${zone}`,
    peer: /oauth/i.test(logger) ? 'token-endpoint' : /Smtp(?:Session|Msg|Ma)/.test(logger) ? 'smtp' : undefined,
    kind: isGuestLog ? 'guest-log' : undefined,
  };
}
