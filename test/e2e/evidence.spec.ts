import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { filesBelow, isebed, PROJECT, temporaryFolder } from './isebed-process.ts';

const FAILS = join(PROJECT, 'test/fixtures/failing/missing-log-line.yaml');
const PASSES = join(PROJECT, 'scenarios/operations/standalone.yaml');

describe('evidence', () => {
  it('is left by a run that fails, below the working directory, and named in each report', async () => {
    using folder = temporaryFolder();
    copyFileSync(FAILS, join(folder.path, 'fails.yaml'));
    copyFileSync(PASSES, join(folder.path, 'passes.yaml'));
    const { status, stdout } = await isebed(['run', '.', '--reporter', 'json'], { cwd: folder.path });
    expect(status).toBe(1);
    const { scenarios } = JSON.parse(stdout);
    const [failed, passed] = scenarios;
    expect(passed).not.toHaveProperty('evidence');
    expect(failed.evidence).toBe('isebed-evidence/fails');
    expect(readdirSync(join(folder.path, 'isebed-evidence'))).toEqual(['fails']);
    const { files, journalSha256 } = JSON.parse(
      readFileSync(join(folder.path, failed.evidence, 'evidence.json'), 'utf8'),
    );
    expect(journalSha256).toBe(failed.journalSha256);
    const found = filesBelow(join(folder.path, failed.evidence));
    found.delete('evidence.json');
    expect(files.map(({ path }: { path: string }) => path)).toEqual([...found.keys()].sort());
    for (const { path, bytes, sha256 } of files) {
      const content = found.get(path) ?? Buffer.alloc(0);
      expect([bytes, sha256]).toEqual([content.length, createHash('sha256').update(content).digest('hex')]);
    }
    for (const reporter of ['pretty', 'junit', 'tap']) {
      const told = await isebed(['run', 'fails.yaml', '--reporter', reporter], { cwd: folder.path });
      expect(told.stdout).toContain(failed.evidence);
    }
  });

  it('is not left with --no-evidence, which --out does not go with', async () => {
    using folder = temporaryFolder();
    const { status, stderr } = await isebed(['run', FAILS, '--no-evidence'], { cwd: folder.path });
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(readdirSync(folder.path)).toEqual([]);
    const both = await isebed(['run', FAILS, '--no-evidence', '--out', 'out'], { cwd: folder.path });
    expect(both.status).toBe(2);
    expect(both.stderr).toContain("'--no-evidence' cannot be used with option '--out <dir>'");
  });

  it('does not hide what a run came to when it cannot be left: the status says so only if it was asked for', async () => {
    using folder = temporaryFolder();
    const { path } = folder;
    const taken = (scenario: string, below: string): string => {
      const place = join(path, below, scenario.replaceAll(/[^\w.-]+/g, '-').replace(/\.yaml$/, ''));
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'thesis.odt'), '');
      return place;
    };
    const places = [taken('fails.yaml', 'isebed-evidence'), taken('passes.yaml', 'out')];
    copyFileSync(FAILS, join(path, 'fails.yaml'));
    copyFileSync(PASSES, join(path, 'passes.yaml'));
    const failed = await isebed(['run', 'fails.yaml'], { cwd: path });
    expect(failed.status).toBe(1);
    expect(failed.stdout).toContain('✗');
    const passed = await isebed(['run', 'passes.yaml', '--out', 'out'], { cwd: path });
    expect(passed.status).toBe(2);
    expect(passed.stdout).toContain('1 passed');
    for (const { stderr } of [failed, passed])
      expect(stderr).toContain('there are files that are no evidence of a run');
    for (const place of places) expect(readdirSync(place)).toEqual(['thesis.odt']);
  });
});
