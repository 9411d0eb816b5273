import type { BodyType } from './command-arguments.ts';
import type { MessageBuffer } from './message-receiver.ts';
import type { ProtocolRefusalReason } from './protocol-refusals.ts';

/** A mail from its MAIL on. */
export interface Transaction {
  from: string;
  body: BodyType;
  to: string[];
  /** Present from the first BDAT on. */
  chunks?: MessageBuffer;
}

/** How far a session has come. */
export interface Standing {
  hello: 'none' | 'HELO' | 'EHLO';
  isSecure: boolean;
  isAuthenticated: boolean;
  transaction?: Transaction | undefined;
}

export function refusalOfStartTls({ hello, isSecure }: Standing, rest: string): ProtocolRefusalReason | undefined {
  if (hello === 'none') return 'hello-missing';
  if (hello === 'HELO') return 'ehlo-missing';
  if (rest !== '') return 'arguments';
  return isSecure ? 'tls-already-on' : undefined;
}

export function refusalOfAuth(standing: Standing, mechanism: string): ProtocolRefusalReason | undefined {
  if (standing.hello === 'none') return 'hello-missing';
  if (standing.hello === 'HELO') return 'ehlo-missing';
  if (!standing.isSecure) return 'authentication-before-tls';
  if (standing.isAuthenticated) return 'authenticated-already';
  return mechanism === '' ? 'arguments' : undefined;
}

export function refusalOfMail(standing: Standing): ProtocolRefusalReason | undefined {
  if (standing.hello === 'none') return 'hello-missing';
  if (!standing.isSecure) return 'tls-required';
  if (!standing.isAuthenticated) return 'authentication-required';
  return standing.transaction ? 'sender-already-given' : undefined;
}

export function refusalOfRecipient({ hello, transaction }: Standing): ProtocolRefusalReason | undefined {
  if (hello === 'none') return 'hello-missing';
  if (!transaction) return 'mail-missing';
  return transaction.chunks ? 'sequence' : undefined;
}

/** Of DATA and BDAT alike. */
export function refusalOfMessage({ hello, transaction }: Standing): ProtocolRefusalReason | undefined {
  if (hello === 'none') return 'hello-missing';
  if (!transaction) return 'mail-missing';
  return transaction.to.length === 0 ? 'recipient-missing' : undefined;
}
