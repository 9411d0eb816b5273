import { diagnose } from '#libs/diagnosis';
import type { Diagnosis } from '#libs/scenario';
import type { JournalRecord } from '#libs/simulation';
import type { Attempt, Stage } from './attempts.ts';
import { clipped, clockTime } from './report-text.ts';

/** Attempts that show one cause; more of them tell nothing new. */
const EXAMPLES_MAX = 6;

/** Failed attempts that are diagnosed for it: each takes a walk through the journal. */
const DIAGNOSED_MAX = 200;

const SYMPTOM_CHARACTERS_MAX = 160;

interface ChainStage {
  readonly label: string;
  readonly text: string;
  readonly failed: boolean;
}

/** A root cause of the run, with the way of the first attempt that it broke. */
export interface Explained extends Diagnosis {
  readonly symptom: string;
  /** Server by server. */
  readonly chain: readonly {
    readonly peer: string;
    readonly failed: boolean;
    readonly stages: readonly ChainStage[];
  }[];
  readonly examples: readonly { readonly href: string; readonly text: string }[];
  readonly furtherExamples: number;
}

/** The diagnoses of a run, each with the attempts that it explains. */
export function explanationsOf(
  diagnoses: readonly Diagnosis[],
  attempts: readonly Attempt[],
  records: readonly JournalRecord[],
): Explained[] {
  const codes = new Map(
    attempts
      .filter(({ outcome }) => outcome === 'failed')
      .slice(0, DIAGNOSED_MAX)
      .map((attempt) => [attempt, diagnose(records, attempt.seq)?.code] as const),
  );
  return diagnoses.map((diagnosis) => {
    const explained = [...codes]
      .filter(([{ seq }, code]) => diagnosis.evidence?.includes(seq) ?? code === diagnosis.code)
      .map(([attempt]) => attempt);
    const [first] = explained;
    return {
      certainty: undefined,
      check: undefined,
      ...diagnosis,
      alternatives: (diagnosis.alternatives ?? []).map(({ code, probability }) => ({
        code,
        probability,
        percent: probability < 0.01 ? 'below 1' : Math.round(probability * 100),
      })),
      symptom: first ? `${first.node}, ${first.what}: ${clipped(first.verdict, SYMPTOM_CHARACTERS_MAX)}` : '',
      chain: chainOf(first?.stages ?? []),
      examples: explained.slice(0, EXAMPLES_MAX).map(({ seq, node, what, from }) => ({
        href: `#attempt-${seq}`,
        text: `${clockTime(new Date(from).toISOString())} ${node}, ${what}`,
      })),
      furtherExamples: Math.max(0, explained.length - EXAMPLES_MAX),
    };
  });
}

/** The stages, those with the same server together. */
function chainOf(stages: readonly Stage[]): Explained['chain'] {
  const groups: { peer: string; failed: boolean; stages: ChainStage[] }[] = [];
  for (const { kind, label, text, peer, failed } of stages) {
    const last = groups.at(-1);
    const group = last?.peer === peer ? last : { peer, failed: false, stages: [] };
    if (group !== last) groups.push(group);
    group.failed ||= failed;
    // The server stands above them already.
    group.stages.push({ label, text: kind === 'connect' && !failed ? '' : clipped(text, 300), failed });
  }
  return groups;
}
