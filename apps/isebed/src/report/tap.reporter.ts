import { stringify } from 'yaml';
import type { ScenarioResult } from '#libs/scenario';
import type { Reporter, Write } from './reporter.ts';
import { plainText } from './text.ts';

/** The Test Anything Protocol, version 14: one test point per scenario, as it ends; the plan comes last. */
export class TapReporter implements Reporter {
  readonly #write: Write;
  #told = 0;

  constructor(write: Write) {
    this.#write = write;
  }

  scenarioFinished(result: ScenarioResult): void {
    this.#begin();
    this.#told += 1;
    const status = result.outcome === 'passed' ? 'ok' : 'not ok';
    this.#write(`${status} ${this.#told} - ${escape(result.name)}\n${diagnostic(result)}`);
  }

  runFinished(results: readonly ScenarioResult[]): void {
    this.#begin();
    this.#write(`1..${results.length}\n`);
  }

  #begin(): void {
    if (this.#told === 0) this.#write('TAP version 14\n');
  }
}

function diagnostic(result: ScenarioResult): string {
  const { outcome, file, seed, virtualMs, wallMs, journalSha256, failures, replayCommand, evidence } = result;
  const facts = { file, seed, virtualMs, wallMs, journalSha256 };
  const problems = outcome === 'passed' ? {} : { outcome, failures, replay: replayCommand, evidence };
  const lines = stringify({ ...facts, ...problems }, { lineWidth: 0 })
    .trimEnd()
    .split('\n');
  return ['---', ...lines, '...'].map((line) => `  ${line}\n`).join('');
}

/** TAP 14: a `#` begins a directive unless a backslash stands before it. */
function escape(text: string): string {
  return plainText(text).replace(/[\\#]/g, '\\$&');
}
