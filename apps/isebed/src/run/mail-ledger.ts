import { Deployment, hasPersona, type NodeDefinition } from '#libs/deployment';
import { isEmailType, rightfulSenders, type EmailType } from '#libs/notification';
import type { MailMatch, MailOutcome, Refuser } from '#libs/scenario';
import { fieldText, type JournalRecord } from '#libs/simulation';

/** What became of a mail so far. */
export interface LedgerMail {
  id: string;
  type: EmailType;
  /** Name of the node that sends it. */
  from: string;
  to: readonly string[];
  cc: readonly string[];
  subject: string;
  /** `pending`: its first submission is not over yet. */
  outcome: Exclude<MailOutcome, 'none'> | 'pending';
  /** Who refused it last. */
  by?: Refuser;
  /** What the node was told at the last refusal or at acceptance. */
  reply?: string;
  /** Names of the nodes whose duty it was at the moment when it was accepted. */
  rightfulSenders: readonly string[];
  /** `seq` of the first and the latest record about it. */
  firstSeq: number;
  lastSeq: number;
  /** `seq` of the latest submission's record. */
  lastAttempt?: number;
}

/** Records that a mail begins with; `mail.recovered`: it was begun in a journal before this one. */
const BEGINNINGS: readonly string[] = ['mail.composed', 'mail.not-composed', 'mail.recovered'];

const REFUSERS_BY_STAGE: Readonly<Record<string, Refuser>> = {
  settings: 'ise',
  dial: 'network',
  tls: 'tls',
  connection: 'network',
  token: 'entra',
  'token-garbled': 'entra',
  session: 'exchange',
  auth: 'exchange',
  envelope: 'exchange',
  data: 'exchange',
  protocol: 'network',
};

/** The mails of a run: a view of the journal, which goes on where it left off. */
export class MailLedger {
  private readonly mails = new Map<string, LedgerMail>();
  /** Those whose outcome may still be `pending`. */
  private readonly open = new Set<LedgerMail>();
  /** A change is in force once the majority of the nodes knows; until then both count. */
  private inForce: Deployment;
  private latest: Deployment;
  private length = 0;

  /**
   * @param records of the journal: all of them, and those still to come
   * @param setUp the deployment as it was set up; the journal tells how it changed
   */
  constructor(
    private readonly records: readonly JournalRecord[],
    private readonly setUp: Deployment,
  ) {
    this.inForce = this.latest = setUp;
  }

  /** All mails so far, as they stand now. */
  read(): LedgerMail[] {
    this.readOn();
    return [...this.mails.values()];
  }

  get isAnyPending(): boolean {
    this.readOn();
    for (const mail of this.open) {
      if (mail.outcome === 'pending') return true;
      this.open.delete(mail);
    }
    return false;
  }

  private readOn(): void {
    for (; this.length < this.records.length; this.length += 1) {
      const record = this.records[this.length];
      if (record) this.take(record);
    }
  }

  private take(record: JournalRecord): void {
    const id = fieldText(record, 'mail');
    if (record.kind === 'deployment.changed') this.latest = changedDeployment(record, this.setUp);
    if (record.kind === 'deployment.in-force') this.inForce = this.latest = changedDeployment(record, this.setUp);
    if (record.kind === 'node.killed' || record.kind === 'node.stopped') keepInQueue(this.mails, record.node);
    if (BEGINNINGS.includes(record.kind) && !this.mails.has(id)) {
      const mail = begin(record, [this.inForce, this.latest]);
      if (!mail) return;
      this.mails.set(mail.id, mail);
      this.open.add(mail);
      return;
    }
    const mail = this.mails.get(id);
    if (!mail) return;
    advance(mail, record);
    if (mail.outcome === 'pending') this.open.add(mail);
  }
}

/** What a node had not settled when it ended lies in its outbox. */
function keepInQueue(mails: ReadonlyMap<string, LedgerMail>, node: string | undefined): void {
  for (const mail of mails.values()) if (mail.from === node && mail.outcome === 'pending') mail.outcome = 'retrying';
}

function begin(record: JournalRecord, deployments: readonly Deployment[]): LedgerMail | undefined {
  const type = fieldText(record, 'type');
  if (!isEmailType(type) || record.node === undefined) return undefined;
  const refused = record.kind === 'mail.not-composed';
  return {
    id: refused ? `not-composed-${record.seq}` : fieldText(record, 'mail'),
    type,
    from: record.node,
    to: strings(record['to']),
    cc: strings(record['cc']),
    subject: fieldText(record, 'subject'),
    outcome: refused ? 'refused' : 'pending',
    rightfulSenders: [
      ...new Set(deployments.flatMap((deployment) => rightfulSenders(type, deployment)).map(({ name }) => name)),
    ],
    ...(refused ? { by: 'ise', reply: fieldText(record, 'reason') } : {}),
    firstSeq: record.seq,
    lastSeq: record.seq,
  };
}

