import type { EvidenceRecord } from './evidence.ts';
import { explainFailure } from './explain-failure.ts';
import type { Explanation, Verdict } from './explanation.ts';
import type { Language } from './language.ts';
import { observationsOf, type AttemptEvidence } from './journal-evidence.ts';
import { readingOf } from './reading.ts';
import type { TenantFacts } from './tenant-facts.ts';

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
 * @param records the journal, in its order
 * @param attempt `seq` of the record that the attempt began with, or that says that ISE itself stopped it
 */
export function diagnose(
  records: readonly EvidenceRecord[],
  attempt: number,
  options: DiagnoseOptions = {},
): FailureDiagnosis | undefined {
  const evidence = observationsOf(records, attempt);
  if (!hasFailed(evidence)) return undefined;
  const { verdict, symptom, causes, certainty } = explained(evidence, options);
  const [first, ...others] = causes;
  if (!first || verdict === 'none') return undefined;
  const { code, cause, remedy, check } = first;
  return {
    code,
    cause,
    remedy,
    evidence: [...new Set([attempt, ...(symptom?.source.seq === undefined ? [] : [symptom.source.seq])])],
    verdict,
    certainty,
    check,
    alternatives: others.map((other) => ({ code: other.code, probability: Number(other.probability.toFixed(3)) })),
  };
}

/** The whole explanation of an attempt, as `diagnose` comes by it. */
export function explainAttempt(
  records: readonly EvidenceRecord[],
  attempt: number,
  options: DiagnoseOptions = {},
): Explanation {
  return explained(observationsOf(records, attempt), options);
}

function explained(evidence: AttemptEvidence, { microsoft, language = 'en' }: DiagnoseOptions): Explanation {
  // What went well needs no past, which may be long.
  const history = hasFailed(evidence) ? evidence.history() : [];
  return explainFailure(evidence.observations, { microsoft, language, history });
}

function hasFailed({ observations }: AttemptEvidence): boolean {
  return observations.some((observation) => readingOf(observation)?.outcome === 'failed');
}
