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
  /** Show how far the run is, in a last line that is overwritten. For terminals alone. */
  readonly progress?: boolean;
}

/** Back to the beginning of the line, and erase it. */
const ERASE_LINE = '\r\u001b[K';

/** For people: line by line; nothing but the line of progress is ever overwritten. */
export class PrettyReporter implements Reporter {
  readonly #write: Write;
  readonly #stories: PrettyOptions['stories'];
  readonly #columns: number;
  readonly #colors: Colors;
  readonly #hasProgress: boolean;
  #expected = 0;
  #finished = 0;
  #unmet = 0;

  constructor(write: Write, { color, columns = COLUMNS_DEFAULT, stories, progress = false }: PrettyOptions) {
    this.#write = write;
    this.#stories = stories;
    this.#columns = Math.max(COLUMNS_MIN, columns);
    this.#colors = picocolors.createColors(color);
    this.#hasProgress = progress;
  }

  runStarted(count: number): void {
    this.#expected = count;
    this.#showProgress();
  }

  scenarioFinished(result: ScenarioResult): void {
    const hasStory = this.#stories === 'always' || result.outcome !== 'passed';
    this.#finished += 1;
    if (result.outcome !== 'passed') this.#unmet += 1;
    this.#lines(hasStory ? this.#story(result) : [this.#oneLine(result)]);
    this.#showProgress();
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
    this.#lines([...this.#again(results), `${bold(counts.join(', '))}   ${timing(simulated, wallMs)}`]);
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

  /** After many scenarios: what failed has scrolled away. */
  #again(results: readonly ScenarioResult[]): string[] {
    const unmet = results.length > 1 ? results.filter(({ outcome }) => outcome !== 'passed') : [];
    return unmet.flatMap(({ name, replayCommand }) => [
      `${this.#colors.red('✗')} ${plainText(name)}`,
      ...this.#labelled('replay', replayCommand),
    ]);
  }

  #showProgress(): void {
    if (!this.#hasProgress || this.#finished >= this.#expected) return;
    const unmet = this.#unmet === 0 ? '' : `, ${this.#unmet} failed`;
    this.#write(`${ERASE_LINE}${this.#colors.dim(`… ${this.#finished} of ${this.#expected} runs${unmet}`)}`);
  }

  #lines(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    this.#write(this.#hasProgress ? ERASE_LINE + text : text);
  }
}

function timing(virtualMs: number, wallMs: number): string {
  return `${span(virtualMs)} simulated in ${seconds(wallMs)}`;
}
