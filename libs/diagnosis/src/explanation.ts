import type { ObservationSource } from './observation.ts';
import type { PathStep } from './path.ts';

/**
 * How sure an explanation is. `certain`: nothing else fits, or the Microsoft side shows it. `likely`: others would fit,
 * but are far less common. `ambiguous`: several causes look the same from here; the check of the first one decides.
 * `none`: nothing failed, or what failed is not known.
 */
export type Verdict = 'certain' | 'likely' | 'ambiguous' | 'none';

/** Why a mail failed, as far as the evidence tells. Texts are in the language that was asked for. */
export interface Explanation {
  verdict: Verdict;
  /** What was seen to fail; absent when nothing was. */
  symptom?: Symptom;
  /** The path of the mail, in order, to where it broke and beyond. */
  chain: readonly ChainStep[];
  /** How sure, and why: one sentence. */
  certainty: string;
  /** Possible root causes, the most probable first. */
  causes: readonly ExplainedCause[];
  /** What would make it surer, the most telling first. */
  collectNext: readonly string[];
  /** It has gone well since, and what shows it; absent where nothing does. */
  since?: { text: string; source: ObservationSource };
  /** Other failures in the same evidence, the most frequent first; absent where there are none. */
  beside?: readonly OtherFailure[];
  /** What a refusal means that shows no cause of a mail from ISE: the request of another program, as a rule. */
  meaning?: { text: string; remedy: string };
}

/** A failure of another kind, in short. */
export interface OtherFailure {
  step: PathStep;
  /** As it was seen. */
  text: string;
  /** Where it was seen last. */
  source: ObservationSource;
  count: number;
  /** The most probable root cause; absent where none shows so. */
  code?: string;
}

export interface Symptom {
  step: PathStep;
  /** As it was seen. */
  text: string;
  source: ObservationSource;
}

export interface ChainStep {
  step: PathStep;
  label: string;
  /** `skipped`: not needed this time, as with a token from the cache. `unknown`: before the failure nothing was seen. */
  outcome: 'worked' | 'failed' | 'skipped' | 'not-reached';
  /** What was seen. */
  text?: string;
  source?: ObservationSource;
}

export interface ExplainedCause {
  code: string;
  /** 0 to 1; those of all causes add up to 1, but for what is too improbable to be listed. */
  probability: number;
  /** What speaks for it in this case. */
  why: readonly string[];
  cause: string;
  /** In the terms of the GUI or the cmdlet. */
  remedy: string;
  /** Codes of the causes that it could be taken for here. */
  rivals: readonly string[];
  /** What tells it from them. */
  check: { ask: string; tells: string };
}
