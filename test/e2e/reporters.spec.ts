import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isebed, PROJECT, temporaryFolder } from './isebed-process.ts';

const FAILS = 'test/fixtures/failing/missing-log-line.yaml';
const PASSES = 'scenarios/operations/standalone.yaml';

describe('several reporters at once', () => {
  it('each write to their place, and leave one report of each run', async () => {
    using folder = temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    const list = `pretty,json=${at('new/run.json')},junit=${at('junit.xml')}`;
    const more = ['--reporter', `html=${at('pages')}`, '--reporter', `tap=${at('run.tap')}`];
    const { status, stdout, stderr } = await isebed(['run', PASSES, FAILS, '--reporter', list, ...more]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toMatch(/^1 passed, 1 failed/m);
    expect(JSON.parse(readFileSync(at('new/run.json'), 'utf8')).scenarios).toHaveLength(2);
    expect(readFileSync(at('junit.xml'), 'utf8')).toContain('tests="2" failures="1"');
    expect(readFileSync(at('run.tap'), 'utf8')).toMatch(/^TAP version 14\n[^]*\n1\.\.2\n$/);
    const index = readFileSync(at('pages/index.html'), 'utf8');
    const reports = [...index.matchAll(/href="\.\/([^"]+report\.html)"/g)].map(([, path = '']) => at(`pages/${path}`));
    expect(reports.map((path) => existsSync(path))).toEqual([true, true]);
  });

  it('say before the run what cannot be written', async () => {
    const { status, stdout, stderr } = await isebed(['run', PASSES, '--reporter', 'json=package.json/out.json']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /^--reporter json=package\.json\/out\.json: can't write there \(E\w+\); name another place\n$/,
    );
    const pages = await isebed(['run', PASSES, '--reporter', 'html', '--no-evidence']);
    expect(pages.status).toBe(2);
    expect(pages.stderr).toContain('leave out --no-evidence');
  });
});

describe('on GitHub Actions', () => {
  it('a failure is annotated, told in the summary, and does not disturb the report', async () => {
    using folder = temporaryFolder();
    const summary = join(folder.path, 'summary.md');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const args = ['run', join(PROJECT, FAILS), '--no-evidence', '--reporter', 'json'];
    const { stdout, stderr } = await isebed(args, { env, cwd: PROJECT });
    expect(JSON.parse(stdout).scenarios).toHaveLength(1);
    expect(stderr).toMatch(
      /^::error file=test\/fixtures\/failing\/missing-log-line\.yaml,line=\d+,title=.+::expected .+\n$/,
    );
    expect(readFileSync(summary, 'utf8')).toContain('## isebed: 0 passed, 1 not');
  });
});
