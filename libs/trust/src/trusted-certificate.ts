import { X509Certificate } from 'node:crypto';

/**
 * An entry of Administration > System > Certificates > Trusted Certificates, as a JSON document (fact sheet ise 8).
 */
export interface TrustedCertificate {
  /** The friendly name; unique in the store. */
  name: string;
  pem: string;
  /** "Trust for authentication within ISE and Client-Server communication", the Infrastructure usage. */
  infrastructure: boolean;
  enabled: boolean;
}

/** What the Trusted Certificates page shows of an entry, read from the certificate itself. */
export interface TrustedCertificateSummary {
  name: string;
  issuedTo: string;
  issuedBy: string;
  validFrom: string;
  expirationDate: string;
  status: 'Enabled' | 'Disabled';
  trustedFor: string;
}

export function summarize(entry: TrustedCertificate): TrustedCertificateSummary {
  const certificate = new X509Certificate(entry.pem);
  return {
    name: entry.name,
    issuedTo: commonNameOf(certificate.subject),
    issuedBy: commonNameOf(certificate.issuer),
    validFrom: certificate.validFromDate.toISOString(),
    expirationDate: certificate.validToDate.toISOString(),
    status: entry.enabled ? 'Enabled' : 'Disabled',
    trustedFor: entry.infrastructure ? 'Infrastructure' : '',
  };
}

/**
 * The certificates that count when a node checks a server: enabled, with the Infrastructure usage, and in date at
 * `now` (epoch milliseconds).
 */
export function trustAnchorsAt(store: readonly TrustedCertificate[], now: number): X509Certificate[] {
  return store
    .filter((entry) => entry.enabled && entry.infrastructure)
    .map(({ pem }) => parsedOnce(pem))
    .filter((certificate) => isInDate(certificate, now));
}

/** By PEM: every node has the same few. */
const parsed = new Map<string, X509Certificate>();
const PARSED_MAX = 1_000;

/** A store is asked about with each connection, and parsing takes longer than all the rest. */
function parsedOnce(pem: string): X509Certificate {
  const known = parsed.get(pem);
  if (known) return known;
  if (parsed.size >= PARSED_MAX) parsed.clear();
  const certificate = new X509Certificate(pem);
  parsed.set(pem, certificate);
  return certificate;
}

export function isInDate(certificate: X509Certificate, now: number): boolean {
  return certificate.validFromDate.getTime() <= now && now <= certificate.validToDate.getTime();
}

export function commonNameOf(distinguishedName: string): string {
  return /(?:^|\n)CN=([^\n]*)/.exec(distinguishedName)?.[1] ?? distinguishedName.replaceAll('\n', ', ');
}
