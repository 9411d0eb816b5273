import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { JWK } from 'jose';

/** A key of the JWKS: who holds it may verify tokens, nobody may sign with it. */
export interface PublishedKey extends JWK {
  kty: 'RSA';
  kid: string;
}

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
const NAME = 'CN=accounts.accesscontrol.windows.net';
/** Entra's signing certificates are valid for five years. */
const VALIDITY_MS = 5 * 365 * 86_400_000;

/**
 * The self-signed certificate that Entra publishes a signing key with (fact sheet microsoft 2.2), as a JWKS entry. The
 * key is named by the certificate's SHA-1 thumbprint. Waits for the thread pool: hold the clock.
 */
export async function publishKey({ kty, n, e, ...rest }: JWK, validFrom: number): Promise<PublishedKey> {
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('jwk', { kty, n, e, ...rest, key_ops: ['sign'] }, ALGORITHM, false, ['sign']),
    webcrypto.subtle.importKey('jwk', { kty, n, e }, ALGORITHM, true, ['verify']),
  ]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: `0${createHash('sha256').update(String(n)).digest('hex').slice(0, 31)}`,
      name: NAME,
      notBefore: new Date(validFrom),
      notAfter: new Date(validFrom + VALIDITY_MS),
      signingAlgorithm: ALGORITHM,
      keys: { privateKey, publicKey },
    },
    webcrypto,
  );
  const der = Buffer.from(certificate.rawData);
  const thumbprint = createHash('sha1').update(der).digest('base64url');
  return { kty: 'RSA', use: 'sig', kid: thumbprint, x5t: thumbprint, n, e, x5c: [der.toString('base64')] };
}

/** A fresh RSA 2048 key, another at each call: its bytes never reach the journal. */
export async function generateSigningKey(): Promise<JWK> {
  const pair = await webcrypto.subtle.generateKey(
    { ...ALGORITHM, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  );
  const { kty, n, e, d, p, q, dp, dq, qi } = await webcrypto.subtle.exportKey('jwk', pair.privateKey);
  return { kty, n, e, d, p, q, dp, dq, qi };
}
