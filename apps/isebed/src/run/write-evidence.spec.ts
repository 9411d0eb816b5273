import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PASSED } from '../report/results.fixture.ts';
import { EvidenceError, writeEvidence } from './write-evidence.ts';

const RUN = { result: { ...PASSED, evidence: 'somewhere' }, world: undefined, traffic: undefined, lookups: [] };

describe('the evidence of a run', () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'isebed-evidence-'));
    folder = join(parent, 'run');
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  it('has an index with size and hash of each file', () => {
    writeEvidence(RUN, folder);
    const { files, ...head } = JSON.parse(readFileSync(join(folder, 'evidence.json'), 'utf8'));
    expect(head).toMatchObject({ name: PASSED.name, seed: 7, outcome: 'passed' });
    expect(files.map(({ path }: { path: string }) => path)).toEqual(['junit.xml', 'report.html', 'result.json']);
    for (const { path, bytes, sha256 } of files) {
      const content = readFileSync(join(folder, path));
      expect([bytes, sha256]).toEqual([content.length, createHash('sha256').update(content).digest('hex')]);
    }
  });

  it('does not tell how long the run really took, or where its evidence is', () => {
    writeEvidence(RUN, folder);
    const result = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
    expect(result).toMatchObject({ virtualMs: 50_000 });
    expect(result).not.toHaveProperty('wallMs');
    expect(result).not.toHaveProperty('evidence');
    expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain('time="50.000"');
  });

  it('replaces that of an earlier run, and leaves nothing beside it', () => {
    writeEvidence(RUN, folder);
    writeFileSync(join(folder, 'old.txt'), '');
    writeEvidence(RUN, folder);
    expect(existsSync(join(folder, 'old.txt'))).toBe(false);
    expect(readdirSync(parent)).toEqual(['run']);
  });

  it('takes no folder of somebody else', () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'thesis.odt'), '');
    expect(() => writeEvidence(RUN, folder)).toThrow(EvidenceError);
    expect(readdirSync(folder)).toEqual(['thesis.odt']);
    expect(readdirSync(parent)).toEqual(['run']);
  });

  it('says why the disk did not take it, and leaves no half of it', () => {
    const file = join(parent, 'file');
    writeFileSync(file, '');
    expect(() => writeEvidence(RUN, join(file, 'run'))).toThrow(/could not be left in .*file\/run: ENOTDIR/);
    expect(readdirSync(parent)).toEqual(['file']);
  });
});
