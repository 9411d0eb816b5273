import type { EvidenceRecord } from './evidence.ts';
import { explainFailure } from './explain-failure.ts';
import type { Explanation, Verdict } from './explanation.ts';
import { causeBehind, ownCause } from './ise-evidence.ts';
import { JournalReader } from './journal-observations.ts';
import type { Language } from './language.ts';
import type { Observation } from './observation.ts';
import { rootCause, type CauseFacts } from './root-cause.ts';
import type { TenantFacts } from './tenant-facts.ts';

/** A clock that is ahead by less makes no certificate look expired that is not about to be. */
const CLOCK_AHEAD_MS_MIN = 24 * 60 * 60_000;

/** Why an attempt failed: the most probable root cause, in words, how sure that is, and what shows it. */
export interface FailureDiagnosis {
  code: string;
  cause: string;
  remedy: string;
  /** `seq` of the records that the verdict rests on. */
  evidence: number[];
  verdict: Exclude<Verdict, 'none'>;
  /** How sure, and why. */
  certainty: string;
  /** What tells it from the alternatives. */
  check: { ask: string; tells: string };
  /** Other causes that it could be, the more probable first. */
  alternatives: { code: string; probability: number }[];
}

/** A root cause by its code, and what its texts may name. */
export interface FoundCause {
  code: string;
  facts: CauseFacts;
}

export interface DiagnoseOptions {
  /** The Microsoft side, as its administrator can look it up. */
  microsoft?: TenantFacts | undefined;
  language?: Language;
}

/**
 * Explains one attempt (a mail's submission or a Test Connection) from what the node saw of it, what the nodes saw
 * before, and, where it is given, the state of the Microsoft side. Undefined when it did not fail, or in a way that no
 * known cause shows.
 *
 * @param attempt `seq` of the record that the attempt began with, or that says that ISE itself stopped it
 */
export function diagnose(
  records: readonly EvidenceRecord[],
  attempt: number,
  options: DiagnoseOptions = {},
): FailureDiagnosis | undefined {
  const begun = records.find(({ seq }) => seq === attempt);
  const own = begun && ownCause(begun);
  if (own) return stoppedByIse(own, attempt);
  const { verdict, symptom, causes, certainty } = explainAttempt(records, attempt, options);
  const [first, ...others] = causes;
  if (!first || verdict === 'none') return undefined;
  const { code, cause, remedy, check } = first;
  const behind = begun && behindIt(code, begun, records);
  return {
    ...(behind ?? { code, cause, remedy }),
    evidence: [attempt, ...(symptom?.source.seq === undefined ? [] : [symptom.source.seq])],
    verdict,
    certainty,
    check,
    alternatives: others.map((other) => ({ code: other.code, probability: other.probability })),
  };
}

type CauseInWords = Pick<FailureDiagnosis, 'code' | 'cause' | 'remedy'>;

function stoppedByIse(found: FoundCause, attempt: number): FailureDiagnosis | undefined {
  const words = inWords(found);
  return (
    words && {
      ...words,
      evidence: [attempt],
      verdict: 'certain',
      certainty: 'Certain: ISE itself stopped it, and no server was asked.',
      check: { ask: 'guest.log of the node', tells: 'It has no line of a connection.' },
      alternatives: [],
    }
  );
}

/** What in ISE lies behind the cause that the node saw, where there is something. */
function behindIt(code: string, begun: EvidenceRecord, records: readonly EvidenceRecord[]): CauseInWords | undefined {
  const skewed = consequencesOf(records, begun.seq).findLast(({ kind }) => kind === 'tls.failed');
  const isAhead = code === 'tls.certificate-expired' && Number(skewed?.['clockSkewMs'] ?? 0) >= CLOCK_AHEAD_MS_MIN;
  const found = causeBehind({ code: isAhead ? 'ise.node-clock-ahead' : code, facts: {} }, begun, records);
  return found.code === code ? undefined : inWords(found);
}

function inWords({ code, facts }: FoundCause): CauseInWords | undefined {
  const known = rootCause(code);
  const given: CauseFacts = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return known && { code, cause: known.cause(given), remedy: known.remedy(given) };
}

/** The whole explanation of an attempt, as `diagnose` comes by it. */
export function explainAttempt(
  records: readonly EvidenceRecord[],
  attempt: number,
  { microsoft, language = 'en' }: DiagnoseOptions = {},
): Explanation {
  const { observations, history } = observationsOf(records, attempt);
  return explainFailure(observations, { microsoft, language, history });
}

/** What the nodes saw: of the attempt, and of all that came before it. */
export function observationsOf(
  records: readonly EvidenceRecord[],
  attempt: number,
): { observations: Observation[]; history: Observation[] } {
  const begun = records.find(({ seq }) => seq === attempt);
  const family = new Set(consequencesOf(records, attempt).map(({ seq }) => seq));
  const last = Math.max(attempt, ...family);
  const reader = new JournalReader();
  const observations: Observation[] = [];
  const history: Observation[] = [];
  for (const record of records) {
    if (record.seq > last) break;
    const seen = reader.read(record);
    if (record.seq < attempt) history.push(...seen);
    else if (family.has(record.seq) && isSeenBy(record, begun?.['node'])) observations.push(...seen);
  }
  return { observations: observations.map((one) => withOrigin(one, history)), history };
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

/** Its own records, and the report that came into its mailbox; not what others dialled on its behalf. */
function isSeenBy(record: EvidenceRecord, node: unknown): boolean {
  return record['node'] === undefined || node === undefined || record['node'] === node;
}

/** A token from the cache is as old as the record of its being obtained says. */
function withOrigin(observation: Observation, history: readonly Observation[]): Observation {
  if (observation.kind !== 'token' || !observation.fromCache) return observation;
  const obtained = history.findLast(
    (one) =>
      one.kind === 'token' &&
      one.fromCache === false &&
      one.source.node === observation.source.node &&
      one.expiresAt === observation.expiresAt,
  );
  const obtainedAt = obtained?.source.at;
  return obtainedAt === undefined ? observation : { ...observation, obtainedAt };
}
