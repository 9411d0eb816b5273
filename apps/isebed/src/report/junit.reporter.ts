import type { Failure, ScenarioResult } from '#libs/scenario';
import type { Reporter, Write } from './reporter.ts';
import { plainText, whereOf } from './text.ts';

/**
 * JUnit's XML, as CI servers read it: one test case per scenario. A scenario with several failures has one `failure`
 * element that lists them, since many readers look at the first only.
 */
export class JunitReporter implements Reporter {
  readonly #write: Write;

  constructor(write: Write) {
    this.#write = write;
  }

  scenarioFinished(): void {}

  runFinished(results: readonly ScenarioResult[], { wallMs }: { readonly wallMs: number }): void {
    const count = (outcome: ScenarioResult['outcome']): number =>
      results.filter((one) => one.outcome === outcome).length;
    const totals = attributes({
      name: 'isebed',
      tests: results.length,
      failures: count('failed'),
      errors: count('error'),
      time: inSeconds(wallMs),
    });
    this.#write(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<testsuites ${totals}>`,
        `  <testsuite ${totals}>`,
        ...results.flatMap(testCase),
        '  </testsuite>',
        '</testsuites>',
        '',
      ].join('\n'),
    );
  }
}

function testCase(result: ScenarioResult): string[] {
  const { name, file, wallMs, seed, virtualMs, journalSha256, outcome } = result;
  const properties = { seed, virtualMs, journalSha256 };
  return [
    `    <testcase ${attributes({ name, classname: file, time: inSeconds(wallMs) })}>`,
    '      <properties>',
    ...Object.entries(properties).map(([key, value]) => `        <property ${attributes({ name: key, value })}/>`),
    '      </properties>',
    ...(outcome === 'passed' ? [] : problem(outcome === 'failed' ? 'failure' : 'error', result)),
    '    </testcase>',
  ];
}

function problem(tag: 'failure' | 'error', { failures, replayCommand, evidence }: ScenarioResult): string[] {
  const message = failures[0] ? summary(failures[0]) : 'the run broke down';
  const where = evidence === undefined ? [] : [`evidence: ${evidence}`];
  const body = [...failures.flatMap(describe), ...where, `replay: ${replayCommand}`].map(escape);
  return [`      <${tag} ${attributes({ message, type: tag })}>${body.join('\n')}</${tag}>`];
}

function summary(failure: Failure): string {
  return `expected ${failure.expected}, actual ${failure.actual}`;
}

function describe(failure: Failure): string[] {
  return [whereOf(failure), summary(failure), ...(failure.lastLines ?? []).map((line) => `  ${line}`)].filter(Boolean);
}

function inSeconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escape(String(value))}"`)
    .join(' ');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

function escape(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
