import type { ScenarioResult } from '#libs/scenario';

/** One run of one scenario, as it is handed to a worker thread. */
export interface ScenarioTask {
  file: string;
  /** Undefined: the seed of the file. */
  seed: number | undefined;
  /** Where the run leaves its evidence; undefined: nowhere. */
  out: string | undefined;
}

/** What a worker thread answers. */
export interface TaskAnswer {
  result: ScenarioResult;
}
