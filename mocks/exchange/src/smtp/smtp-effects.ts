import type { ProtocolRefusalReason, Reply } from './protocol-refusals.ts';

/** What only the service can decide. The engine takes no further input until `answer` is called. */
export type SmtpQuestion =
  | { kind: 'authenticate'; mechanism: 'XOAUTH2'; user: string; accessToken: string }
  | { kind: 'authenticate'; mechanism: 'LOGIN'; user: string; password: string }
  | { kind: 'mail'; from: string }
  | { kind: 'submit'; envelope: { from: string; to: string[] }; raw: Buffer };

/** What is to happen, in this order. */
export type SmtpEffect =
  /** A line of the client, without anything secret, for the transcript. */
  | { kind: 'heard'; line: string }
  | { kind: 'reply'; reply: Reply; refused?: ProtocolRefusalReason }
  | { kind: 'ask'; question: SmtpQuestion }
  /** To begin the handshake; what the client sent in plain text before it is forgotten (RFC 3207, 4.2). */
  | { kind: 'start-tls' }
  | { kind: 'close' };

export interface SmtpEngineSettings {
  /** Lines of the EHLO reply, the name of the server first. */
  ehlo: (isSecure: boolean) => readonly string[];
  /** Octets of a command line, its end not included. */
  lineBytesMax: number;
  messageBytesMax: number;
  headerBytesMax: number;
  /** Bad commands, of which the last is answered with 421. */
  protocolErrorsMax: number;
  /** Recipients of one message; asked anew at each RCPT. */
  recipientsMax: () => number;
  /** Whether STARTTLS is answered with a transient refusal for now. */
  isTlsRateExceeded: () => boolean;
  /** AUTH before STARTTLS: which of the known replies port 587 gives is unknown (fact sheet microsoft 4.3). */
  authBeforeTls: Reply;
}
