import { ENTRA_KNOWLEDGE } from './entra-knowledge.ts';
import { EXCHANGE_AUTH_KNOWLEDGE } from './exchange-auth-knowledge.ts';
import { EXCHANGE_SUBMISSION_KNOWLEDGE } from './exchange-submission-knowledge.ts';
import { ISE_KNOWLEDGE } from './ise-knowledge.ts';
import type { Knowledge } from './knowledge.ts';
import { NETWORK_KNOWLEDGE } from './network-knowledge.ts';
import { TLS_KNOWLEDGE } from './tls-knowledge.ts';

/** What is known of every root cause, in the order in which they stand in a mail's way. */
export const KNOWLEDGE: readonly Knowledge[] = [
  ...ISE_KNOWLEDGE,
  ...NETWORK_KNOWLEDGE,
  ...TLS_KNOWLEDGE,
  ...ENTRA_KNOWLEDGE,
  ...EXCHANGE_AUTH_KNOWLEDGE,
  ...EXCHANGE_SUBMISSION_KNOWLEDGE,
];
