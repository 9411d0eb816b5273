import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JSONWebKeySet } from 'jose';
import type { Clock } from '#libs/simulation';
import { refusals, type GraphRefusal } from './graph-refusal.ts';

/** Who calls, as the access token says. */
export interface GraphCaller {
  tenantId: string;
  roles: readonly string[];
  /** Template IDs of the Entra roles of the caller. */
  directoryRoles: readonly string[];
}

/** The Entra role that may do everything. */
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';

/** How tokens may name Graph: its URI, with or without a slash, or its application ID. */
const AUDIENCES = [
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
  '00000003-0000-0000-c000-000000000000',
];

/**
 * A call is allowed to an application that has one of the permissions of the route, or the Entra role Global
 * Administrator. Simplified: no delegated permissions, for nobody signs in here.
 */
export function mayCall(caller: GraphCaller, permissions: readonly string[] | 'any'): boolean {
  return (
    permissions === 'any' ||
    caller.directoryRoles.includes(GLOBAL_ADMINISTRATOR) ||
    permissions.some((permission) => caller.roles.includes(permission))
  );
}

/** Verifies bearer tokens with the keys that Entra publishes for their tenant; keys are kept, and asked for by `kid`. */
export class TokenGate {
  private readonly known = new Map<string, JSONWebKeySet>();

  constructor(
    private readonly keysOf: (tenantId: string) => Promise<JSONWebKeySet>,
    private readonly clock: Clock,
  ) {}

  async admit(authorization: string | undefined): Promise<GraphCaller | GraphRefusal> {
    const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return refusals.tokenMissing();
    const origin = originOf(token);
    if (!origin) return refusals.tokenMalformed();
    const keys = await this.keysFor(origin.tenantId, origin.keyId);
    return keys ? this.clock.hold(() => this.verify(token, keys)) : refusals.keysUnavailable();
  }

  private async keysFor(tenantId: string, keyId: string): Promise<JSONWebKeySet | undefined> {
    const known = this.known.get(tenantId);
    if (known?.keys.some(({ kid }) => kid === keyId)) return known;
    const fetched = await this.keysOf(tenantId).catch(() => undefined);
    if (fetched) this.known.set(tenantId, fetched);
    return fetched;
  }

  private async verify(token: string, keys: JSONWebKeySet): Promise<GraphCaller | GraphRefusal> {
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
        algorithms: ['RS256'],
        audience: AUDIENCES,
        currentDate: new Date(this.clock.now()),
        requiredClaims: ['exp', 'nbf'],
      });
      const { tid, iss, roles, wids } = payload;
      // Keys are shared by all tenants: the issuer must be the tenant's own.
      if (typeof tid !== 'string' || iss !== `https://sts.windows.net/${tid}/`) return refusals.tokenSignature();
      return { tenantId: tid, roles: textsOf(roles), directoryRoles: textsOf(wids) };
    } catch (error) {
      return refusalOf(error);
    }
  }
}

function refusalOf(error: unknown): GraphRefusal {
  if (error instanceof errors.JWTExpired) return refusals.tokenExpired();
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'aud' ? refusals.tokenAudience() : refusals.tokenExpired();
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return refusals.tokenSignature();
  if (error instanceof errors.JOSEError) return refusals.tokenMalformed();
  throw error;
}

/** What the token says of itself, unverified: whose key is to verify it. */
function originOf(token: string): { tenantId: string; keyId: string } | undefined {
  try {
    const { kid } = decodeProtectedHeader(token);
    const { tid } = decodeJwt(token);
    return typeof kid === 'string' && typeof tid === 'string' ? { tenantId: tid, keyId: kid } : undefined;
  } catch {
    return undefined; // not a JWT at all; the caller says so
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
