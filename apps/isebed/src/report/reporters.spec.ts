import { parse } from 'yaml';
import { createReporter } from './create-reporter.ts';
import type { PrettyOptions } from './pretty.reporter.ts';
import type { ReporterName } from './reporter-list.ts';
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

describe('the progress of the pretty reporter', () => {
  function pieces(progress: boolean): string[] {
    const written: string[] = [];
    const reporter = createReporter('pretty', (piece) => written.push(piece), { ...PLAIN, progress });
    reporter.runStarted?.(ALL.length);
    ALL.forEach((result) => reporter.scenarioFinished(result));
    reporter.runFinished(ALL, { wallMs: 320 });
    return written;
  }

  it('is a last line that the next text erases, and leaves nothing of itself', () => {
    const written = pieces(true);
    expect(written.filter((piece) => piece.includes('…'))).toEqual([
      '\r\u001b[K… 0 of 3 runs',
      '\r\u001b[K… 1 of 3 runs',
      '\r\u001b[K… 2 of 3 runs, 1 failed',
    ]);
    expect(written.at(-1)).toMatch(/^\r\u001b\[K/);
    const left = written
      .join('')
      .replace(/…[^\n\r]*(?=\r)/g, '')
      .replaceAll('\r\u001b[K', '');
    expect(left).toBe(pieces(false).join(''));
  });

  it('is not there unless it is asked for', () => {
    expect(pieces(false).join('')).not.toMatch(/\r|\u001b|\d of 3/);
  });
});

describe('the html reporter', () => {
  it('leads to the report of each run from where it lies, those that did not pass first', () => {
    let page = '';
    const reporter = createReporter('html', (text) => (page += text), PLAIN, 'out/pages');
    reporter.runFinished([PASSED, { ...FAILED, evidence: 'out/e vidence/odd' }], { wallMs: 320 });
    expect([...page.matchAll(/<a href="(\.\/[^"]*)"/g)].map(([, href]) => href)).toEqual([
      './../e%20vidence/odd/report.html',
    ]);
    expect(page.indexOf('Odd &lt;name&gt;')).toBeLessThan(page.indexOf('T4 Invalid'));
    expect(page).not.toContain('<name>');
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
