import { createHash, X509Certificate } from 'node:crypto';
import { compactVerify, decodeJwt, decodeProtectedHeader, importX509, type JWTPayload } from 'jose';
import type { AppRegistration, KeyCredential } from './entra-state.ts';
import type { TokenRequest } from './token-request.ts';

/** What is wrong with a client assertion, finer than the answer tells. */
export type AssertionFault =
  | { kind: 'malformed' }
  | { kind: 'client-mismatch' }
  | { kind: 'audience' }
  | { kind: 'outside-its-time'; validFrom: number; expiresAt: number }
  | { kind: 'untrusted-chain' }
  | { kind: 'key-unknown'; thumbprint: string }
  | { kind: 'key-expired'; thumbprint: string; credential: KeyCredential }
  | { kind: 'key-revoked' }
  | { kind: 'signature'; thumbprint: string; credential: KeyCredential };

/** `good`, or the first fault in the order of the type above. */
export type AssertionFinding = { kind: 'good' } | { kind: 'bad'; fault: AssertionFault };

/** RFC 7523, 2.2. */
export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** How far a client's clock may be off. The real tolerance is not documented; five minutes is usual. */
const SKEW_MS = 300_000;

/**
 * Verifies a client assertion (RFC 7523, 3) against the certificates of the registration. The times of the assertion are
 * judged with five minutes of tolerance. Waits for the thread pool: hold the clock.
 */
export async function inspectAssertion(
  request: TokenRequest,
  registration: AppRegistration,
  audiences: readonly string[],
  now: number,
): Promise<AssertionFinding> {
  const fault = await faultOf(request, registration, audiences, now);
  return fault ? { kind: 'bad', fault } : { kind: 'good' };
}

async function faultOf(
  { clientAssertion, clientId }: TokenRequest,
  registration: AppRegistration,
  audiences: readonly string[],
  now: number,
): Promise<AssertionFault | undefined> {
  const parts = decode(clientAssertion);
  if (!parts) return { kind: 'malformed' };
  const { header, claims } = parts;
  const wanted = clientId.toLowerCase();
  if (claims.iss?.toLowerCase() !== wanted || claims.sub?.toLowerCase() !== wanted) return { kind: 'client-mismatch' };
  const aud = typeof claims.aud === 'string' ? claims.aud : '';
  if (!audiences.includes(aud.toLowerCase())) return { kind: 'audience' };
  const validFrom = (claims.nbf ?? 0) * 1_000;
  const expiresAt = (claims.exp ?? 0) * 1_000;
  if (now < validFrom - SKEW_MS || now >= expiresAt + SKEW_MS)
    return { kind: 'outside-its-time', validFrom, expiresAt };
  // Simplified: no chain leads to a CA that Entra trusts, since every CA of the testbed is its own.
  if (registration.trustedCertificateSubjects.length > 0 && header.sendsChain) return { kind: 'untrusted-chain' };

  const credential = registration.keyCredentials.find((present) => header.names(present));
  if (!credential) return { kind: 'key-unknown', thumbprint: header.thumbprint };
  const thumbprint = thumbprintOf(credential, 'sha1').toString('hex').toUpperCase();
  if (now < credential.startsAt || now >= credential.endsAt) return { kind: 'key-expired', thumbprint, credential };
  if (credential.revoked) return { kind: 'key-revoked' };
  return (await isSignedBy(clientAssertion, credential)) ? undefined : { kind: 'signature', thumbprint, credential };
}

interface AssertionHeader {
  /** As the client named its key, for the message. */
  thumbprint: string;
  sendsChain: boolean;
  names: (credential: KeyCredential) => boolean;
}

function decode(assertion: string): { header: AssertionHeader; claims: JWTPayload } | undefined {
  try {
    const { alg, x5t, x5c, 'x5t#S256': x5tS256 } = decodeProtectedHeader(assertion);
    const sha1 = typeof x5t === 'string' ? Buffer.from(x5t, 'base64url') : undefined;
    const sha256 = typeof x5tS256 === 'string' ? Buffer.from(x5tS256, 'base64url') : undefined;
    if ((alg !== 'RS256' && alg !== 'PS256') || (!sha1 && !sha256)) return undefined;
    return {
      header: {
        thumbprint: (sha1 ?? sha256 ?? Buffer.alloc(0)).toString('hex').toUpperCase(),
        sendsChain: x5c !== undefined,
        names: (credential) =>
          (sha1?.equals(thumbprintOf(credential, 'sha1')) ?? false) ||
          (sha256?.equals(thumbprintOf(credential, 'sha256')) ?? false),
      },
      claims: decodeJwt(assertion),
    };
  } catch {
    return undefined; // no JWT: the caller says so
  }
}

function thumbprintOf({ certificatePem }: KeyCredential, algorithm: 'sha1' | 'sha256'): Buffer {
  return createHash(algorithm).update(new X509Certificate(certificatePem).raw).digest();
}

async function isSignedBy(assertion: string, { certificatePem }: KeyCredential): Promise<boolean> {
  try {
    const { alg = 'RS256' } = decodeProtectedHeader(assertion);
    await compactVerify(assertion, await importX509(certificatePem, alg), { algorithms: ['RS256', 'PS256'] });
    return true;
  } catch {
    return false; // whatever is wrong, the signature is not this key's
  }
}
