import type { FoundCause } from './diagnose.ts';
import { optional, text, type EvidenceRecord } from './evidence.ts';

/** Faults that let everything through, only later. */
const SLOWING: readonly string[] = ['latency', 'bandwidth', 'slicer'];

/** Steps in which the message itself is on its way. */
const IN_MESSAGE: readonly string[] = ['mail', 'rcpt', 'data', 'end-of-data'];

/** A dial that failed: the node knows how, the network why. */
export function networkCause(record: EvidenceRecord, evidence: readonly EvidenceRecord[]): FoundCause {
  const dialled = evidence.find(({ seq }) => seq === record.cause);
  const host = `${text(record['host'])}:${text(record['port'])}`;
  const failure = text(record['failure']);
  if (dialled?.['proxyFor'] !== undefined) {
    const code = failure === 'connection-refused' ? 'network.proxy-connection-refused' : 'network.proxy-unreachable';
    return { code, facts: { proxy: host, host: text(dialled['proxyFor']) } };
  }
  if (failure !== 'connect-timeout') return { code: `network.${failure}`, facts: { host, during: 'dial' } };
  const dropped = evidence.find(({ kind, cause }) => kind === 'network.dropped' && cause === record.cause);
  if (dropped?.['reason'] === 'port-blocked') return { code: 'network.smtp-port-blocked', facts: { host } };
  const slow = !dropped && hasSlowingFault(evidence);
  return { code: slow ? 'network.slow-link' : 'network.egress-dropped', facts: { host, during: 'dial' } };
}

/** A proxy's refusal; where it could not reach the target itself, its own dial tells more. */
export function proxyCause(record: EvidenceRecord): FoundCause | undefined {
  const facts = { host: optional(record['host']) && `${text(record['host'])}:${text(record['port'])}` };
  switch (record['reason']) {
    case 'credentials-missing':
    case 'credentials-wrong':
      return { code: 'network.proxy-authentication-required', facts };
    case 'port-forbidden':
      return { code: 'network.proxy-port-forbidden', facts };
    default:
      return undefined;
  }
}

/** An open connection that was lost. The record has `code` (or `failure`) and, but for TLS, `during`. */
export function lossCause(record: EvidenceRecord, evidence: readonly EvidenceRecord[]): FoundCause {
  const connected = evidence.findLast(({ kind, seq }) => kind === 'network.connected' && seq < record.seq);
  const during = text(record['during']) || 'tls';
  const facts = { host: connected && `${text(connected['host'])}:${text(connected['port'])}`, during };
  const loss = text(record['code'] ?? record['failure']);
  if (!loss.endsWith('timeout') && loss !== 'timed-out') return { code: 'network.connection-reset', facts };
  if (hasSlowingFault(evidence)) return { code: 'network.slow-link', facts };
  return { code: IN_MESSAGE.includes(during) ? 'network.stalled-in-data' : 'network.server-silent', facts };
}

function hasSlowingFault(evidence: readonly EvidenceRecord[]): boolean {
  return evidence.some(({ kind, type }) => kind === 'fault.applied' && SLOWING.includes(text(type)));
}
