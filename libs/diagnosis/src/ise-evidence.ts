import type { FoundCause } from './diagnose.ts';
import { optional, text, type EvidenceRecord } from './evidence.ts';

/** What Entra says of a secret or an application that were right once. */
const REFUSED_FOR_OLD_SETTINGS = ['entra.secret-wrong', 'entra.secret-expired', 'entra.application-unknown'];

const OUT_OF_SYNC: Readonly<Record<string, string>> = {
  Disconnected: 'cut off from the primary PAN',
  NotInSync: 'not in sync',
  ReplicationStopped: 'cut off for so long that its replication has stopped',
};

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
    case 'guests.no-primary-pan':
      return { code: 'ise.primary-pan-down', facts: { host: optional(record['primary']) } };
    case 'alarm.delayed':
      return record['isActive'] === true
        ? { code: 'ise.active-mnt-lost', facts: { host: optional(record['to']) } }
        : undefined;
    default:
      return undefined;
  }
}

function notComposedCause(record: EvidenceRecord): FoundCause | undefined {
  if (record['code'] === 'notification.node-deregistered') {
    return { code: 'ise.node-deregistered', facts: { host: optional(record['node']) } };
  }
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
  if (attempt.kind !== 'mail.attempted') return found;
  const mail = journal.find((record) => record.kind === 'mail.composed' && record['mail'] === attempt['mail']);
  if (!mail) return found;
  const status = statusOf(attempt, journal);
  if (REFUSED_FOR_OLD_SETTINGS.includes(found.code) && status !== undefined) {
    return { code: 'ise.node-out-of-sync', facts: { host: optional(attempt['node']), expected: status } };
  }
  if (found.code === 'ise.smtp-server-not-configured' && isRestored(attempt, journal)) {
    return { code: 'ise.restored-without-settings', facts: {} };
  }
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

/** In words, how the node that attempted it stands; undefined for one that had all there was when settings were saved. */
function statusOf(attempt: EvidenceRecord, journal: readonly EvidenceRecord[]): string | undefined {
  const own = journal.findLast(
    ({ kind, node, seq }) => kind === 'replication.status' && node === attempt['node'] && seq < attempt.seq,
  );
  return OUT_OF_SYNC[text(own?.['status'])];
}

/** A restore came after the last time that settings were saved. */
function isRestored({ seq: before }: EvidenceRecord, journal: readonly EvidenceRecord[]): boolean {
  const last = journal.findLast(
    ({ kind, seq }) => (kind === 'config.restored' || kind === 'smtp-server.saved') && seq < before,
  );
  return last?.kind === 'config.restored';
}
