import type { FoundCause } from './diagnose.ts';
import { optional, text, type EvidenceRecord } from './evidence.ts';
import { lossCause } from './network-evidence.ts';

const TOKEN_ENDPOINT_HOST = 'login.microsoftonline.com';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** A handshake that failed on an ISE node. What others on the way report of theirs explains nothing. */
export function tlsCause(
  record: EvidenceRecord,
  evidence: readonly EvidenceRecord[],
  journal: readonly EvidenceRecord[],
): FoundCause | undefined {
  const attempt = evidence[0];
  if (attempt && record['node'] !== attempt['node']) return undefined;
  const host = text(record['host']);
  const facts = { host, certificate: optional(record['certificate']), skew: skewIn(record) };
  switch (record['failure']) {
    case 'expired':
      return { code: isFarAhead(record) ? 'ise.node-clock-ahead' : 'tls.certificate-expired', facts };
    case 'not-yet-valid':
      return { code: 'tls.certificate-not-yet-valid', facts };
    case 'wrong-name':
    case 'no-common-version':
    case 'starttls-not-offered':
      return { code: `tls.${text(record['failure'])}`, facts };
    case 'no-certification-path':
      return untrustedCause(record, evidence, journal);
    default:
      return lossCause(record, evidence);
  }
}

function untrustedCause(
  record: EvidenceRecord,
  evidence: readonly EvidenceRecord[],
  journal: readonly EvidenceRecord[],
): FoundCause {
  const host = text(record['host']);
  const issuer = optional(record['issuer']);
  const intercepted = evidence.some((other) => other.kind === 'inspection.intercepted' && other['host'] === host);
  if (intercepted) return { code: 'tls.intercepted', facts: { host, actual: issuer } };
  const nearMiss = { host, certificate: optional(record['trustedBut']) };
  if (record['lacking'] === 'infrastructure') return { code: 'tls.ca-without-infrastructure-usage', facts: nearMiss };
  if (record['lacking'] === 'enabled') return { code: 'tls.ca-disabled', facts: nearMiss };
  // No public root signs servers itself: a certificate that comes alone lacks the CA between.
  if (record['presented'] === 1) return { code: 'tls.intermediate-missing', facts: { host, expected: issuer } };
  const before = journal.find((other) => other.kind === 'tls.established' && other['host'] === host);
  const first = optional(before?.['issuer']);
  if (before && before.seq < record.seq && first !== issuer) {
    return { code: 'tls.chain-changed', facts: { host, actual: issuer, expected: first } };
  }
  return {
    code: host === TOKEN_ENDPOINT_HOST ? 'tls.token-endpoint-ca-missing' : 'tls.smtp-ca-missing',
    facts: { host },
  };
}

/** By a day at least: no certificate in use is as close to its end as a clock that NTP keeps is off. */
function isFarAhead(record: EvidenceRecord): boolean {
  const ms = record['clockSkewMs'];
  return typeof ms === 'number' && ms >= DAY_MS;
}

function skewIn(record: EvidenceRecord): string | undefined {
  const ms = record['clockSkewMs'];
  if (typeof ms !== 'number') return undefined;
  const size =
    Math.abs(ms) >= DAY_MS ? `${Math.round(Math.abs(ms) / DAY_MS)} days` : `${Math.ceil(Math.abs(ms) / HOUR_MS)} h`;
  return `${size} ${ms < 0 ? 'behind' : 'ahead'}`;
}
