import 'reflect-metadata';
import { createHash, createPrivateKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { Clock } from '#libs/simulation';
import { InvariantError } from '#libs/diagnosis';
import { LAB_CHAINS, type ChainNames, type PkiPeer } from './lab-chains.ts';
import { LAB_KEY_ALGORITHM, publishedLabKeys, type LabKeys, type RsaPrivateJwk } from './lab-keys.ts';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const ORGANIZATION = 'isebed lab';

/** A CA certificate of the lab, for a trust store. */
export interface LabAuthority {
  /** Common name, that of the real CA. */
  name: string;
  kind: 'root' | 'issuing';
  /** The server below it. */
  peer: PkiPeer;
  certificatePem: string;
}

/** What a TLS server needs: PKCS #8 key, and the leaf followed by the issuing CA. The root stays at home. */
export interface ServerCredentials {
  keyPem: string;
  certificateChainPem: string;
}

export interface LabPkiOptions {
  /** Epoch milliseconds. Roots are valid for 20 years from 5 years before, leaves for one year from 30 days before. */
  validFrom: number;
  clock: Clock;
  /** Default: the published ones, which protect nothing. */
  keys?: LabKeys;
  /** From `notBefore` to `notAfter` of the leaves. Default: a year. */
  leafLifetimeMs?: number;
}

interface KeyPair {
  publicKey: webcrypto.CryptoKey;
  privateKey: webcrypto.CryptoKey;
}

interface CertificatePlan {
  commonName: string;
  keys: KeyPair;
  issuer?: { certificate: x509.X509Certificate; keys: KeyPair };
  notBefore: number;
  notAfter: number;
  extensions: x509.Extension[];
}

/**
 * The certification authorities of the lab: for each of the two servers a root, an issuing CA and a leaf, named like the
 * real ones but with `O=isebed lab`, so that nobody can take them for real.
 *
 * By default the keys are those of `lab-keys.json`, which are public and protect nothing. A live testbed that real
 * machines trust passes keys of its own (`generateLabKeys`).
 */
export class LabPki {
  private constructor(
    readonly authorities: readonly LabAuthority[],
    private readonly credentials: ReadonlyMap<PkiPeer, ServerCredentials>,
  ) {}

  static issue(options: LabPkiOptions): Promise<LabPki> {
    const { keys = publishedLabKeys(), validFrom, leafLifetimeMs = YEAR_MS } = options;
    return options.clock.hold(async () => {
      const chains = await Promise.all(LAB_CHAINS.map((names) => issueChain(names, keys, validFrom, leafLifetimeMs)));
      return new LabPki(
        chains.flatMap((chain) => chain.authorities),
        new Map(chains.map((chain) => [chain.peer, chain.credentials])),
      );
    });
  }

  serverCredentials(peer: PkiPeer): ServerCredentials {
    const credentials = this.credentials.get(peer);
    if (!credentials) throw new InvariantError(`no certificate was issued for ${peer}`);
    return credentials;
  }
}

async function issueChain(names: ChainNames, keys: LabKeys, validFrom: number, leafLifetimeMs: number) {
  const [rootKeys, issuingKeys, leafKeys] = await Promise.all([
    importKeyPair(keys[names.keys.root]),
    importKeyPair(keys[names.keys.issuing]),
    importKeyPair(keys[names.keys.leaf]),
  ]);
  const root = await issueCertificate({
    commonName: names.root,
    keys: rootKeys,
    notBefore: validFrom - 5 * YEAR_MS,
    notAfter: validFrom + 15 * YEAR_MS,
    extensions: authorityExtensions(undefined),
  });
  const issuing = await issueCertificate({
    commonName: names.issuing,
    keys: issuingKeys,
    issuer: { certificate: root, keys: rootKeys },
    notBefore: validFrom - 2 * YEAR_MS,
    notAfter: validFrom + 8 * YEAR_MS,
    extensions: authorityExtensions(0),
  });
  const leaf = await issueCertificate({
    commonName: names.leaf,
    keys: leafKeys,
    issuer: { certificate: issuing, keys: issuingKeys },
    notBefore: validFrom - 30 * DAY_MS,
    notAfter: validFrom - 30 * DAY_MS + leafLifetimeMs,
    extensions: serverExtensions(names.dnsNames),
  });
  const authorities: LabAuthority[] = [
    { name: names.root, kind: 'root', peer: names.peer, certificatePem: pemOf(root) },
    { name: names.issuing, kind: 'issuing', peer: names.peer, certificatePem: pemOf(issuing) },
  ];
  const credentials: ServerCredentials = {
    keyPem: createPrivateKey({ key: { ...keys[names.keys.leaf] }, format: 'jwk' })
      .export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    certificateChainPem: pemOf(leaf) + pemOf(issuing),
  };
  return { peer: names.peer, authorities, credentials };
}

/** RFC 5280, 4.2.1.3 and 4.2.1.9: what makes a certificate a CA. */
function authorityExtensions(pathLength: number | undefined): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(
      x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
      true,
    ),
  ];
}

function serverExtensions(dnsNames: readonly string[]): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: 'dns', value }))),
  ];
}

async function issueCertificate(plan: CertificatePlan): Promise<x509.X509Certificate> {
  const issuerKeys = plan.issuer?.keys ?? plan.keys;
  const subject = `CN=${plan.commonName}, O=${ORGANIZATION}`;
  return x509.X509CertificateGenerator.create(
    {
      serialNumber: serialNumberOf(`${plan.commonName}/${plan.notBefore}`),
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

async function importKeyPair(jwk: RsaPrivateJwk): Promise<KeyPair> {
  const { kty, n, e } = jwk;
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('jwk', { ...jwk }, LAB_KEY_ALGORITHM, false, ['sign']),
    webcrypto.subtle.importKey('jwk', { kty, n, e }, LAB_KEY_ALGORITHM, true, ['verify']),
  ]);
  return { privateKey, publicKey };
}

function pemOf(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}
