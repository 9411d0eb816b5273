import { GithubReporter } from './github.reporter.ts';
import { BROKEN_DOWN, FAILED, PASSED } from './results.fixture.ts';

function told(...results: (typeof PASSED)[]): { commands: string; summary: string } {
  const written = { commands: '', summary: '' };
  const reporter = new GithubReporter(
    (text) => (written.commands += text),
    (text) => (written.summary += text),
  );
  results.forEach((result) => reporter.scenarioFinished(result));
  reporter.runFinished(results);
  return written;
}

describe('on GitHub Actions', () => {
  it('each expectation that was not met is an annotation at its line', () => {
    const [first, second, ...others] = told(PASSED, FAILED).commands.trimEnd().split('\n');
    expect(first).toMatch(
      /^::error file=cases\/o'dd\.yaml,line=12,title=pan1 \/ SMTP Server \/ Save::expected the page/,
    );
    expect(first).toContain('%0Aactual the page shows');
    expect(second).toMatch(/^::error file=cases\/o'dd\.yaml,title=Odd/);
    expect(others).toEqual([]);
  });

  it('no text can end a command, or begin another', () => {
    const hostile = 'a%0A\r\n::error::x,y:z';
    const failure = { line: 1, step: hostile, expected: hostile, actual: hostile };
    const { commands } = told({ ...FAILED, file: 'a,b:c.yaml', failures: [failure] });
    expect(commands.match(/\n/g)).toHaveLength(1);
    expect(commands).toMatch(/^::error file=a%2Cb%3Ac\.yaml,line=1,title=a%250A %0A%3A%3Aerror%3A%3Ax%2Cy%3Az::/);
  });

  it('a run that broke down is one, too', () => {
    expect(told({ ...BROKEN_DOWN, failures: [] }).commands).toContain('it broke down');
  });

  it('the summary tells what failed, with the command that replays it, and takes no markup from names', () => {
    const { summary } = told(PASSED, { ...FAILED, name: '<img src=x> [a](b) ```', diagnosis: PASSED.diagnosis });
    expect(summary).toMatch(/^## isebed: 1 passed, 1 not\n/);
    expect(summary).toContain(String.raw`### \<img src\=x\> \[a\]\(b\) ` + '\\`\\`\\`');
    expect(summary).toContain(`replay    ${FAILED.replayCommand}`);
    expect(summary).toContain(String.raw`**exchange\.service\-principal\-wrong\-object\-id**`);
  });

  it('the summary has a bound', () => {
    const many = Array.from({ length: 200 }, () => ({
      ...FAILED,
      failures: [{ expected: 'x'.repeat(9_000), actual: '' }],
    }));
    const { summary } = told(...many);
    expect(summary.length).toBeLessThan(1_000_000);
    expect(summary).toContain('And 150 more.');
  });
});
