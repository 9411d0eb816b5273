import type { ScenarioResult } from '#libs/scenario';
import type { Reporter, Write } from './reporter.ts';

/** One JSON document at the end: `{"scenarios":[…]}`. */
export class JsonReporter implements Reporter {
  readonly #write: Write;

  constructor(write: Write) {
    this.#write = write;
  }

  scenarioFinished(): void {}

  runFinished(results: readonly ScenarioResult[]): void {
    const scenarios = results.map(
      ({ name, file, seed, outcome, virtualMs, wallMs, journalSha256, diagnosis, failures, evidence }) => ({
        name,
        file,
        seed,
        outcome,
        virtualMs,
        wallMs,
        journalSha256,
        diagnosis,
        failures,
        evidence,
      }),
    );
    this.#write(`${JSON.stringify({ scenarios }, null, 2)}\n`);
  }
}
