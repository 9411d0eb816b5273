import type { ProtocolRefusalReason } from './protocol-refusals.ts';
import { decodeBase64, parseXOauth2 } from './sasl.ts';
import type { SmtpQuestion } from './smtp-effects.ts';
import { shownMailbox, withheld } from './transcript-line.ts';

/** What comes of a line of AUTH: the line for the transcript, and a challenge, a refusal, or a complete attempt. */
export interface AuthStep {
  heard: string;
  outcome:
    | { kind: 'challenge'; text: string }
    | { kind: 'refused'; reason: ProtocolRefusalReason }
    | { kind: 'complete'; attempt: Extract<SmtpQuestion, { kind: 'authenticate' }> };
}

/**
 * The exchange of AUTH XOAUTH2 and AUTH LOGIN, each with the first answer on the command line or after a challenge
 * (fact sheet microsoft 4.3; RFC 4954, 4). A failure is answered at once: never with 334 and an error in JSON.
 */
export class AuthDialogue {
  private user: string | undefined;

  constructor(private readonly mechanism: 'XOAUTH2' | 'LOGIN') {}

  /** `initial`: what stands behind the mechanism. */
  begin(initial: string | undefined): AuthStep {
    if (initial !== undefined) {
      const step = this.take(initial);
      return { ...step, heard: `AUTH ${this.mechanism} ${step.heard}` };
    }
    const text = this.mechanism === 'XOAUTH2' ? '' : 'VXNlcm5hbWU6';
    return { heard: `AUTH ${this.mechanism}`, outcome: { kind: 'challenge', text } };
  }

  /** The client's answer to a challenge. */
  take(line: string): AuthStep {
    if (line === '*') return { heard: '*', outcome: { kind: 'refused', reason: 'authentication-cancelled' } };
    return this.mechanism === 'XOAUTH2' ? takeXOauth2(line) : this.takeLogin(line);
  }

  private takeLogin(line: string): AuthStep {
    const text = decodeBase64(line);
    if (text === undefined) return { heard: withheld(line), outcome: { kind: 'refused', reason: 'arguments' } };
    if (this.user === undefined) {
      this.user = text;
      return { heard: `(user ${shownMailbox(text)})`, outcome: { kind: 'challenge', text: 'UGFzc3dvcmQ6' } };
    }
    const { user } = this;
    const attempt = { kind: 'authenticate', mechanism: 'LOGIN', user, password: text } as const;
    return { heard: '(password)', outcome: { kind: 'complete', attempt } };
  }
}

function takeXOauth2(line: string): AuthStep {
  const data = parseXOauth2(line);
  if (!data) return { heard: withheld(line), outcome: { kind: 'refused', reason: 'authentication-data' } };
  return {
    heard: `(user=${shownMailbox(data.user)}, token of ${data.accessToken.length} characters)`,
    outcome: { kind: 'complete', attempt: { kind: 'authenticate', mechanism: 'XOAUTH2', ...data } },
  };
}
