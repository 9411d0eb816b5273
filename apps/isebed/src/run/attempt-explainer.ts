import { diagnose, type FailureDiagnosis } from '#libs/diagnosis';
import { lookUpTenant } from '../testbed/look-up-tenant.ts';
import type { Testbed } from '../testbed/testbed.ts';
import type { ExplainAttempt } from './story-teller.ts';
import type { TenantLookup } from './tenant-lookup.ts';

/** Records that a diagnosis names, of all the attempts that it explains. */
const EVIDENCE_MAX = 200;

/**
 * Explains attempts from what the nodes saw and from the tenant as its administrator finds it now; each attempt once, and
 * the tenant is looked up only when something failed, and what was found is added to `lookups`.
 */
export function attemptExplainer({ clock, journal, microsoft }: Testbed, lookups: TenantLookup[]): ExplainAttempt {
  const known = new Map<number, FailureDiagnosis | undefined>();
  let lookup: TenantLookup | undefined;
  const lookUp = (): TenantLookup => {
    const found = { at: clock.timestamp(), attempts: [], facts: lookUpTenant(microsoft) };
    lookups.push(found);
    return found;
  };
  return (attempt) => {
    if (known.has(attempt)) return known.get(attempt);
    let diagnosis = diagnose(journal.records, attempt);
    if (diagnosis) {
      lookup ??= lookUp();
      lookup.attempts.push(attempt);
      diagnosis = diagnose(journal.records, attempt, { microsoft: lookup.facts });
    }
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
