import { spawnSync } from 'node:child_process';
import { ROOT_CAUSE_CODES, rootCause } from '#libs/diagnosis';
import { findScenarioFiles, loadScenarioFile } from '#libs/scenario';
import { readMarkdown, ROOT } from '../docs/markdown.ts';

const scenarios = findScenarioFiles([`${ROOT}/scenarios`]).files.flatMap(
  (file) => loadScenarioFile(file, { catalogueCodes: ROOT_CAUSE_CODES }).scenario ?? [],
);
const catalogue = scenarios.filter(({ tags }) => tags.includes('catalogue'));
const rows = readMarkdown('docs/catalogue.md').lines.filter((line) => line.startsWith('| [`'));

describe.each(ROOT_CAUSE_CODES)('%s', (code) => {
  it('is broken, explained and mended by a scenario of the catalogue', () => {
    const explaining = catalogue.filter(({ steps }) =>
      steps.some((step) => step.kind === 'explain' && step.code === code),
    );
    expect(explaining).not.toEqual([]);
    for (const { steps } of explaining) {
      const explained = steps.findIndex((step) => step.kind === 'explain' && step.code === code);
      const delivered = steps.findLastIndex((step) => 'mail' in step && step.mail[0]?.outcome === 'delivered');
      expect(delivered).toBeGreaterThan(explained);
    }
  });

  it('has a remedy, and one row in the published catalogue', () => {
    expect(rootCause(code)?.remedy({})).toMatch(/\w+ \S+/);
    expect(rows.filter((row) => row.startsWith(`| [\`${code}\`]`))).toHaveLength(1);
  });
});

describe('the catalogue', () => {
  it('has a scenario for each file of its folder, with the tags of the folder', () => {
    const own = scenarios.filter(({ file }) => file.includes('/scenarios/catalogue/'));
    expect(own.length).toBeGreaterThan(60);
    for (const { file, tags } of own) {
      const group = file.split('/').at(-2);
      expect({ file, tags }).toEqual({ file, tags: ['catalogue', group] });
    }
  });

  it('is published as the sources give it', () => {
    const flags = ['--conditions=isebed-source', '--experimental-transform-types', '--no-warnings'];
    const check = spawnSync(process.execPath, [...flags, 'tools/check-catalogue.ts'], { cwd: ROOT, encoding: 'utf8' });
    expect({ status: check.status, output: check.stdout + check.stderr }).toEqual({ status: 0, output: '' });
  }, 30_000);
});
