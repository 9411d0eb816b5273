import { rootCause, type CauseFacts } from './root-cause.ts';

/** A journal record, as far as the diagnosis reads it. */
export interface EvidenceRecord {
  readonly seq: number;
  readonly kind: string;
  readonly cause?: number;
  readonly [field: string]: unknown;
}

/** Why an attempt failed: the root cause, in words, and the records that show it. */
export interface FailureDiagnosis {
  code: string;
  cause: string;
  remedy: string;
  /** `seq` of the records that the verdict rests on. */
  evidence: number[];
}

const TOKEN_ENDPOINT_HOST = 'login.microsoftonline.com';

/**
 * Explains one attempt (a mail's submission or a Test Connection) from what the journal says that came of it, on both
 * sides of the wire. Undefined when it did not fail, or for a reason that is not in the catalogue.
 *
 * @param attempt `seq` of the record that the attempt began with
 */
export function diagnose(records: readonly EvidenceRecord[], attempt: number): FailureDiagnosis | undefined {
  const evidence = consequencesOf(records, attempt);
  for (const record of evidence.toReversed()) {
    const found = causeIn(record, evidence);
    const known = found && rootCause(found.code);
    if (!known) continue;
    const facts = withoutUndefined(found.facts);
    return {
      code: known.code,
      cause: known.cause(facts),
      remedy: known.remedy(facts),
      evidence: [attempt, record.seq],
    };
  }
  return undefined;
}

/** The records that follow from `seq`, however far, in order. */
export function consequencesOf(records: readonly EvidenceRecord[], seq: number): EvidenceRecord[] {
  const family = new Set([seq]);
  return records.filter((record) => {
    if (record.seq <= seq || record.cause === undefined || !family.has(record.cause)) return false;
    family.add(record.seq);
    return true;
  });
}

function causeIn(
  record: EvidenceRecord,
  evidence: readonly EvidenceRecord[],
): { code: string; facts: CauseFacts } | undefined {
  switch (record.kind) {
    case 'exchange.auth-refused':
    case 'exchange.message-refused':
      return { code: `exchange.${text(record['reason'])}`, facts: exchangeFacts(record, evidence) };
    case 'entra.token-refused':
      return {
        code: `entra.${text(record['reason'])}`,
        facts: { tenant: text(record['tenant']), clientId: text(record['clientId']) },
      };
    case 'tls.failed':
      return {
        code: tlsCode(record),
        facts: { host: text(record['host']), certificate: optional(record['trustedBut'] ?? record['certificate']) },
      };
    case 'proxy.refused':
      return {
        code: 'network.proxy-refused',
        facts: { host: optional(record['host']), answer: `${text(record['status'])} ${text(record['reason'])}` },
      };
    case 'network.failed':
      return networkCause(record, evidence);
    case 'smtp.session-failed':
    case 'mail.refused':
      return record['code'] === 'settings.not-configured'
        ? { code: 'ise.smtp-server-not-configured', facts: {} }
        : undefined;
    default:
      return undefined;
  }
}

function exchangeFacts(record: EvidenceRecord, evidence: readonly EvidenceRecord[]): CauseFacts {
  const granted = evidence.find(({ kind }) => kind === 'entra.token-granted' || kind === 'token.acquired');
  return {
    mailbox: optional(record['mailbox']),
    expected: optional(record['expected']),
    actual: optional(record['actual'] ?? record['from']),
    clientId: optional(granted?.['clientId']),
    answer: optional(record['reply']),
  };
}

function tlsCode(record: EvidenceRecord): string {
  if (record['failure'] === 'expired') return 'tls.certificate-expired';
  if (record['failure'] === 'not-yet-valid') return 'tls.certificate-not-yet-valid';
  if (record['failure'] !== 'no-certification-path') return `tls.${text(record['failure'])}`;
  if (record['lacking'] === 'infrastructure') return 'tls.ca-without-infrastructure-usage';
  if (record['lacking'] === 'enabled') return 'tls.ca-disabled';
  return record['host'] === TOKEN_ENDPOINT_HOST ? 'tls.token-endpoint-ca-missing' : 'tls.smtp-ca-missing';
}

function networkCause(
  record: EvidenceRecord,
  evidence: readonly EvidenceRecord[],
): { code: string; facts: CauseFacts } | undefined {
  const dialled = evidence.find(({ seq }) => seq === record.cause);
  const peer = `${text(record['host'])}:${text(record['port'])}`;
  if (dialled?.['proxyFor'] !== undefined) {
    return { code: 'network.proxy-unreachable', facts: { proxy: peer, host: text(dialled['proxyFor']) } };
  }
  const code = record['failure'] === 'connect-timeout' ? 'egress-dropped' : text(record['failure']);
  return { code: `network.${code}`, facts: { host: peer } };
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function optional(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function withoutUndefined(facts: CauseFacts): CauseFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
