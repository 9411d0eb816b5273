import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { ROOT_CAUSE_CODES } from '#libs/diagnosis';
import { formatMistake, loadScenarioFile } from '#libs/scenario';
import { codeBlocks, markdownFiles, ROOT, type CodeBlock } from './markdown.ts';

/*
 * What the comment above a block of YAML says of it:
 *
 *   (nothing)              a whole scenario, valid
 *   passes, fails          a whole scenario that is run; where it fails, the block after it shows how
 *   mistakes               a whole file with mistakes, named my-case.yaml; the block after it tells all of them
 *   in given|steps|expect  the contents of that key of a valid scenario
 *   a tenant seed          a whole seed of tenants, valid
 *   not a scenario         other YAML
 */
const FRAMES: Record<string, (text: string) => string> = {
  given: (text) => `name: An example\ngiven:\n${indented(text)}steps: [{ wait: 1s }]\n`,
  steps: (text) => `name: An example\nsteps:\n${indented(text)}`,
  expect: (text) => `name: An example\nsteps: [{ wait: 1s }]\nexpect:\n${indented(text)}`,
};

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

interface Example extends CodeBlock {
  /** The block that follows in the same file. */
  next: CodeBlock | undefined;
}

const examples: Example[] = markdownFiles().flatMap((file) => {
  const blocks = codeBlocks(file);
  return blocks
    .map((block, index) => ({ ...block, next: blocks[index + 1] }))
    .filter(({ language }) => language === 'yaml' || language === 'yml');
});

function withNote(...notes: (string | undefined)[]): (readonly [string, Example])[] {
  return examples
    .filter(({ note }) => notes.includes(note))
    .map((example) => [`${example.file}:${example.line}`, example] as const);
}

const folder = mkdtempSync(join(tmpdir(), 'isebed-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function mistakesIn(text: string): string[] {
  const file = join(folder, 'my-case.yaml');
  writeFileSync(file, text);
  const { mistakes } = loadScenarioFile(file, { catalogueCodes: ROOT_CAUSE_CODES });
  return mistakes.map((mistake) => formatMistake({ ...mistake, file: 'my-case.yaml' }));
}

describe('examples in the documentation', () => {
  it('are all of a known kind', () => {
    const known = [
      undefined,
      'passes',
      'fails',
      'mistakes',
      'a tenant seed',
      'not a scenario',
      ...Object.keys(FRAMES).map((key) => `in ${key}`),
    ];
    expect(
      examples.filter(({ note }) => !known.includes(note)).map(({ file, line, note }) => ({ file, line, note })),
    ).toEqual([]);
  });

  it.each(withNote(undefined, 'passes', 'fails'))('%s is a valid scenario', (_place, { text }) => {
    expect(mistakesIn(text)).toEqual([]);
  });

  it.each(withNote('in given', 'in steps', 'in expect'))('%s fits into a scenario', (_place, { note = '', text }) => {
    const frame = FRAMES[note.replace('in ', '')];
    expect(mistakesIn(frame?.(text) ?? '')).toEqual([]);
  });

  it.each(withNote('mistakes'))('%s has the mistakes that are told below it', (_place, { text, next }) => {
    expect(`${mistakesIn(text).join('\n')}\n`).toBe(next?.text);
  });

  it.each(withNote('a tenant seed'))('%s is a valid seed of tenants', (_place, { text }) => {
    const file = join(folder, 'my-tenants.yaml');
    writeFileSync(file, text);
    const told = spawnSync(process.execPath, ['bin/isebed.js', 'validate', file], { cwd: ROOT, encoding: 'utf8' });
    expect({ stdout: told.stdout, stderr: told.stderr }).toEqual({ stdout: `${file}  valid\n`, stderr: '' });
  });

  it.each(withNote('not a scenario'))('%s is YAML', (_place, { text }) => {
    expect(parseDocument(text).errors).toEqual([]);
  });
});

interface RunAnswer {
  scenarios: { file: string; outcome: string; failures: { line?: number; expected: string; actual: string }[] }[];
}

describe('examples that are run', () => {
  const runnable = withNote('passes', 'fails');
  let answer: RunAnswer;

  beforeAll(() => {
    const files = runnable.map(([, { text }], index) => {
      const file = join(folder, `${String(index).padStart(3, '0')}.yaml`);
      writeFileSync(file, text);
      return file;
    });
    const run = spawnSync(process.execPath, ['bin/isebed.js', 'run', ...files, '--reporter', 'json'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (run.stdout === '') throw new Error(`isebed told nothing; is it built?\n${run.stderr}`);
    answer = JSON.parse(run.stdout) as RunAnswer;
  }, 60_000);

  it.each(runnable.map(([place, example], index) => [place, example, index] as const))(
    '%s does what is said of it',
    (_place, { note, next }, index) => {
      const { outcome, failures } = answer.scenarios[index] ?? { outcome: 'not run', failures: [] };
      expect({ outcome, failures: note === 'passes' ? failures : [] }).toEqual({
        outcome: note === 'passes' ? 'passed' : 'failed',
        failures: [],
      });
      for (const { line, expected, actual } of failures) {
        expect(next?.text).toContain(line === undefined ? 'my-case.yaml' : `my-case.yaml:${line}  `);
        expect(next?.text).toContain(expected);
        expect(next?.text).toContain(actual);
      }
    },
  );
});
