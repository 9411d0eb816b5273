import type { ScenarioResult } from '#libs/scenario';

/** One run of one scenario, as it is handed to a worker thread. */
export interface ScenarioTask {
  file: string;
  /** Undefined: the seed of the file. */
  seed: number | undefined;
  /** Undefined: no evidence is kept. */
  evidence: EvidencePlan | undefined;
  /** Virtual time that its steps wait, at least: what waits long has much to do. */
  waitedMs: number;
}

export interface EvidencePlan {
  folder: string;
  /** `failure`: only if the run did not pass. */
  when: 'always' | 'failure';
}

/** What a worker thread answers. */
export interface TaskAnswer {
  result: ScenarioResult;
  /** Why the evidence is not where it should be, with what to do; undefined if all is well. */
  complaint?: string;
}
