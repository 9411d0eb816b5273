import type { FoundCause } from './diagnose.ts';
import { optional, text, type EvidenceRecord } from './evidence.ts';

const SECRET_HAS_EXPIRED = 'SMTP OAuth Client Secret has expired';

/** A mail, or a click, that ISE itself stopped: the record says so, nothing follows from it. */
export function ownCause(record: EvidenceRecord): FoundCause | undefined {
  switch (record.kind) {
    case 'smtp-server.save-refused':
      return { code: 'ise.smtp-settings-never-tested', facts: {} };
    case 'alarm.not-mailed':
      return record['reason'] === 'no recipients' ? { code: 'ise.admin-without-alarm-tick', facts: {} } : undefined;
    case 'mail.not-composed':
      return notComposedCause(record);
    default:
      return undefined;
  }
}

function notComposedCause(record: EvidenceRecord): FoundCause | undefined {
  if (!text(record['type']).startsWith('guest-')) return undefined;
  switch (record['code']) {
    case 'notification.disabled':
      return { code: 'ise.guest-notifications-off', facts: {} };
    case 'notification.no-recipient':
      return { code: 'ise.guest-without-address', facts: {} };
    default:
      return undefined;
  }
}

/** What in ISE lies behind a refusal of Entra or Exchange, where it is a mail that was refused; else the refusal. */
export function causeBehind(
  found: FoundCause,
  attempt: EvidenceRecord,
  journal: readonly EvidenceRecord[],
): FoundCause {
  const mail = journal.find(({ kind, ...fields }) => kind === 'mail.composed' && fields['mail'] === attempt['mail']);
  if (attempt.kind !== 'mail.attempted' || !mail) return found;
  if (found.code === 'exchange.send-as-denied' && mail['type'] === 'alarm' && text(mail['from']).startsWith('ise@')) {
    return { code: 'ise.alarm-sender-unset', facts: { ...found.facts, actual: optional(mail['from']) } };
  }
  if (found.code !== 'entra.secret-expired') return found;
  if (mail['type'] === 'alarm' && text(mail['subject']).endsWith(SECRET_HAS_EXPIRED)) {
    return { code: 'ise.expired-secret-alarm-undeliverable', facts: found.facts };
  }
  const saved = journal.findLast(({ kind, seq }) => kind === 'smtp-server.saved' && seq < attempt.seq);
  const typed = optional(saved?.['expiryDate']);
  if (typed === undefined || !isAlarmOff(typed, attempt)) return found;
  return { code: 'ise.typed-expiry-date-wrong', facts: { ...found.facts, expected: typed } };
}

/** The typed day is still to come. */
function isAlarmOff(typed: string, attempt: EvidenceRecord): boolean {
  return text(attempt['t']).slice(0, 10) < typed;
}
