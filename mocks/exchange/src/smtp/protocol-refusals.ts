/** A reply: code and text; several lines of text are parted by `\n`. */
export interface Reply {
  code: number;
  text: string;
  /** The text is all there is: no suffix with server, time and session is added. */
  isComplete?: boolean;
}

/** A reply that the protocol alone calls for, with the reason in our own words, which the wire does not tell. */
export interface ProtocolRefusal extends Reply {
  explanation: string;
}

/**
 * What Exchange Online says to commands that are malformed or out of order (fact sheet microsoft 4.1, 4.3, 4.9). Which
 * one of several known strings it chooses is ours where the sheet has no live sample.
 */
export const PROTOCOL_REFUSALS = {
  'hello-missing': refusal(503, '5.5.2 Send hello first', 'The client has not said EHLO or HELO yet.'),
  'ehlo-missing': refusal(503, '5.5.2 Send EHLO first', 'The command is an extension, and the client said HELO.'),
  'ehlo-without-name': refusal(501, '5.0.0 EHLO requires domain address', 'EHLO came without the name of the client.'),
  'helo-without-name': refusal(501, '5.0.0 HELO requires domain address', 'HELO came without the name of the client.'),
  'hello-name-invalid': refusal(
    501,
    '5.5.4 Invalid domain name',
    'The name that the client gives itself has blanks, quotes or letters beyond ASCII.',
  ),
  'tls-already-on': refusal(
    503,
    '5.5.2 Only one STARTTLS command can be issued per session',
    'The connection is encrypted already.',
  ),
  'tls-rate-exceeded': refusal(
    454,
    '4.7.0 Cannot accept TLS as maximum TLS rate exceeded for server',
    'The server takes no further TLS handshakes for now.',
  ),
  'tls-required': refusal(
    451,
    '5.7.3 STARTTLS is required to send mail',
    'Mail on port 587 needs STARTTLS and AUTH; the client has TLS switched off.',
  ),
  'authentication-required': refusal(
    530,
    '5.7.57 Client not authenticated to send mail.',
    'The client began a mail without AUTH.',
  ),
  'authenticated-already': refusal(
    503,
    '5.5.2 Auth command already specified',
    'The session is authenticated already.',
  ),
  'authentication-type': refusal(
    504,
    '5.7.4 Unrecognized authentication type',
    'The mechanism is not among those announced: LOGIN and XOAUTH2, after STARTTLS.',
  ),
  'authentication-before-tls': refusal(
    504,
    '5.7.4 Unrecognized authentication type',
    'AUTH is not announced before STARTTLS: a password or token would cross the network in plain text.',
  ),
  'authentication-cancelled': refusal(501, '5.5.4 Authentication cancelled', 'The client broke off AUTH with "*".'),
  'authentication-data': refusal(
    501,
    '5.5.124 Invalid XOAUTH2 auth data',
    'What followed AUTH XOAUTH2 is not base64 of user=…, auth=Bearer … and their separators.',
  ),
  'sender-already-given': refusal(503, '5.5.2 Sender already specified', 'A second MAIL without RSET.'),
  'mail-missing': refusal(503, '5.5.2 Need mail command', 'RCPT, DATA or BDAT came before MAIL.'),
  'recipient-missing': refusal(503, '5.5.2 Need rcpt command', 'DATA or BDAT came before any recipient was accepted.'),
  sequence: refusal(503, '5.5.1 Bad sequence of commands', 'The command is not allowed at this point.'),
  'sender-malformed': refusal(501, '5.1.7 Invalid address', 'The address after MAIL FROM: is malformed.'),
  'sender-too-long': refusal(501, '5.1.7 Long addresses not supported', 'The address after MAIL FROM: is too long.'),
  'recipient-malformed': refusal(501, '5.1.3 Invalid address', 'The address after RCPT TO: is malformed.'),
  'recipient-too-long': refusal(501, '5.1.3 Long addresses not supported', 'The address after RCPT TO: is too long.'),
  'body-type': refusal(501, '5.5.4 Unsupported BODY type', 'BODY= is none of 7BIT, 8BITMIME and BINARYMIME.'),
  'parameter-unknown': refusal(501, '5.5.4 Unrecognized parameter', 'MAIL or RCPT has a parameter nobody announced.'),
  arguments: refusal(501, '5.5.4 Invalid arguments', 'The arguments of the command are malformed.'),
  'too-many-recipients': refusal(
    452,
    '4.5.3 Too many recipients',
    'The message has as many recipients as the organization allows in one (Set-TransportConfig -MaxRecipientEnvelopeLimit).',
  ),
  'message-too-large': refusal(
    552,
    '5.3.4 Message size exceeds fixed maximum message size',
    'The message is larger than the size that EHLO announces.',
  ),
  'header-too-large': refusal(
    552,
    '5.3.4 Header size exceeds fixed maximum size',
    'The header of the message is larger than the server takes.',
  ),
  'line-too-long': refusal(500, '5.5.2 Command too long', 'The command line is longer than the server takes.'),
  'not-implemented': refusal(502, '5.3.3 Command not implemented', 'SMTP has this command, Exchange Online has not.'),
  'too-many-errors': refusal(
    421,
    '4.7.0 Too many errors on this connection, closing transmission channel',
    'The client sent one bad command after another.',
  ),
  idle: refusal(421, '4.4.1 Connection timed out', 'The client was silent for too long.'),
} as const satisfies Record<string, ProtocolRefusal>;

export type ProtocolRefusalReason = keyof typeof PROTOCOL_REFUSALS | 'command-unknown';

/** The unknown word stands in the reply, cut and cleaned so that it stays one valid line. */
export function unknownCommand(word: string): ProtocolRefusal {
  const shown = word.slice(0, 40).replace(/[^\x21-\x7e]/g, '?');
  return refusal(500, `5.3.3 Unrecognized command '${shown}'`, 'The line begins with no command of SMTP.');
}

function refusal(code: number, text: string, explanation: string): ProtocolRefusal {
  return { code, text, explanation };
}
