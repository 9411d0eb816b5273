/** A reply as Exchange Online words it, without the suffix of errors. */
export interface WordedReply {
  code: number;
  text: string;
}

interface Wording extends WordedReply {
  /** Begins the text that smtp-server would send. */
  of: string;
  /** The code it would send, where the text alone is ambiguous. */
  ofCode?: number;
}

/**
 * Exchange Online's words for the replies that smtp-server gives by itself (fact sheet microsoft 4.1, 4.3, 4.8, 4.9).
 * AUTH before STARTTLS: which of three known replies port 587 gives is unknown; AUTH is not offered then, hence 504.
 */
const WORDINGS: readonly Wording[] = [
  { of: 'Ready to start TLS', code: 220, text: '2.0.0 SMTP server ready' },
  { of: 'Authentication successful', code: 235, text: '2.7.0 Authentication successful' },
  { of: 'Flushed', code: 250, text: '2.0.0 Resetting' },
  { of: 'OK', code: 250, text: '2.0.0 OK' },
  { of: 'Bye', code: 221, text: '2.0.0 Service closing transmission channel' },
  { of: 'Try to send something', code: 252, text: '2.1.5 Cannot VRFY user' },
  { of: 'End data with', code: 354, text: 'Start mail input; end with <CRLF>.<CRLF>' },
  { of: 'Error: need MAIL command', code: 503, text: '5.5.2 Need mail command' },
  { of: 'Error: need RCPT command', code: 503, text: '5.5.2 Need rcpt command' },
  { of: 'Error: nested MAIL command', code: 503, text: '5.5.2 Sender already specified' },
  { of: 'Error: send HELO/EHLO first', code: 503, text: '5.5.2 Send hello first' },
  { of: 'Error: No identity changes', code: 503, text: '5.5.2 Auth command already specified' },
  {
    of: 'Error: TLS already active',
    code: 503,
    text: '5.5.2 Only one STARTTLS command can be issued per session',
  },
  { of: 'Error: Must issue a STARTTLS', code: 504, text: '5.7.4 Unrecognized authentication type' },
  { of: 'Error: Unrecognized authentication', code: 504, text: '5.7.4 Unrecognized authentication type' },
  { of: 'Authentication aborted', code: 501, text: '5.5.4 Authentication cancelled' },
  { of: 'Error: invalid userdata', code: 501, text: '5.5.124 Invalid XOAUTH2 auth data' },
  { of: 'Error: Bad sender address', code: 501, text: '5.1.7 Invalid address' },
  { of: 'Error: Bad recipient address', code: 501, text: '5.1.3 Invalid address' },
  { of: 'Error: Bad hostname', code: 501, text: '5.5.4 Invalid domain name' },
  { of: 'Error: too many recipients', code: 452, text: '4.5.3 Too many recipients' },
  {
    of: 'Error: message exceeds fixed maximum',
    code: 552,
    text: '5.3.4 Message size exceeds fixed maximum message size',
  },
  {
    of: 'Error: too many un',
    code: 421,
    text: '4.7.0 Too many errors on this connection, closing transmission channel',
  },
  { of: 'Server shutting down', code: 421, text: '4.3.2 Service not active' },
  { of: 'Timeout', code: 421, text: '4.4.1 Connection timed out' },
  { of: 'Error: command not recognized', code: 500, text: '5.3.3 Unrecognized command' },
  { of: 'Error:', ofCode: 501, code: 501, text: '5.5.4 Invalid arguments' },
  { of: 'Invalid', ofCode: 501, code: 501, text: '5.5.4 Invalid arguments' },
];

/** What Exchange Online says instead of smtp-server's `code` and `text`; the same when it has no words of its own. */
export function wordReply(code: number, text: string, context: string | false | undefined): WordedReply {
  if (context === 'MAIL_FROM_OK') return { code, text: '2.1.0 Sender OK' };
  if (context === 'RCPT_TO_OK') return { code, text: '2.1.5 Recipient OK' };
  const wording = WORDINGS.find(
    (candidate) => text.startsWith(candidate.of) && (candidate.ofCode === undefined || candidate.ofCode === code),
  );
  return wording ?? { code, text };
}

/** `Sat, 26 Apr 2025 18:06:30 +0000`, the day without a leading zero: as the greeting writes it. */
export function greetingTime(now: number): string {
  return new Date(now)
    .toUTCString()
    .replace(/ 0(\d) /, ' $1 ')
    .replace('GMT', '+0000');
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
    // Simplified: no BINARYMIME and no CHUNKING, which smtp-server cannot do.
    'SMTPUTF8',
  ];
}
