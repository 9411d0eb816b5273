import type { ConnectionError, DialError } from '#libs/network';
import type { TlsError } from '#libs/trust';

/** What a node asks the token endpoint for (client credentials grant, RFC 6749, 4.4). */
export interface TokenRequest {
  tenantId: string;
  clientId: string;
  clientSecret: string;
  scope: string;
}

/** The token endpoint's own refusal, as its JSON body tells it (fact sheet microsoft 1.4). */
export interface TokenRefusal {
  kind: 'refused';
  status: number;
  /** `invalid_client`, `unauthorized_client`, … */
  error: string;
  /** The AADSTS number; absent when the answer was not Entra's JSON. */
  aadsts?: number;
  /** Entra's sentence, without trace and correlation ID. */
  description: string;
}

export type TokenOutcome =
  | { kind: 'granted'; accessToken: string; expiresAt: number; fromCache: boolean }
  | TokenRefusal
  | { kind: 'unreachable'; error: DialError | TlsError | ConnectionError }
  | { kind: 'garbled'; /** HTTP status, where there was an answer at all. */ status?: number; description: string };
