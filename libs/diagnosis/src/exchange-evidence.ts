import type { FoundCause } from './diagnose.ts';
import { optional, text, type EvidenceRecord } from './evidence.ts';
import type { CauseFacts } from './root-cause.ts';

const REQUIRED_ROLE = 'SMTP.SendAsApp';

/** What Exchange refused at AUTH, after DATA or on delivery. */
export function exchangeCause(
  record: EvidenceRecord,
  evidence: readonly EvidenceRecord[],
  journal: readonly EvidenceRecord[],
): FoundCause {
  const reason = text(record['reason']);
  const facts = exchangeFacts(record, evidence);
  if (reason === 'role-missing' && isFromBeforeConsent(record, evidence, journal)) {
    return { code: 'exchange.token-from-before-consent', facts };
  }
  // Not the mailbox that sends.
  if (record.kind === 'exchange.message-bounced' && reason === 'mailbox-full') {
    return { code: 'exchange.recipient-mailbox-full', facts };
  }
  return { code: `exchange.${reason}`, facts };
}

function exchangeFacts(record: EvidenceRecord, evidence: readonly EvidenceRecord[]): CauseFacts {
  const granted = evidence.find(({ kind }) => kind === 'entra.token-granted' || kind === 'token.acquired');
  return {
    mailbox: optional(record['mailbox']),
    recipient: optional(record['to']),
    expected: optional(record['expected']),
    actual: optional(record['actual'] ?? record['from']),
    clientId: optional(granted?.['clientId']),
    answer: optional(record['reply']),
  };
}

/**
 * The token came from the node's cache, and since it was obtained consent was given: somebody gave it in the scenario,
 * or the same application has got a token with the role.
 */
function isFromBeforeConsent(
  refused: EvidenceRecord,
  evidence: readonly EvidenceRecord[],
  journal: readonly EvidenceRecord[],
): boolean {
  const taken = evidence.find(({ kind, fromCache }) => kind === 'token.acquired' && fromCache === true);
  if (!taken) return false;
  const obtained = journal.findLast(
    ({ kind, seq, ...fields }) =>
      kind === 'token.acquired' &&
      seq < taken.seq &&
      fields['fromCache'] === false &&
      fields['node'] === taken['node'] &&
      fields['expiresAt'] === taken['expiresAt'],
  );
  return journal.some(
    (record) =>
      record.seq > (obtained?.seq ?? taken.seq) &&
      record.seq < refused.seq &&
      (record['change'] === 'entra.grantConsent' || hasRole(record, taken['clientId'])),
  );
}

function hasRole(record: EvidenceRecord, clientId: unknown): boolean {
  const roles = record['roles'];
  if (record.kind !== 'entra.token-granted' || record['clientId'] !== clientId) return false;
  return Array.isArray(roles) && roles.includes(REQUIRED_ROLE);
}
