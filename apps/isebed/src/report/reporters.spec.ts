import { parse } from 'yaml';
import { createReporter, type ReporterName } from './create-reporter.ts';
import type { PrettyOptions } from './pretty.reporter.ts';
import { BROKEN_DOWN, FAILED, PASSED } from './results.fixture.ts';

const ALL = [PASSED, FAILED, BROKEN_DOWN];
const PLAIN: PrettyOptions = { color: false, stories: 'failed' };

function reported(name: ReporterName, results = ALL, options = PLAIN): string {
  let text = '';
  const reporter = createReporter(name, (piece) => (text += piece), options);
  results.forEach((result) => reporter.scenarioFinished(result));
  reporter.runFinished(results, { wallMs: 320 });
  return text;
}

// The golden files: `npm test -- apps/isebed/src/report -u` rewrites them.
describe.each(['pretty', 'json', 'junit', 'tap'] as const)('the %s reporter', (name) => {
  it('tells a run with every outcome as in the golden file', () => {
    expect(reported(name)).toMatchSnapshot();
  });

  it('tells a run without scenarios as in the golden file', () => {
    expect(reported(name, [])).toMatchSnapshot();
  });

  it('lets no control character through', () => {
    expect(reported(name)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });
});

describe('the pretty reporter', () => {
  it('tells the story of a scenario that passed if it is asked to', () => {
    expect(reported('pretty', [PASSED], { ...PLAIN, stories: 'always' })).toMatchSnapshot();
  });

  it('keeps to the width of the terminal', () => {
    const text = reported('pretty', [PASSED], { color: false, stories: 'always', columns: 72 });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72);
    expect(text).toMatchSnapshot();
  });

  it('colours only if it is asked to, and changes nothing else by it', () => {
    const plain = reported('pretty', ALL, { ...PLAIN, stories: 'always' });
    const coloured = reported('pretty', ALL, { color: true, stories: 'always' });
    expect(coloured).toContain('\u001b[32m');
    expect(coloured.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(plain.replace(/ +$/gm, ''));
  });

  it('writes while the run goes on, one line for a scenario that passed', () => {
    const pieces: string[] = [];
    const reporter = createReporter('pretty', (piece) => pieces.push(piece), PLAIN);
    reporter.scenarioFinished(PASSED);
    expect(pieces.join('')).toMatch(/^✓ T4 Invalid .+ {5,}50 s simulated in 0\.21 s\n$/);
  });
});

describe('the json reporter', () => {
  it('gives every scenario just the keys that are promised', () => {
    const { scenarios } = JSON.parse(reported('json'));
    expect(scenarios.map((scenario: object) => Object.keys(scenario))).toEqual(
      ALL.map(() => [
        'name',
        'file',
        'seed',
        'outcome',
        'virtualMs',
        'wallMs',
        'journalSha256',
        'diagnosis',
        'failures',
      ]),
    );
  });
});

describe('the tap reporter', () => {
  it('adds diagnostics that are YAML and hold the failures', () => {
    const blocks = [...reported('tap').matchAll(/^ {2}---\n([\s\S]*?)^ {2}\.\.\.$/gm)].map(([, block]) =>
      parse(block ?? ''),
    );
    expect(blocks).toMatchObject([{ seed: 7 }, { outcome: 'failed', failures: FAILED.failures }, { outcome: 'error' }]);
  });
});
