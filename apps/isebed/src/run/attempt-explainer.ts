import { diagnose, type FailureDiagnosis, type TenantFacts } from '#libs/diagnosis';
import { lookUpTenant } from '../testbed/look-up-tenant.ts';
import type { Testbed } from '../testbed/testbed.ts';
import type { ExplainAttempt } from './story-teller.ts';

/** Records that a diagnosis names, of all the attempts that it explains. */
const EVIDENCE_MAX = 200;

/**
 * Explains attempts from what the nodes saw and from the tenant as its administrator finds it now; each attempt once, and
 * the tenant is looked up only when something failed.
 */
export function attemptExplainer({ journal, microsoft }: Testbed): ExplainAttempt {
  const known = new Map<number, FailureDiagnosis | undefined>();
  let tenant: TenantFacts | undefined;
  return (attempt) => {
    if (known.has(attempt)) return known.get(attempt);
    const failed = diagnose(journal.records, attempt) !== undefined;
    if (failed) tenant ??= lookUpTenant(microsoft);
    const diagnosis = failed ? diagnose(journal.records, attempt, { microsoft: tenant }) : undefined;
    known.set(attempt, diagnosis);
    return diagnosis;
  };
}

/** Each verdict once, with the evidence of all attempts that it was reached for, in the order of the first of them. */
export function distinct(diagnoses: readonly FailureDiagnosis[]): FailureDiagnosis[] {
  const verdicts = new Map<string, FailureDiagnosis>();
  for (const diagnosis of diagnoses) {
    const key = `${diagnosis.code} ${diagnosis.cause}`;
    const known = verdicts.get(key);
    verdicts.set(key, known ? { ...known, evidence: merged(known.evidence, diagnosis.evidence) } : diagnosis);
  }
  return [...verdicts.values()];
}

function merged(one: readonly number[], other: readonly number[]): number[] {
  return [...new Set([...one, ...other])].slice(0, EVIDENCE_MAX);
}