function advance(mail: LedgerMail, record: JournalRecord): void {
  switch (record.kind) {
    case 'mail.attempted':
      if (mail.by === undefined) mail.outcome = 'pending';
      mail.lastAttempt = record.seq;
      break;
    case 'mail.held':
      mail.outcome = 'retrying';
      break;
    case 'mail.accepted':
      mail.outcome = 'delivered';
      mail.reply = fieldText(record, 'reply');
      delete mail.by;
      break;
    case 'mail.refused':
      mail.by = REFUSERS_BY_STAGE[fieldText(record, 'stage')] ?? 'network';
      mail.reply =
        ['reply', 'error', 'code', 'description'].map((field) => fieldText(record, field)).find(Boolean) ?? '';
      break;
    case 'mail.retry-scheduled':
      mail.outcome = 'retrying';
      break;
    case 'mail.given-up':
      mail.outcome = record['reason'] === 'outcome-unknown' ? 'unknown' : 'refused';
      // What nobody refused is given up by the node itself.
      mail.by ??= 'ise';
      break;
    case 'mail.withdrawn':
      mail.outcome = 'withdrawn';
      break;
    default:
      return;
  }
  mail.lastSeq = record.seq;
}

/** The addresses that the words of an expectation stand for. */
export interface AddressBook {
  guest: readonly string[];
  sponsor: readonly string[];
  admins: readonly string[];
}

/** @param bodyOf the text of a mail that was delivered */
export function matches(
  mail: LedgerMail,
  expected: MailMatch,
  addresses: AddressBook,
  bodyOf: (mail: LedgerMail) => string,
): boolean {
  const { type, from, to, cc, subject, by, text } = expected;
  return (
    (type === undefined || mail.type === type) &&
    (from === undefined || mail.from === from) &&
    (to === undefined || includesAddress(mail.to, to, addresses)) &&
    (cc === undefined || includesAddress(mail.cc, cc, addresses)) &&
    (subject === undefined || mail.subject === subject) &&
    (by === undefined || mail.by === by) &&
    (text === undefined || bodyOf(mail).includes(text))
  );
}

function includesAddress(actual: readonly string[], expected: string, addresses: AddressBook): boolean {
  const wanted = Object.hasOwn(addresses, expected) ? addresses[expected as keyof AddressBook] : [expected];
  return actual.some((address) => wanted.includes(address));
}

/** The deployment as a record of the journal says that it is from there on. */
function changedDeployment(record: JournalRecord, { nodes }: Deployment): Deployment {
  const members = strings(record['nodes']);
  const primaryPan = fieldText(record, 'primaryPan');
  const activeMnt = fieldText(record, 'activeMnt');
  return new Deployment(
    nodes
      .filter(({ name }) => members.includes(name))
      .map((node): NodeDefinition => ({
        ...node,
        ...(hasPersona(node, 'Administration') && { adminRole: node.name === primaryPan ? 'primary' : 'secondary' }),
        ...(hasPersona(node, 'Monitoring') && { monitoringRole: node.name === activeMnt ? 'active' : 'standby' }),
      })),
  );
}

/**
 * Mails that a node sent whose duty they were not when it accepted them (SPEC 2): a defect in any run. One that was
 * withdrawn, or never composed, was not sent.
 */
export function mailsOfWrongNodes(mails: readonly LedgerMail[]): LedgerMail[] {
  return mails.filter(({ from, rightfulSenders: owners, lastAttempt }) => {
    return lastAttempt !== undefined && !owners.includes(from);
  });
}

/**
 * Mails that a node says were accepted though Exchange has no record of it, or the other way round. Both sides write
 * their own account; it must be the same. Where the node itself says that it does not know, there is no dispute.
 */
export function disputedMails(records: readonly JournalRecord[], mails: readonly LedgerMail[]): LedgerMail[] {
  const acceptedByExchange = new Set(
    records.flatMap((record) =>
      record.kind === 'exchange.message-accepted' ? [/^<([^@]+)@/.exec(fieldText(record, 'messageId'))?.[1]] : [],
    ),
  );
  return mails.filter(
    ({ id, outcome }) => outcome !== 'unknown' && acceptedByExchange.has(id) !== (outcome === 'delivered'),
  );
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
