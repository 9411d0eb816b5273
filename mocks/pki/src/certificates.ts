import 'reflect-metadata';
import { createHash, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { LAB_KEY_ALGORITHM, type RsaPrivateJwk } from './lab-keys.ts';

const ORGANIZATION = 'isebed lab';

interface KeyPair {
  publicKey: webcrypto.CryptoKey;
  privateKey: webcrypto.CryptoKey;
}

/** Who signs a certificate. */
export interface Issuer {
  certificate: x509.X509Certificate;
  keys: KeyPair;
}

interface CertificatePlan {
  commonName: string;
  keys: KeyPair;
  /** Absent: signs itself. */
  issuer?: Issuer;
  /** Epoch milliseconds, as `notAfter`. */
  notBefore: number;
  notAfter: number;
  extensions: x509.Extension[];
}

/** RFC 5280, 4.2.1.3 and 4.2.1.9: what makes a certificate a CA. */
export function authorityExtensions(pathLength: number | undefined): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(
      x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
      true,
    ),
  ];
}

export function serverExtensions(dnsNames: readonly string[], addresses: readonly string[] = []): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension([
      ...dnsNames.map((value) => ({ type: 'dns', value }) as const),
      ...addresses.map((value) => ({ type: 'ip', value }) as const),
    ]),
  ];
}

export async function issueCertificate(plan: CertificatePlan): Promise<x509.X509Certificate> {
  const issuerKeys = plan.issuer?.keys ?? plan.keys;
  const subject = `CN=${plan.commonName}, O=${ORGANIZATION}`;
  return x509.X509CertificateGenerator.create(
    {
      serialNumber: serialNumberOf(`${plan.commonName}/${plan.issuer?.certificate.subject ?? ''}/${plan.notBefore}`),
      subject,
      issuer: plan.issuer?.certificate.subject ?? subject,
      notBefore: new Date(plan.notBefore),
      notAfter: new Date(plan.notAfter),
      signingAlgorithm: LAB_KEY_ALGORITHM,
      publicKey: plan.keys.publicKey,
      signingKey: issuerKeys.privateKey,
      extensions: [
        ...plan.extensions,
        await x509.SubjectKeyIdentifierExtension.create(plan.keys.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(issuerKeys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
}

/** A positive number of 16 octets (RFC 5280, 4.1.2.2 allows 20), equal for equal certificates. */
function serialNumberOf(name: string): string {
  return `0${createHash('sha256').update(name).digest('hex').slice(0, 31)}`;
}

export async function importKeyPair(jwk: RsaPrivateJwk): Promise<KeyPair> {
  const { kty, n, e } = jwk;
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('jwk', { ...jwk }, LAB_KEY_ALGORITHM, false, ['sign']),
    webcrypto.subtle.importKey('jwk', { kty, n, e }, LAB_KEY_ALGORITHM, true, ['verify']),
  ]);
  return { privateKey, publicKey };
}

export function pemOf(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}
