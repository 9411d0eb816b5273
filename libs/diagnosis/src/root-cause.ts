import { ENTRA_CAUSES } from './entra-causes.ts';
import { EXCHANGE_AUTH_CAUSES } from './exchange-auth-causes.ts';
import { EXCHANGE_SUBMISSION_CAUSES } from './exchange-submission-causes.ts';
import { ISE_CAUSES } from './ise-causes.ts';
import { NETWORK_CAUSES } from './network-causes.ts';
import { TLS_CAUSES } from './tls-causes.ts';

/** The facts of a failure that texts about it may name; all absent ones are left out of the text. */
export interface CauseFacts {
  /** The server that was talked to, by name. */
  host?: string;
  expected?: string;
  actual?: string;
  mailbox?: string;
  recipient?: string;
  tenant?: string;
  clientId?: string;
  certificate?: string;
  proxy?: string;
  /** The step of the connection at which it was lost. */
  during?: string;
  /** How far the node's clock is off: `60 days behind`. */
  skew?: string;
  /** The final reply or answer as the node saw it. */
  answer?: string;
}

/** A root cause that the testbed knows: stable code, and what to say and to do about it. */
export interface RootCause {
  /** Dotted and stable: `group.what-is-wrong`. */
  code: string;
  /** One line for lists. */
  title: string;
  cause: (facts: CauseFacts) => string;
  /** In the terms of the GUI or the cmdlet. */
  remedy: (facts: CauseFacts) => string;
}

/** Root causes by group, in the order of the path of a mail. */
export const ROOT_CAUSES: readonly RootCause[] = [
  ...ISE_CAUSES,
  ...NETWORK_CAUSES,
  ...TLS_CAUSES,
  ...ENTRA_CAUSES,
  ...EXCHANGE_AUTH_CAUSES,
  ...EXCHANGE_SUBMISSION_CAUSES,
];

/** Codes of all root causes. */
export const ROOT_CAUSE_CODES: readonly string[] = ROOT_CAUSES.map(({ code }) => code);

export function rootCause(code: string): RootCause | undefined {
  return ROOT_CAUSES.find((cause) => cause.code === code);
}
