import type { ScenarioResult } from '#libs/scenario';

/** Where a reporter's text goes, in pieces that each end with a line. */
export type Write = (text: string) => void;

/** Tells of a run while it goes on. */
export interface Reporter {
  /** Once, before the first scenario; `count` is the number of runs to come. */
  runStarted?(count: number): void;
  /** In the order in which scenarios are to be told; once per run of a scenario. */
  scenarioFinished(result: ScenarioResult): void;
  /** Once, at the end; `wallMs` is the real time of the whole run. */
  runFinished(results: readonly ScenarioResult[], run: { readonly wallMs: number }): void;
}
