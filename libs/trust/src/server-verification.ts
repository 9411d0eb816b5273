import type { X509Certificate } from 'node:crypto';
import { commonNameOf, isInDate } from './trusted-certificate.ts';

/** No chain a public server sends is deeper. */
const CHAIN_LENGTH_MAX = 8;

export type TrustFailure = 'no-certification-path' | 'expired' | 'not-yet-valid' | 'wrong-name';

export type TrustVerdict =
  | { kind: 'trusted'; anchor: string }
  | { kind: 'untrusted'; failure: TrustFailure; /** Common name of the certificate at fault. */ certificate: string };

/**
 * Judges the chain that a server presented, leaf first, the way a Java node does (RFC 5280, 6.1, as far as it matters
 * here): a path to any trusted certificate, a root or not; each certificate in date; the leaf valid for `hostname`.
 *
 * `now` is the node's own time, epoch milliseconds. OpenSSL can't be told a time, hence this function.
 * Simplified: no name constraints, no policies, no revocation.
 */
export function verifyServer(
  presented: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  hostname: string,
  now: number,
): TrustVerdict {
  const leaf = presented[0];
  if (!leaf) return { kind: 'untrusted', failure: 'no-certification-path', certificate: hostname };
  const path = [leaf];
  const anchor = findAnchor(path, presented, anchors);
  if (!anchor) return untrusted('no-certification-path', path.at(-1) ?? leaf);
  for (const certificate of path) {
    if (isInDate(certificate, now)) continue;
    return untrusted(certificate.validToDate.getTime() < now ? 'expired' : 'not-yet-valid', certificate);
  }
  if (leaf.checkHost(hostname) === undefined) return untrusted('wrong-name', leaf);
  return { kind: 'trusted', anchor: commonNameOf(anchor.subject) };
}

/** Lengthens `path` by issuers among `presented` until a trusted certificate is, or has issued, its end. */
function findAnchor(
  path: X509Certificate[],
  presented: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
): X509Certificate | undefined {
  for (let length = 1; length <= CHAIN_LENGTH_MAX; length += 1) {
    const end = path.at(-1);
    if (!end) return undefined;
    const anchor = anchors.find((candidate) => isSame(candidate, end) || isIssuerOf(candidate, end));
    if (anchor) return anchor;
    const issuer = presented.find(
      (candidate) => !path.some((seen) => isSame(seen, candidate)) && isIssuerOf(candidate, end),
    );
    if (!issuer) return undefined;
    path.push(issuer);
  }
  return undefined;
}

function isSame(a: X509Certificate, b: X509Certificate): boolean {
  return a.fingerprint256 === b.fingerprint256;
}

function isIssuerOf(candidate: X509Certificate, certificate: X509Certificate): boolean {
  return candidate.ca && certificate.checkIssued(candidate) && certificate.verify(candidate.publicKey);
}

function untrusted(failure: TrustFailure, certificate: X509Certificate): TrustVerdict {
  return { kind: 'untrusted', failure, certificate: commonNameOf(certificate.subject) };
}
