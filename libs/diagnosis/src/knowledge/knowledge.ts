import type { CaseView } from '../case-view.ts';
import type { CheckId } from '../checks.ts';
import type { ClueId } from '../clues.ts';

/** How sure a cause shows something: by its nature, always, mostly, sometimes, hardly ever,
 * never, against its nature. Our judgement. */
export type Chance = 'definite' | 'must' | 'often' | 'may' | 'rarely' | 'never' | 'impossible';

/** The chances as probabilities; none is 0 or 1, since observations can be misread. */
export const CHANCES: Readonly<Record<Chance, number>> = {
  definite: 0.9995,
  must: 0.98,
  often: 0.75,
  may: 0.35,
  rarely: 0.04,
  never: 0.002,
  impossible: 0.0001,
};

/** What the state of the Microsoft side says of a cause. */
export type Decision = 'confirmed' | 'supported' | 'excluded';

/** What is known of a root cause besides its texts. */
export interface Knowledge {
  code: string;
  /** How common it is where mail from ISE fails, relative to the others. Our judgement; nobody publishes figures. */
  prior: number;
  /** The kinds of failure it shows as (see `reading.ts`); one that is not named rules it out. */
  shows: Readonly<Record<string, Chance>>;
  /** Clues that speak for or against it. */
  clues?: Readonly<Partial<Record<ClueId, Chance>>>;
  /** What tells it from its rivals. */
  check: CheckId;
  /** Asked only with facts of the tenant; undefined where they don't tell. */
  decide?: (view: CaseView) => Decision | undefined;
}

/** A decision from a condition that may not be known. */
export function confirmedIf(condition: boolean | undefined): Decision | undefined {
  if (condition === undefined) return undefined;
  return condition ? 'confirmed' : 'excluded';
}
