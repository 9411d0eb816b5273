import { defined, type Findings, type Place } from './findings.ts';
import type { TokenObservation } from './observation-types.ts';

const JWT = /\beyJ[\w-]{4,4096}\.(eyJ[\w-]{4,16384})/;
/** base64 of `user=`: the beginning of what AUTH XOAUTH2 says. */
const XOAUTH2 = /\b(dXNlcj[A-Za-z\d+/]{8,32768}={0,2})/;
// eslint-disable-next-line no-control-regex -- XOAUTH2 separates its fields by ^A
const USER = /^user=([^\u0001]{1,254})\u0001/;

/**
 * Reads access tokens as jwt.ms does, and forgets them: claims tell why Exchange refuses, the rest is nobody's business.
 * It needs the line as it stood, secrets and all.
 */
export function readTokens(raw: string, place: Place, findings: Findings): void {
  const blob = raw.includes('dXNlcj') ? XOAUTH2.exec(raw)?.[1] : undefined;
  const opened = blob === undefined ? '' : Buffer.from(blob, 'base64').toString('latin1');
  const emailAddress = USER.exec(opened)?.[1];
  const { source } = place;
  if (emailAddress !== undefined && /^[^\s@]+@[\w.-]+$/.test(emailAddress)) {
    findings.add({ kind: 'settings', present: true, authentication: 'oauth', emailAddress, source }, place);
  }
  const claims = claimsOf(JWT.exec(raw)?.[1] ?? JWT.exec(opened)?.[1]);
  if (!claims) return;
  findings.recognise('token');
  findings.add({ kind: 'token', ...claims, source }, place);
}

type Claims = Omit<TokenObservation, 'kind' | 'source'>;

function claimsOf(payload: string | undefined): Claims | undefined {
  if (payload === undefined) return undefined;
  const claims = parsed(Buffer.from(payload, 'base64url').toString());
  if (typeof claims !== 'object' || claims === null) return undefined;
  const field = (name: string): string | undefined => {
    const value: unknown = Object.entries(claims).find(([key]) => key === name)?.[1];
    return typeof value === 'string' && value.length <= 200 ? value : undefined;
  };
  const entries: Readonly<Record<string, unknown>> = { ...claims };
  const roles: unknown = entries['roles'];
  const expires: unknown = entries['exp'];
  const audience = field('aud');
  if (audience === undefined) return undefined;
  return {
    audience,
    // An app-only token without the claim has no roles (fact sheet microsoft 1.6).
    roles: Array.isArray(roles) ? roles.filter((role): role is string => typeof role === 'string') : [],
    ...defined({
      tenant: field('tid'),
      objectId: field('oid'),
      clientId: field('appid'),
      expiresAt: typeof expires === 'number' && expires > 0 && expires < 1e11 ? iso(expires) : undefined,
    }),
  };
}

function iso(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
