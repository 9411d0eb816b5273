import { lossCause, networkCause, proxyCause } from './network-evidence.ts';
import { text, type EvidenceRecord } from './evidence.ts';
import { exchangeCause } from './exchange-evidence.ts';
import { causeBehind, ownCause } from './ise-evidence.ts';
import { rootCause, type CauseFacts } from './root-cause.ts';
import { tlsCause } from './tls-evidence.ts';

const TOKEN_ENDPOINT_HOST = 'login.microsoftonline.com';

/** Why an attempt failed: the root cause, in words, and the records that show it. */
export interface FailureDiagnosis {
  code: string;
  cause: string;
  remedy: string;
  /** `seq` of the records that the verdict rests on. */
  evidence: number[];
}

/** A root cause by its code, and what its texts may name. */
export interface FoundCause {
  code: string;
  facts: CauseFacts;
}

/**
 * Explains one attempt (a mail's submission or a Test Connection) from what the journal says that came of it, on both
 * sides of the wire. Undefined when it did not fail, or for a reason that is not in the catalogue.
 *
 * @param attempt `seq` of the record that the attempt began with, or that says that ISE itself stopped it
 */
export function diagnose(records: readonly EvidenceRecord[], attempt: number): FailureDiagnosis | undefined {
  const evidence = consequencesOf(records, attempt);
  const begun = records[indexAfter(records, attempt - 1)];
  if (begun?.seq !== attempt) return undefined;
  const own = ownCause(begun);
  for (const record of own ? [begun] : evidence.toReversed()) {
    const refusal = own ?? causeIn(record, evidence, records);
    const found = refusal ? causeBehind(refusal, begun, records) : refusal;
    const known = found && rootCause(found.code);
    if (!known) continue;
    const facts = withoutUndefined(found.facts);
    return {
      code: known.code,
      cause: known.cause(facts),
      remedy: known.remedy(facts),
      evidence: [...new Set([attempt, record.seq])],
    };
  }
  return undefined;
}

/** The records that follow from `seq`, however far, in order. @param records in the order of `seq` */
export function consequencesOf(records: readonly EvidenceRecord[], seq: number): EvidenceRecord[] {
  const effects = effectsIn(records);
  const found: EvidenceRecord[] = [];
  const causes = [seq];
  for (let cause = causes.pop(); cause !== undefined; cause = causes.pop()) {
    for (const effect of effects.get(cause) ?? []) {
      if (effect.seq <= cause) continue;
      found.push(effect);
      causes.push(effect.seq);
    }
  }
  return found.sort((one, other) => one.seq - other.seq);
}

interface EffectIndex {
  readonly effects: Map<number, EvidenceRecord[]>;
  first: EvidenceRecord | undefined;
  length: number;
}

/** A journal is asked about each of its mails: it is read once, and again only for what has come since. */
const indexes = new WeakMap<readonly EvidenceRecord[], EffectIndex>();

function effectsIn(records: readonly EvidenceRecord[]): ReadonlyMap<number, readonly EvidenceRecord[]> {
  let index = indexes.get(records);
  // Where the oldest were dropped, nothing stands where it stood.
  if (!index || index.first !== records[0] || index.length > records.length) {
    index = { effects: new Map(), first: records[0], length: 0 };
    indexes.set(records, index);
  }
  const { effects } = index;
  for (const record of records.slice(index.length)) {
    if (record.cause === undefined) continue;
    const known = effects.get(record.cause);
    if (known) known.push(record);
    else effects.set(record.cause, [record]);
  }
  index.length = records.length;
  return effects;
}

/** Where the records after `seq` begin, in records in the order of `seq`. */
function indexAfter(records: readonly EvidenceRecord[], seq: number): number {
  let from = 0;
  let to = records.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((records[middle]?.seq ?? Infinity) <= seq) from = middle + 1;
    else to = middle;
  }
  return from;
}

function causeIn(
  record: EvidenceRecord,
  evidence: readonly EvidenceRecord[],
  journal: readonly EvidenceRecord[],
): FoundCause | undefined {
  switch (record.kind) {
    case 'exchange.auth-refused':
    case 'exchange.message-refused':
    case 'exchange.recipient-refused':
    case 'exchange.session-refused':
    case 'exchange.message-bounced':
      return exchangeCause(record, evidence, journal);
    case 'entra.token-refused':
      return {
        code: `entra.${text(record['reason'])}`,
        facts: { tenant: text(record['tenant']), clientId: text(record['clientId']) },
      };
    // Entra's own refusal tells more, where it was Entra that answered.
    case 'token.garbled':
      return evidence.some(({ kind }) => kind === 'entra.token-refused')
        ? undefined
        : { code: 'entra.not-json', facts: { host: TOKEN_ENDPOINT_HOST } };
    case 'tls.failed':
      return tlsCause(record, evidence, journal);
    case 'proxy.refused':
      return proxyCause(record);
    case 'network.failed':
      return networkCause(record, evidence);
    case 'smtp.session-failed':
    case 'mail.refused':
      if (record['code'] === 'settings.not-configured') return { code: 'ise.smtp-server-not-configured', facts: {} };
      return record['stage'] === 'connection' ? lossCause(record, evidence) : undefined;
    default:
      return undefined;
  }
}

function withoutUndefined(facts: CauseFacts): CauseFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
