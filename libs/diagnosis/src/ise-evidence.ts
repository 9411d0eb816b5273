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
    case 'alarm.waiting':
      return { code: 'ise.active-mnt-lost', facts: { host: optional(record['mnt']) } };
    case 'guest.request-failed':
      return { code: 'ise.no-primary-pan', facts: { host: optional(record['pan']) } };
    case 'mail.not-composed':
      return notComposedCause(record);
    default:
      return undefined;
  }
}

/** There are no SMTP settings: nobody has saved any, or a restore has taken them away. */
export function unconfiguredCode({ seq }: EvidenceRecord, journal: readonly EvidenceRecord[]): string {
  const latest = journal.findLast(
    (record) => record.seq < seq && (record.kind === 'config.restored' || record.kind === 'smtp-server.saved'),
  );
  return latest?.kind === 'config.restored' ? 'ise.restored-without-settings' : 'ise.smtp-server-not-configured';
}

function notComposedCause(record: EvidenceRecord): FoundCause | undefined {
  if (record['code'] === 'notification.node-deregistered') {
    return { code: 'ise.node-deregistered', facts: { actual: optional(record['node']) } };
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
  const missed = missedSetting(attempt, journal);
  if (missed !== undefined && SETTLED_BY_SETTINGS.some((group) => found.code.startsWith(group))) {
    return { code: 'ise.node-out-of-sync', facts: { actual: optional(attempt['node']), expected: missed } };
  }
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

/** Groups of causes that other settings may have settled. */
const SETTLED_BY_SETTINGS = ['entra.', 'tls.', 'network.', 'exchange.'];

/** Pages whose settings a mail's way depends on, by the keys of the configuration. */
const PAGES: readonly (readonly [key: string, page: string])[] = [
  ['smtp-server', 'the SMTP server'],
  ['proxy', 'the proxy'],
  ['trusted-certificate/', 'a trusted certificate'],
];

/** What the mail's way depends on and was changed elsewhere, while the node has not got the change. */
function missedSetting({ seq, node }: EvidenceRecord, journal: readonly EvidenceRecord[]): string | undefined {
  const before = journal.filter((record) => record.seq < seq);
  const versions = before.flatMap((record) =>
    record['node'] === node && record.kind.startsWith('config.') ? [Number(record['version'] ?? 0)] : [],
  );
  const known = Math.max(1, ...versions);
  const missed = before.findLast(
    (record) =>
      record.kind === 'config.written' &&
      Number(record['version']) > known &&
      PAGES.some(([key]) => text(record['key']).startsWith(key)),
  );
  return PAGES.find(([key]) => text(missed?.['key']).startsWith(key))?.[1];
}

/** The typed day is still to come. */
function isAlarmOff(typed: string, attempt: EvidenceRecord): boolean {
  return text(attempt['t']).slice(0, 10) < typed;
}
