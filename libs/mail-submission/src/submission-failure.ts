import type { ConnectionError, DialError } from '#libs/network';
import type { TokenRefusal } from '#libs/oauth-client';
import type { TlsError, TlsFailure } from '#libs/trust';

/** A refusing SMTP reply (RFC 5321, 4.2; enhanced status code per RFC 3463). */
export interface SmtpReply {
  code: number;
  enhanced?: string;
  /** The whole line, code included. */
  line: string;
}

/** The server that a step talks to. */
export type SubmissionPeer = 'token-endpoint' | 'smtp';

/** What was dialled. */
export type ServerAddress = DialError['peer'];

/** Why a submission, or a Test Connection, did not succeed: one shape per stage of the path. */
export type SubmissionFailure =
  | { stage: 'settings'; reason: 'not-configured' }
  | { stage: 'dial'; peer: SubmissionPeer; error: DialError }
  | { stage: 'tls'; peer: SubmissionPeer; error: TlsError }
  | { stage: 'connection'; peer: SubmissionPeer; error: ConnectionError }
  | { stage: 'token'; refusal: TokenRefusal }
  | { stage: 'token-garbled'; description: string }
  /** The server takes no session, or no TLS, for now. */
  | { stage: 'session'; during: 'greeting' | 'starttls'; server: ServerAddress; reply: SmtpReply }
  | { stage: 'auth' | 'envelope' | 'data'; reply: SmtpReply }
  | { stage: 'protocol'; description: string };

/** `in-doubt`: nobody here can know whether the server has the mail. */
export type Permanence = 'transient' | 'permanent' | 'in-doubt';

/** What may be otherwise at the next attempt, though it happened during the handshake. */
const TRANSIENT_TLS_FAILURES: readonly TlsFailure[] = ['handshake-failed', 'timed-out', 'connection-reset'];

/**
 * Whether trying again may help: a 4yz reply (RFC 5321, 4.2.1), a peer that can't be reached or breaks off, a token
 * endpoint that is overloaded. What needs an administrator is permanent, a missing trust among it. A server that fell
 * silent after the end of the message may have taken it.
 */
export function permanenceOf(failure: SubmissionFailure): Permanence {
  switch (failure.stage) {
    case 'settings':
      return 'permanent';
    case 'tls':
      return TRANSIENT_TLS_FAILURES.includes(failure.error.failure) ? 'transient' : 'permanent';
    case 'connection':
      return failure.peer === 'smtp' && failure.error.during === 'end-of-data' ? 'in-doubt' : 'transient';
    case 'dial':
    case 'protocol':
    case 'token-garbled':
      return 'transient';
    case 'token':
      return failure.refusal.status === 429 || failure.refusal.status >= 500 ? 'transient' : 'permanent';
    case 'session':
    case 'auth':
    case 'envelope':
    case 'data':
      return failure.reply.code < 500 ? 'transient' : 'permanent';
  }
}

/** Splits a reply line into its codes; the text may be missing altogether (RFC 5321, 4.2). */
export function parseReply(line: string): SmtpReply | undefined {
  const match = /^(\d{3})(?:$|[ -](?:(\d\.\d{1,3}\.\d{1,3})(?= |$))?)/.exec(line);
  if (!match) return undefined;
  return { code: Number(match[1]), ...(match[2] === undefined ? {} : { enhanced: match[2] }), line };
}
