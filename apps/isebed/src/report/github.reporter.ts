import type { Failure, ScenarioResult } from '#libs/scenario';
import type { Reporter, Write } from './reporter.ts';
import { plainText, span, whereOf } from './text.ts';

/** Runs that the summary tells of; GitHub takes a mebibyte of it. */
const FAILURES_TOLD_MAX = 50;
const FAILURE_CHARACTERS_MAX = 4_000;

/**
 * On GitHub Actions: an annotation at the line of the scenario for each expectation that was not met, as it happens, and a
 * summary of the job step at the end.
 *
 * Source: GitHub Docs, "Workflow commands for GitHub Actions".
 */
export class GithubReporter implements Reporter {
  readonly #command: Write;
  readonly #summary: Write;

  /**
   * @param command takes workflow commands; the runner reads standard error for them, too
   * @param summary takes the Markdown of the summary
   */
  constructor(command: Write, summary: Write) {
    this.#command = command;
    this.#summary = summary;
  }

  scenarioFinished(result: ScenarioResult): void {
    const failures = result.failures.length > 0 || result.outcome === 'passed' ? result.failures : [BROKEN_DOWN];
    for (const failure of failures) this.#command(annotation(result, failure));
  }

  runFinished(results: readonly ScenarioResult[]): void {
    const bad = results.filter(({ outcome }) => outcome !== 'passed');
    const told = bad.slice(0, FAILURES_TOLD_MAX);
    const untold = bad.length - told.length;
    this.#summary(
      [
        `## isebed: ${results.length - bad.length} passed, ${bad.length} not`,
        '',
        ...told.flatMap(inMarkdown),
        ...(untold > 0 ? [`And ${untold} more.`, ''] : []),
      ].join('\n'),
    );
  }
}

const BROKEN_DOWN: Failure = { expected: 'a run that comes to its end', actual: 'it broke down' };

function annotation({ file, name, replayCommand }: ScenarioResult, { line, step, expected, actual }: Failure): string {
  const properties = { file, ...(line === undefined ? {} : { line }), title: step ?? name };
  const list = Object.entries(properties)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
    .join(',');
  return `::error ${list}::${escapeData(`expected ${expected}\nactual ${actual}\nreplay: ${replayCommand}`)}\n`;
}

/** The characters that would end the message, or begin another command. */
function escapeData(text: string): string {
  const lines = text.split('\n').map(plainText).join('\n');
  return lines.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function inMarkdown(result: ScenarioResult): string[] {
  const { name, file, virtualMs, failures, replayCommand, diagnosis } = result;
  const told = failures.flatMap((failure) => [
    ...[whereOf(failure)].filter(Boolean),
    `expected  ${failure.expected}`,
    `actual    ${failure.actual}`,
  ]);
  return [
    `### ${markdown(name)}`,
    '',
    `${markdown(file)}, ${span(virtualMs)} simulated`,
    '',
    ...codeBlock([...told, `replay    ${replayCommand}`]),
    ...diagnosis.flatMap(({ code, cause, remedy }) => [
      `**${markdown(code)}**: ${markdown(cause)} _Remedy:_ ${markdown(remedy)}`,
      '',
    ]),
  ];
}

/** CommonMark 2.4: a backslash takes the meaning from any ASCII punctuation. */
function markdown(text: string): string {
  return plainText(text).replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}

/** A fence that is longer than any in the text. */
function codeBlock(lines: readonly string[]): string[] {
  const text = lines.map(plainText).join('\n').slice(0, FAILURE_CHARACTERS_MAX);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, text, fence, ''];
}
