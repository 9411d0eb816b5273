import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JSONWebKeySet } from 'jose';
import type { Clock } from '#libs/simulation';

/** What Exchange takes from an access token. */
export interface TokenClaims {
  tenantId: string;
  appId: string;
  /** Object ID of the service principal that it was issued to. */
  oid: string;
  roles: readonly string[];
  /** Template IDs of its Entra roles. */
  directoryRoles: readonly string[];
}

export type TokenFault =
  | 'token-malformed'
  | 'token-signature'
  | 'token-expired'
  | 'token-not-yet-valid'
  | 'token-audience'
  /** The keys of the tenant could not be had: nothing is known of the token yet. */
  | 'keys-unavailable';

export type TokenInspection = { kind: 'good'; claims: TokenClaims } | { kind: 'bad'; fault: TokenFault };

/** Audiences that SMTP accepts (fact sheet microsoft 3); Graph's is not among them. */
const SMTP_AUDIENCES: readonly string[] = [
  'https://outlook.office.com',
  'https://outlook.office.com/',
  'https://outlook.office365.com',
  'https://outlook.office365.com/',
];

/** Finds the key that a token names, and reads each key once. */
type KeyFinder = ReturnType<typeof createLocalJWKSet>;

interface KnownKeys {
  published: JSONWebKeySet;
  find: KeyFinder;
}

/** Keys of Entra by tenant, as published; asked again when a token names a key that is not among those known. */
export class KeyRing {
  private readonly known = new Map<string, KnownKeys>();

  constructor(private readonly keysOf: (tenantId: string) => Promise<JSONWebKeySet>) {}

  /** Undefined when they cannot be had. */
  async keysFor(tenantId: string, keyId: string): Promise<KeyFinder | undefined> {
    const known = this.known.get(tenantId);
    if (known?.published.keys.some((key) => key.kid === keyId)) return known.find;
    const published = await this.keysOf(tenantId).catch(() => undefined);
    if (!published) return undefined;
    const find = createLocalJWKSet(published);
    this.known.set(tenantId, { published, find });
    return find;
  }
}

/** Verifies signature, time and audience of an access token against the keys of the tenant that it names. */
export async function inspectToken(
  accessToken: string,
  keyRing: KeyRing,
  clock: Clock,
  audiences: readonly string[] = SMTP_AUDIENCES,
): Promise<TokenInspection> {
  const origin = originOf(accessToken);
  if (!origin) return { kind: 'bad', fault: 'token-malformed' };
  const keys = await keyRing.keysFor(origin.tenantId, origin.keyId);
  if (!keys) return { kind: 'bad', fault: 'keys-unavailable' };
  return clock.hold(() => verify(accessToken, keys, clock.now(), audiences));
}

async function verify(
  accessToken: string,
  keys: KeyFinder,
  now: number,
  audiences: readonly string[],
): Promise<TokenInspection> {
  try {
    const { payload } = await jwtVerify(accessToken, keys, {
      algorithms: ['RS256'],
      audience: [...audiences],
      currentDate: new Date(now),
      requiredClaims: ['exp', 'nbf'],
    });
    const { tid, appid, oid, roles, wids, iss } = payload;
    if (typeof tid !== 'string' || typeof appid !== 'string' || typeof oid !== 'string') {
      return { kind: 'bad', fault: 'token-malformed' };
    }
    // Keys are shared by all tenants: the issuer must be the tenant's own.
    if (iss !== `https://sts.windows.net/${tid}/`) return { kind: 'bad', fault: 'token-signature' };
    return {
      kind: 'good',
      claims: { tenantId: tid, appId: appid, oid, roles: textsOf(roles), directoryRoles: textsOf(wids) },
    };
  } catch (error) {
    return { kind: 'bad', fault: faultOf(error) };
  }
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return 'token-expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing') return 'token-malformed';
    return error.claim === 'aud' ? 'token-audience' : 'token-not-yet-valid';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    return 'token-signature';
  }
  if (error instanceof errors.JOSEError) return 'token-malformed';
  throw error;
}

/** What the token says of itself, unverified: whose key is to verify it. */
function originOf(accessToken: string): { tenantId: string; keyId: string } | undefined {
  try {
    const { kid } = decodeProtectedHeader(accessToken);
    const { tid } = decodeJwt(accessToken);
    return typeof kid === 'string' && typeof tid === 'string' ? { tenantId: tid, keyId: kid } : undefined;
  } catch {
    return undefined; // not a JWT at all; the caller says so
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
