import type { AlarmDelivery } from '#libs/alarms';
import { renderGuestLogLine } from '#libs/node-log';
import type {
  AlarmExpectation,
  EndExpectations,
  Failure,
  LogExpectation,
  MailExpectation,
  StepExpectations,
} from '#libs/scenario';
import { fieldText, type JournalRecord } from '#libs/simulation';
import { matches, type AddressBook, type LedgerMail } from './mail-ledger.ts';

/** Lines of context that a failure shows. */
const CONTEXT_LINES = 5;

/** What a step, or a whole run, left behind for its expectations to look at. */
export interface Observed {
  /** The journal records of the step, or of the run. */
  records: readonly JournalRecord[];
  /** The mails that something happened to meanwhile, as they stand now. */
  mails: readonly LedgerMail[];
  addresses: AddressBook;
  /** The text of a mail that was delivered. */
  bodyOf: (mail: LedgerMail) => string;
}

export function checkStep(expected: StepExpectations, observed: Observed): Failure[] {
  return [
    ...expected.log.flatMap((log) => checkLog(log, observed)),
    ...expected.mail.flatMap((mail) => checkMail(mail, observed)),
    ...expected.alarm.flatMap((alarm) => checkAlarm(alarm, observed)),
  ];
}

export function checkEnd(expected: EndExpectations, observed: Observed): Failure[] {
  const failures = expected.log.flatMap((log) => checkLog(log, observed));
  for (const { line, count, outcome, ...match } of expected.mails) {
    const found = observed.mails.filter(
      (mail) =>
        matches(mail, match, observed.addresses, observed.bodyOf) &&
        (outcome === undefined || mail.outcome === outcome),
    );
    if (found.length === count) continue;
    failures.push({
      line,
      expected: `${count} mail(s) ${describeMatch({ ...match, outcome })}`,
      actual: `${found.length}; all mails: ${listMails(observed.mails)}`,
    });
  }
  for (const { line, name, on, count } of expected.alarms) {
    const found = alarmsIn(observed.records, name, on).length;
    if (found !== count)
      failures.push({ line, expected: `alarm "${name}" ${count} time(s)`, actual: `${found} time(s)` });
  }
  return failures;
}

function checkLog(expected: LogExpectation, { records }: Observed): Failure[] {
  const lines = records.filter(({ kind, node }) => kind === 'guest.log' && (!expected.node || node === expected.node));
  const { level, logger, thread, text } = expected;
  const found = lines.some(
    (record) =>
      (level === undefined || record['level'] === level) &&
      contains(record['logger'], logger) &&
      contains(record['thread'], thread) &&
      contains(record['text'], text),
  );
  if (found) return [];
  const where = expected.node === undefined ? 'guest.log of any node' : `guest.log of ${expected.node}`;
  const what = [level, thread && `[${thread}]`, logger, text && `"${text}"`].filter(Boolean).join(' ');
  return [
    {
      line: expected.line,
      expected: `${where} has a line ${what}`,
      actual: lines.length === 0 ? 'no line at all in this step' : `no such line among ${lines.length}`,
      lastLines: lines.slice(-CONTEXT_LINES).map(renderGuestLogLine),
    },
  ];
}

function checkMail({ line, outcome, ...match }: MailExpectation, { mails, addresses, bodyOf }: Observed): Failure[] {
  const candidates = mails.filter((mail) => matches(mail, { ...match, by: undefined }, addresses, bodyOf));
  const met =
    outcome === 'none'
      ? candidates.length === 0
      : candidates.some((mail) => mail.outcome === outcome && matches(mail, match, addresses, bodyOf));
  if (met) return [];
  return [{ line, expected: `a mail ${describeMatch({ ...match, outcome })}`, actual: listMails(mails) }];
}

const DELIVERIES = {
  delivered: 'sent',
  retrying: 'retrying',
  undeliverable: 'undeliverable',
  'not-mailed': 'not-mailed',
} as const satisfies Record<NonNullable<AlarmExpectation['mailed']>, AlarmDelivery>;

function checkAlarm(expected: AlarmExpectation, { records }: Observed): Failure[] {
  const { line, name, on, severity, count, mailed } = expected;
  const raised = alarmsIn(records, name, on);
  if (count !== undefined && raised.length !== count) {
    return [{ line, expected: `alarm "${name}" ${count} time(s)`, actual: `${raised.length} time(s)` }];
  }
  if (count === 0) return [];
  const [first] = raised;
  if (!first) {
    const others = records
      .filter(({ kind }) => kind === 'alarm.raised')
      .map((record) => `"${fieldText(record, 'name')}"`);
    return [{ line, expected: `alarm "${name}"${on ? ` on ${on}` : ''}`, actual: others.join(', ') || 'no alarm' }];
  }
  const actualSeverity = fieldText(first, 'severity');
  if (severity !== undefined && actualSeverity !== severity) {
    return [{ line, expected: `alarm "${name}" of severity ${severity}`, actual: actualSeverity }];
  }
  if (mailed === undefined) return [];
  const outcomes = records
    .filter(({ kind, name: about }) => (kind === 'alarm.mailed' || kind === 'alarm.not-mailed') && about === name)
    .map((record) => (record.kind === 'alarm.not-mailed' ? 'not-mailed' : fieldText(record, 'delivery')));
  if (outcomes.at(-1) === DELIVERIES[mailed]) return [];
  const actual = outcomes.join(', ') || 'never mailed';
  return [{ line, expected: `mail of alarm "${name}" ${mailed}`, actual }];
}

function alarmsIn(records: readonly JournalRecord[], name: string, on?: string): JournalRecord[] {
  return records.filter(
    (record) => record.kind === 'alarm.raised' && record['name'] === name && (on === undefined || isAbout(record, on)),
  );
}

/** The node that an alarm is about: the one that raised it, unless it says otherwise. */
function isAbout(record: JournalRecord, node: string): boolean {
  return (record['about'] ?? record.node) === node;
}

function contains(actual: unknown, part: string | undefined): boolean {
  return part === undefined || String(actual).includes(part);
}

function describeMatch(match: Record<string, unknown>): string {
  return Object.entries(match)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(', ');
}

function listMails(mails: readonly LedgerMail[]): string {
  if (mails.length === 0) return 'no mail';
  return mails
    .slice(-CONTEXT_LINES)
    .map(
      ({ type, from, to, outcome, by }) =>
        `${type} from ${from} to ${to.join(', ')}: ${outcome}${by ? ` by ${by}` : ''}`,
    )
    .join('; ');
}
