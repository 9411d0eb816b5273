/** What a run of one scenario came to: what reporters show. Texts must hold no secret. */
export interface ScenarioResult {
  readonly name: string;
  readonly file: string;
  readonly seed: number;
  readonly tags: readonly string[];
  /** `failed`: an expectation was not met. `error`: the run itself broke down, by our fault. */
  readonly outcome: 'passed' | 'failed' | 'error';
  /** Simulated time that went by. */
  readonly virtualMs: number;
  /** Real time that went by. */
  readonly wallMs: number;
  /** SHA-256 of the journal, hexadecimal: equal for equal scenario and seed. */
  readonly journalSha256: string;
  readonly diagnosis: readonly Diagnosis[];
  readonly failures: readonly Failure[];
  readonly story: readonly StoryEntry[];
  /** The command line that repeats this very run. */
  readonly replayCommand: string;
  /** The folder that holds its evidence, if any was left. */
  readonly evidence?: string;
}

export interface Diagnosis {
  readonly code: string;
  readonly cause: string;
  readonly remedy: string;
  /** `certain`, `likely` or `ambiguous`. */
  readonly certainty?: 'certain' | 'likely' | 'ambiguous' | undefined;
  /** `seq` of the journal records that it rests on. */
  readonly evidence?: readonly number[];
  /** What tells it from the alternatives: a page, cmdlet or query, and what its answer means. */
  readonly check?: { readonly ask: string; readonly tells: string } | undefined;
  /** Other causes that show alike, the more probable first. */
  readonly alternatives?: readonly { readonly code: string; readonly probability: number }[];
}

/** An expectation that was not met. */
export interface Failure {
  /** The line in the scenario file, from 1. */
  readonly line?: number;
  /** The headline of the step. */
  readonly step?: string;
  readonly expected: string;
  readonly actual: string;
  /** The last log or journal lines before the failure, oldest first. */
  readonly lastLines?: readonly string[];
}

/** One line of the story, with its details below it. */
export interface StoryEntry {
  /** Virtual time, ISO 8601. */
  readonly at: string;
  /** Who or what: `healthy`, `broken`, `mended`, `waited`, `expected`, a node name … */
  readonly label: string;
  /** The button, for a click. */
  readonly action?: string;
  readonly outcome: string;
  readonly details: readonly StoryDetail[];
  /** The cause of a failure, in the reader's terms. */
  readonly why?: string;
  readonly remedy?: string;
  /** Where the cause is not certain: what else it could be, and which check tells. */
  readonly doubt?: string;
}

/** One stage on the way, such as the token call or AUTH. */
export interface StoryDetail {
  readonly label: string;
  readonly text: string;
  /** Host name of the other side. */
  readonly peer?: string;
  /** Virtual time the stage took. */
  readonly durationMs?: number;
}
