import { join, relative, sep } from 'node:path';
import type { ScenarioResult } from '#libs/scenario';
import { renderIndex } from './page/report-page.ts';
import type { Reporter, Write } from './reporter.ts';

/** One page that leads to the report in the evidence of each run. */
export class HtmlReporter implements Reporter {
  readonly #write: Write;
  readonly #folder: string;

  /** @param folder where the page will lie */
  constructor(write: Write, folder: string) {
    this.#write = write;
    this.#folder = folder;
  }

  scenarioFinished(): void {}

  runFinished(results: readonly ScenarioResult[]): void {
    this.#write(renderIndex(results.map((result) => ({ result, report: this.#reportOf(result) }))));
  }

  #reportOf({ evidence }: ScenarioResult): string | undefined {
    if (evidence === undefined) return undefined;
    return relative(this.#folder, join(evidence, 'report.html')).split(sep).join('/');
  }
}
