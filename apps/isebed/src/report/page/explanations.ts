import { diagnose } from '#libs/diagnosis';
import type { Diagnosis } from '#libs/scenario';
import type { JournalRecord } from '#libs/simulation';
import type { Attempt } from './attempts.ts';
import { clipped, clockTime } from './report-text.ts';

/** Attempts that show one cause; more of them tell nothing new. */
const EXAMPLES_MAX = 6;

/** A root cause of the run, with the way of the first attempt that it broke. */
export interface Explained extends Diagnosis {
  readonly symptom: string;
  readonly chain: readonly {
    readonly label: string;
    readonly text: string;
    readonly peer: string;
    readonly state: 'worked' | 'failed';
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
      .map((attempt) => [attempt, diagnose(records, attempt.seq)?.code] as const),
  );
  return diagnoses.map((diagnosis) => {
    const explained = [...codes].filter(([, code]) => code === diagnosis.code).map(([attempt]) => attempt);
    const [first] = explained;
    return {
      ...diagnosis,
      symptom: first ? `${first.node}, ${first.what}: ${clipped(first.verdict, 300)}` : '',
      chain: (first?.stages ?? []).map(({ label, text, peer, failed }) => ({
        label,
        text: clipped(text, 300),
        peer,
        state: failed ? 'failed' : 'worked',
      })),
      examples: explained.slice(0, EXAMPLES_MAX).map(({ seq, node, what, from }) => ({
        href: `#attempt-${seq}`,
        text: `${clockTime(new Date(from).toISOString())} ${node}, ${what}`,
      })),
      furtherExamples: Math.max(0, explained.length - EXAMPLES_MAX),
    };
  });
}
