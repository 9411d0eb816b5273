import picocolors from 'picocolors';
import type { Failure, ScenarioResult } from '#libs/scenario';
import type { Reporter, Write } from './reporter.ts';
import { storyLines, type Colors } from './story.ts';
import { plainText, seconds, span, wrap } from './text.ts';

const COLUMNS_DEFAULT = 100;
const COLUMNS_MIN = 40;
const LABEL_WIDTH = 10;

export interface PrettyOptions {
  readonly color: boolean;
  /** Width of the terminal in characters. */
  readonly columns?: number;
  /** `always`: the story of each scenario. `failed`: one line for a scenario that passed. */
  readonly stories: 'always' | 'failed';
}

/** For people: line by line, nothing is ever overwritten. */
export class PrettyReporter implements Reporter {
  readonly #write: Write;
  readonly #stories: PrettyOptions['stories'];
  readonly #columns: number;
  readonly #colors: Colors;

  constructor(write: Write, { color, columns = COLUMNS_DEFAULT, stories }: PrettyOptions) {
    this.#write = write;
    this.#stories = stories;
    this.#columns = Math.max(COLUMNS_MIN, columns);
    this.#colors = picocolors.createColors(color);
  }

  scenarioFinished(result: ScenarioResult): void {
    const hasStory = this.#stories === 'always' || result.outcome !== 'passed';
    this.#lines(hasStory ? this.#story(result) : [this.#oneLine(result)]);
  }

  runFinished(results: readonly ScenarioResult[], { wallMs }: { readonly wallMs: number }): void {
    const { bold, green, red } = this.#colors;
    const counts = (['passed', 'failed', 'error'] as const).flatMap((outcome) => {
      const count = results.filter((result) => result.outcome === outcome).length;
      if (count === 0 && outcome !== 'passed') return [];
      const text = outcome === 'error' ? `${count} broke down` : `${count} ${outcome}`;
      return outcome === 'passed' ? green(text) : red(text);
    });
    const simulated = results.reduce((sum, { virtualMs }) => sum + virtualMs, 0);
    this.#lines([`${bold(counts.join(', '))}   ${timing(simulated, wallMs)}`]);
  }

  #oneLine({ name, virtualMs, wallMs }: ScenarioResult): string {
    const time = timing(virtualMs, wallMs);
    const title = plainText(name);
    const room = this.#columns - 2 - time.length;
    return `${this.#colors.green('✓')} ${title.padEnd(room - 2)}  ${this.#colors.dim(time)}`;
  }

  #story(result: ScenarioResult): string[] {
    const { bold, dim, green, red } = this.#colors;
    const { name, file, seed, outcome, virtualMs, wallMs, failures, replayCommand, evidence } = result;
    const seedText = `seed ${seed}`;
    const title = plainText(name).padEnd(this.#columns - seedText.length - 2);
    const verdict = outcome === 'passed' ? green('passed') : red(outcome === 'failed' ? 'failed' : 'broke down');
    return [
      `${bold(title)}  ${dim(seedText)}`,
      ...storyLines(result, this.#columns, this.#colors),
      ...failures.flatMap((failure) => this.#failure(failure, file)),
      ...(outcome === 'passed' ? [] : this.#labelled('replay', replayCommand)),
      ...(evidence === undefined ? [] : this.#labelled('evidence', evidence)),
      `${bold(verdict)}   ${timing(virtualMs, wallMs)}`,
      '',
    ];
  }

  #failure(failure: Failure, file: string): string[] {
    const { line, step, expected, actual, lastLines = [] } = failure;
    const { red, dim } = this.#colors;
    const place = line === undefined ? file : `${file}:${line}`;
    return [
      `${red('✗')} ${plainText([place, step ?? ''].join('  ').trimEnd())}`,
      ...this.#labelled('expected', expected),
      ...this.#labelled('actual', actual),
      ...(lastLines.length === 0 ? [] : this.#labelled('last lines', '')),
      ...lastLines.map((text) => `    ${dim(plainText(text))}`),
    ];
  }

  #labelled(label: string, text: string): string[] {
    const [first = '', ...others] = wrap(plainText(text), this.#columns - LABEL_WIDTH - 4);
    const head = `  ${this.#colors.bold(label.padEnd(LABEL_WIDTH))}  ${first}`;
    return [head.trimEnd(), ...others.map((line) => ' '.repeat(LABEL_WIDTH + 4) + line)];
  }

  #lines(lines: readonly string[]): void {
    this.#write(lines.map((line) => `${line}\n`).join(''));
  }
}

function timing(virtualMs: number, wallMs: number): string {
  return `${span(virtualMs)} simulated in ${seconds(wallMs)}`;
}
