import type { CaseView } from './case-view.ts';
import type { Translated } from './language.ts';

/** Something that can be true, false or unknown in a case, and speaks for some causes and against others. */
export interface Clue {
  /** How often it is true where none of the causes that name it is at work. Our judgement. */
  base: number;
  /** Undefined: the observations don't tell. */
  holds: (view: CaseView) => boolean | undefined;
  /** Why it matters, for the reader. */
  text: Translated;
}
