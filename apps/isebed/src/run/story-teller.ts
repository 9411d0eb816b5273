import { consequencesOf, type FailureDiagnosis } from '#libs/diagnosis';
import type { StoryDetail, StoryEntry, Step } from '#libs/scenario';
import { fieldText, type JournalRecord } from '#libs/simulation';
import type { LedgerMail } from './mail-ledger.ts';

/** Other causes that a doubtful explanation names. */
const ALTERNATIVES_MAX = 3;

const HEADLINE_LABELS = { do: 'done', break: 'broken', mend: 'mended' } as const;

/** What the story of a step is told from. */
export interface StepOutcome {
  step: Step;
  startedAt: string;
  /** What the page showed, for a click. */
  gui?: string | undefined;
  mails: readonly LedgerMail[];
  /** The journal records of the step. */
  records: readonly JournalRecord[];
}

/** Why the attempt failed that began with the record of this `seq`; undefined when it did not. */
export type ExplainAttempt = (attempt: number) => FailureDiagnosis | undefined;

/** Tells a step as an administrator would: what was done, what was seen, why, and how to mend it. */
export function tellStep(
  outcome: StepOutcome,
  journal: readonly JournalRecord[],
  explain: ExplainAttempt,
): StoryEntry[] {
  const { step, startedAt: at } = outcome;
  switch (step.kind) {
    case 'do':
    case 'break':
    case 'mend':
      return [
        { at, label: HEADLINE_LABELS[step.kind], outcome: step.text, details: administrationIn(outcome.records) },
        ...outcome.mails.map((mail) => tellMail(mail, at, journal, explain)),
      ];
    case 'click': {
      const { note } = step;
      const headline = note ? [{ at, label: HEADLINE_LABELS[note.kind], outcome: note.text, details: [] }] : [];
      return [...headline, ...tellClick(outcome, journal, explain)];
    }
    case 'raise':
      return [
        { at, label: step.on, action: 'alarm', outcome: step.alarmName, details: [] },
        ...outcome.mails.map((mail) => tellMail(mail, at, journal, explain)),
      ];
    case 'wait':
      return [
        { at, label: 'waited', outcome: step.text, details: [] },
        ...alarmsIn(outcome.records),
        ...outcome.mails.map((mail) => tellMail(mail, timeOf(journal, mail.lastSeq) ?? at, journal, explain)),
      ];
    case 'explain':
      return [];
  }
}

/** What an administrator sent to Microsoft, and the answers. */
function administrationIn(records: readonly JournalRecord[]): StoryDetail[] {
  return records.flatMap((record) => {
    if (record.kind === 'graph.request') {
      const text = `${fieldText(record, 'method')} ${fieldText(record, 'route')}  ${fieldText(record, 'status')}`;
      return [{ label: 'graph', text, peer: 'graph.microsoft.com' }];
    }
    if (record.kind !== 'exchange.cmdlet-run' || record['from'] !== 'rest') return [];
    const failed = fieldText(record, 'failed').split('.').at(-1);
    return [
      {
        label: 'cmdlet',
        text: fieldText(record, 'cmdlet') + (failed ? `  ${failed}` : ''),
        peer: 'outlook.office365.com',
      },
    ];
  });
}

function tellClick(
  { step, startedAt: at, gui = '', mails, records }: StepOutcome,
  journal: readonly JournalRecord[],
  explain: ExplainAttempt,
): StoryEntry[] {
  if (step.kind !== 'click') return [];
  const attempt = records.find(({ kind }) => kind === 'smtp-server.test-started');
  if (attempt) {
    const failed = records.some((record) => record.kind === 'smtp-server.tested' && record['connected'] === false);
    const entry: StoryEntry = {
      at,
      label: step.node,
      action: step.button,
      outcome: `"${gui}"`,
      details: pathOf(records, attempt),
    };
    return [failed ? { ...entry, ...logOf(entry, records), ...explained(explain(attempt.seq)) } : entry];
  }
  const [mail, ...others] = mails;
  const label = step.node;
  const action = `${step.page} / ${step.button}`;
  if (!mail) return [{ at, label, action, outcome: gui, details: [] }];
  return [
    { ...tellMail(mail, at, journal, explain), label, action: step.button },
    ...others.map((other) => tellMail(other, at, journal, explain)),
  ];
}

function tellMail(
  mail: LedgerMail,
  at: string,
  journal: readonly JournalRecord[],
  explain: ExplainAttempt,
): StoryEntry {
  const { from: label, type: action, to, cc, outcome, by } = mail;
  const recipients = [to.join(', '), ...(cc.length > 0 ? [`Cc ${cc.join(', ')}`] : [])].join(', ');
  const told = {
    delivered: `delivered to ${recipients}`,
    retrying: by ? `refused by ${by} for now, will be tried again` : 'in the queue of the node',
    unknown: 'the server may have it; the node does not know, and does not send it again',
    withdrawn: 'withdrawn: another node has taken it over',
    refused: `refused by ${by ?? 'somebody'}, will not be tried again`,
    pending: 'still under way',
  }[outcome];
  const entry: StoryEntry = { at, label, action, outcome: told, details: [] };
  const attempt = mail.lastAttempt === undefined ? undefined : journal[mail.lastAttempt - 1];
  if (!attempt) return entry;
  const why = explained(explain(attempt.seq));
  if (outcome === 'delivered') return { ...entry, ...why };
  return { ...entry, details: pathOf(consequences(journal, attempt), attempt), ...why };
}

