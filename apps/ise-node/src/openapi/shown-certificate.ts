import type { X509Certificate } from 'node:crypto';
import { javaDate } from '../http/java-date.ts';

/** What trusted and system certificates show alike. Dates are Java's, though filters take `yyyy-MM-dd HH:mm:ss`. */
export function shownCertificate(certificate: X509Certificate) {
  return {
    issuedTo: commonNameOf(certificate.subject),
    issuedBy: commonNameOf(certificate.issuer),
    validFrom: javaDate(certificate.validFromDate.getTime()),
    expirationDate: javaDate(certificate.validToDate.getTime()),
    signatureAlgorithm: certificate.signatureAlgorithm ?? '',
    sha256Fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    serialNumberDecimalFormat: BigInt(`0x${certificate.serialNumber}`).toString(),
  };
}

export function commonNameOf(names: string): string {
  return /(?:^|\n)CN=([^\n]*)/.exec(names)?.[1] ?? '';
}

/** The answer's link to itself. */
export function certificateLink(href: string) {
  return { rel: 'self', href, type: 'application/json' };
}

/** A date as filters have it. */
export function filterDate(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
