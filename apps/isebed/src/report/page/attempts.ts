import { fieldText, type JournalRecord } from '#libs/simulation';

/** One stretch of the way of an attempt, from the end of the one before. */
export interface Stage {
  readonly kind: 'connect' | 'tls' | 'token' | 'smtp';
  readonly label: string;
  /** Epoch milliseconds, virtual. */
  readonly from: number;
  readonly to: number;
  /** The host at the other end, if it is known. */
  readonly peer: string;
  readonly text: string;
  readonly failed: boolean;
}

/** A node on its way to Microsoft: for a mail, or for Test Connection. */
export interface Attempt {
  /** `seq` of the record that it began with. */
  readonly seq: number;
  readonly node: string;
  readonly what: string;
  readonly from: number;
  to: number;
  /** `open`: the run ended first. */
  outcome: 'worked' | 'failed' | 'open';
  /** What the node was told at the end. */
  verdict: string;
  readonly stages: Stage[];
}

/** The attempts of a run in order: a view of what the nodes wrote into the journal. */
export function attemptsIn(records: readonly JournalRecord[]): Attempt[] {
  const attempts: Attempt[] = [];
  /** For each record the attempt that it came of; a cause always stands before its effects. */
  const owners = new Map<number, Attempt>();
  const subjects = new Map<string, string>();
  for (const record of records) {
    if (record.kind === 'mail.composed') subjects.set(fieldText(record, 'mail'), describeMail(record));
    const begun = begin(record, subjects);
    const owner = begun ?? (record.cause === undefined ? undefined : owners.get(record.cause));
    if (!owner) continue;
    owners.set(record.seq, owner);
    if (begun) attempts.push(begun);
    else if (record.node === owner.node) advance(owner, record);
  }
  return attempts;
}

function describeMail(record: JournalRecord): string {
  return `${fieldText(record, 'subject')} (${fieldText(record, 'type')})`;
}

function begin(record: JournalRecord, subjects: ReadonlyMap<string, string>): Attempt | undefined {
  const { kind, seq, t, node } = record;
  if (node === undefined) return undefined;
  const at = Date.parse(t);
  const base = { seq, node, from: at, to: at, outcome: 'open' as const, verdict: '', stages: [] };
  if (kind === 'smtp-server.test-started') return { ...base, what: 'Test Connection' };
  if (kind !== 'mail.attempted') return undefined;
  const number = fieldText(record, 'attempt');
  const again = number === '1' || number === '' ? '' : `, attempt ${number}`;
  return { ...base, what: `${subjects.get(fieldText(record, 'mail')) ?? 'mail'}${again}` };
}

function advance(attempt: Attempt, record: JournalRecord): void {
  const stage = stageOf(record, attempt);
  const last = attempt.stages.at(-1);
  const to = Date.parse(record.t);
  if (stage && !(last?.failed && stage.failed)) {
    attempt.stages.push({ peer: last?.peer ?? '', failed: false, ...stage, from: last?.to ?? attempt.from, to });
    attempt.to = to;
  }
  conclude(attempt, record);
}

function conclude(attempt: Attempt, record: JournalRecord): void {
  switch (record.kind) {
    case 'smtp-server.tested':
      attempt.outcome = record['connected'] === true ? 'worked' : 'failed';
      attempt.verdict = fieldText(record, 'message');
      break;
    case 'mail.accepted':
      attempt.outcome = 'worked';
      attempt.verdict = fieldText(record, 'reply');
      break;
    case 'mail.refused':
      attempt.outcome = 'failed';
      attempt.verdict = attempt.stages.at(-1)?.text ?? whatFailed(record);
      break;
    default:
      return;
  }
  attempt.to = Date.parse(record.t);
}

type Seen = Pick<Stage, 'kind' | 'label' | 'text'> & Partial<Pick<Stage, 'peer' | 'failed'>>;

function stageOf(record: JournalRecord, { stages }: Attempt): Seen | undefined {
  const host = fieldText(record, 'host');
  const place = { peer: host };
  switch (record.kind) {
    case 'network.connected':
      return { kind: 'connect', label: 'connect', text: `${host}:${fieldText(record, 'port')}`, ...place };
    case 'network.failed':
      return { kind: 'connect', label: 'connect', text: fieldText(record, 'failure'), failed: true, ...place };
    case 'tls.established': {
      const text = `${fieldText(record, 'protocol')}, trusted through ${fieldText(record, 'anchor')}`;
      return { kind: 'tls', label: 'TLS', text, ...place };
    }
    case 'tls.failed': {
      const certificate = fieldText(record, 'certificate');
      const text = fieldText(record, 'failure') + (certificate ? ` (${certificate})` : '');
      return { kind: 'tls', label: 'TLS', text, failed: true, ...place };
    }
    case 'token.acquired': {
      const isCached = record['fromCache'] === true;
      const text = isCached ? 'from the cache of the node' : 'granted';
      return { kind: 'token', label: 'token', text, ...(isCached ? { peer: '' } : {}) };
    }
    case 'token.refused':
      return { kind: 'token', label: 'token', text: refusalOfToken(record), failed: true };
    case 'token.garbled':
      return { kind: 'token', label: 'token', text: 'an answer that is not JSON', failed: true };
    case 'smtp.authenticated':
      return { kind: 'smtp', label: 'AUTH', text: '235 2.7.0 Authentication successful' };
    case 'mail.accepted':
      return { kind: 'smtp', label: 'DATA', text: fieldText(record, 'reply') };
    case 'smtp.session-failed':
    case 'mail.refused': {
      if (stages.at(-1)?.failed) return undefined;
      return {
        kind: 'smtp',
        label: SMTP_STAGES[fieldText(record, 'stage')] ?? 'SMTP',
        text: whatFailed(record),
        failed: true,
      };
    }
    default:
      return undefined;
  }
}

const SMTP_STAGES: Readonly<Record<string, string>> = {
  auth: 'AUTH',
  envelope: 'MAIL, RCPT',
  data: 'DATA',
  settings: 'settings',
};

function refusalOfToken(record: JournalRecord): string {
  const number = fieldText(record, 'aadsts');
  return (
    fieldText(record, 'description') ||
    [number && `AADSTS${number}`, fieldText(record, 'error')].filter(Boolean).join(' ')
  );
}

function whatFailed(record: JournalRecord): string {
  return (
    ['reply', 'error', 'code', 'description', 'failure'].map((field) => fieldText(record, field)).find(Boolean) ??
    'it failed'
  );
}