/** The stages of one attempt, each with its peer and how long it took. */
function pathOf(records: readonly JournalRecord[], attempt: JournalRecord): StoryDetail[] {
  const details: StoryDetail[] = [];
  let since = Date.parse(attempt.t);
  const add = (record: JournalRecord, detail: Omit<StoryDetail, 'durationMs'>): void => {
    details.push({ ...detail, durationMs: Date.parse(record.t) - since });
    since = Date.parse(record.t);
  };
  let roles = '';
  let peer = '';
  for (const record of records.filter(
    ({ cause, node }) => cause !== undefined && (node ?? attempt.node) === attempt.node,
  )) {
    const host = typeof record['host'] === 'string' ? record['host'] : '';
    switch (record.kind) {
      case 'tls.established':
        peer = host;
        break;
      case 'entra.token-granted':
        roles = Array.isArray(record['roles'])
          ? record['roles'].filter((role) => typeof role === 'string').join(', ')
          : '';
        break;
      case 'token.acquired': {
        const text =
          record['fromCache'] === true
            ? 'from the cache of the node'
            : `granted, ${roles ? `roles ${roles}` : 'without roles'}`;
        add(record, { label: 'token', text, peer });
        break;
      }
      case 'token.refused':
        add(record, {
          label: 'token',
          text: `AADSTS${fieldText(record, 'aadsts')} ${fieldText(record, 'error')}`,
          peer,
        });
        break;
      case 'network.failed':
        add(record, {
          label: 'connect',
          text: fieldText(record, 'failure'),
          peer: `${host}:${fieldText(record, 'port')}`,
        });
        break;
      case 'tls.failed':
        add(record, { label: 'TLS', text: fieldText(record, 'failure'), peer: host });
        break;
      case 'smtp.authenticated':
        add(record, { label: 'AUTH XOAUTH2', text: '235 2.7.0 Authentication successful', peer });
        break;
      case 'smtp.session-failed':
        if (record['stage'] === 'connection') {
          add(record, {
            label: fieldText(record, 'during'),
            text: fieldText(record, 'code').replace('network.', ''),
            peer: host,
          });
        }
        if (record['stage'] === 'auth' || record['stage'] === 'data' || record['stage'] === 'envelope') {
          const label = record['stage'] === 'auth' ? 'AUTH XOAUTH2' : 'end of DATA';
          add(record, { label, text: firstWords(fieldText(record, 'reply')), peer });
        }
        break;
    }
  }
  return details;
}

/** The decisive log line of a failed click, shortened to what an eye looks for. */
function logOf({ details }: StoryEntry, records: readonly JournalRecord[]): Pick<StoryEntry, 'details'> {
  const line = records.findLast((record) => record.kind === 'guest.log' && record['level'] === 'ERROR');
  if (!line) return { details };
  const logger = fieldText(line, 'logger').split('.').at(-1) ?? '';
  const exception = fieldText(line, 'text').split('\n').at(-1)?.trim() ?? '';
  return { details: [...details, { label: 'guest.log', text: firstWords(`ERROR ${logger}  ${exception}`) }] };
}

function explained(diagnosis: FailureDiagnosis | undefined): Pick<StoryEntry, 'why' | 'remedy' | 'doubt'> {
  if (!diagnosis) return {};
  const { cause: why, remedy, verdict, alternatives, check } = diagnosis;
  if (verdict === 'certain') return { why, remedy };
  const others = alternatives.slice(0, ALTERNATIVES_MAX).map(({ code }) => code);
  return { why, remedy, doubt: `${verdict}; or ${others.join(', ')}: ${check.ask}` };
}

/** Those of severity Info are left out: every click on Save raises one. */
function alarmsIn(records: readonly JournalRecord[]): StoryEntry[] {
  return records
    .filter((record) => record.kind === 'alarm.raised' && record['severity'] !== 'Info')
    .map((record) => ({
      at: record.t,
      label: fieldText(record, 'about') || (record.node ?? ''),
      action: 'alarm',
      outcome: fieldText(record, 'name'),
      details: [],
    }));
}

function consequences(journal: readonly JournalRecord[], { seq }: JournalRecord): JournalRecord[] {
  return consequencesOf(journal, seq).flatMap((found) => journal[found.seq - 1] ?? []);
}

function timeOf(journal: readonly JournalRecord[], seq: number): string | undefined {
  return journal[seq - 1]?.t;
}

/** A reply without its bracketed tail and diagnostics, which no reader needs here. */
function firstWords(reply: string): string {
  const [words = ''] = reply.split(/ \[|; STOREDRV/);
  return words;
}
