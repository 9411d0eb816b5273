import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { isebed, PROJECT, temporaryFolder, type Finished } from './isebed-process.ts';

const FIVE_MISTAKES = join(PROJECT, 'libs/scenario/src/fixtures/five-mistakes.yaml');
const VALID = 'name: valid\nsteps: [{ wait: 1s }]\n';

/** Bad input is refused before anything starts. */
const REFUSED_MS_MAX = 5_000;

const folder = temporaryFolder();
const paths = {
  valid: file('valid.yaml', VALID),
  binary: file('binary.yaml', Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 7) % 256))),
  empty: file('empty.yaml', ''),
  huge: file('huge.yaml', `${VALID}# ${'x'.repeat(5 * 1024 * 1024)}\n`),
  bomb: file('bomb.yaml', billionLaughs()),
  twice: file('twice.yaml', `name: one\n${VALID}`),
  missing: join(folder.path, 'missing.yaml'),
  bare: join(folder.path, 'bare'),
};
mkdirSync(paths.bare);
afterAll(() => folder[Symbol.dispose]());

function file(name: string, content: string | Buffer): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

function billionLaughs(): string {
  const lines = ['a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]'];
  for (const [index, name] of [...'bcdefghij'].entries()) {
    const before = `*${'abcdefghi'[index]}`;
    lines.push(`${name}: &${name} [${Array.from({ length: 10 }, () => before).join(', ')}]`);
  }
  return `${lines.join('\n')}\nname: *j\n`;
}

/** Runs to a refusal: nothing told but on stderr, no stack trace, no waiting. */
async function refusal(...args: string[]): Promise<string[]> {
  const startedAt = performance.now();
  const { status, signal, stdout, stderr }: Finished = await isebed(args);
  expect({ status, signal, stdout }).toEqual({ status: 2, signal: null, stdout: '' });
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain('node:internal');
  expect(performance.now() - startedAt).toBeLessThan(REFUSED_MS_MAX);
  return stderr.trimEnd().split('\n');
}

describe('a file with five mistakes', () => {
  it.each([[['validate']], [['run']], [['run', '--reporter', 'json']]])(
    '%s names all five with their lines, and runs nothing',
    async (command) => {
      using out = temporaryFolder();
      const more = command[0] === 'run' ? ['--out', join(out.path, 'evidence'), paths.valid] : [];
      const lines = await refusal(...command, FIVE_MISTAKES, ...more);
      expect(lines.map((line) => /five-mistakes\.yaml:(\d+):\d+ {2}.+; expected .+/.exec(line)?.[1])).toEqual([
        '4',
        '5',
        '7',
        '8',
        '9',
      ]);
      expect(readdirSync(out.path)).toEqual([]);
    },
  );
});

describe('what is no scenario file', () => {
  it.each([
    [
      'a missing file',
      paths.missing,
      /:1:1 {2}there is no such file; expected a scenario file, or a folder with some$/,
    ],
    [
      'a folder without scenarios',
      paths.bare,
      /:1:1 {2}a folder without a scenario; expected a \*\.yaml or \*\.yml file/,
    ],
    ['a binary file', paths.binary, /:1:1 {2}the file is not text; expected YAML in UTF-8$/],
    ['an empty file', paths.empty, /:1:1 {2}the file is empty; expected a scenario: name and steps$/],
    ['a file of 5 MB', paths.huge, /:1:1 {2}the file has 5\d{6} bytes; expected at most 1048576 bytes$/],
    ['a YAML bomb', paths.bomb, /:1:1 {2}the aliases stand for too much; expected aliases of small values, or none$/],
    ['a key that is there twice', paths.twice, /:2:1 {2}the key "name" is there twice; expected each key once$/],
  ])('%s is refused in one line, by validate and by run', async (_case, path, message) => {
    for (const command of ['validate', 'run']) {
      const lines = await refusal(command, path);
      expect(lines).toEqual([expect.stringMatching(message)]);
      expect(lines[0]).toContain(`${basename(path)}:`);
    }
  });

  it('all of them at once are told one by one', async () => {
    const { valid, ...bad } = paths;
    const lines = await refusal('run', valid, ...Object.values(bad));
    expect(lines).toHaveLength(Object.keys(bad).length);
  });
});

describe('bad usage', () => {
  it.each([
    ['an unknown option', ['run', '--sed', '7'], ["error: unknown option '--sed'", '(Did you mean --seed?)']],
    ['an unknown command', ['rnu'], ["error: unknown command 'rnu'", '(Did you mean run?)']],
    ['no jobs', ['run', '--jobs', '0'], [/^error: option '--jobs <n>' .+ a whole number from 1 to 64 is expected$/]],
    ['half a job', ['run', '--jobs', '0.5'], [/a whole number from 1 to 64 is expected$/]],
    ['a word as seed', ['run', '--seed', 'x'], [/'x' is invalid\. a whole number from 0 to 2147483647 is expected$/]],
    ['a seed too large', ['run', '--seed', '2147483648'], [/a whole number from 0 to 2147483647 is expected$/]],
    ['no runs', ['run', '--repeat', '0'], [/a whole number from 1 to 10000 is expected$/]],
    [
      'an unknown reporter',
      ['run', '--reporter', 'nope'],
      [/"nope" is no reporter; they are pretty, json, junit, tap, html$/],
    ],
    ['an option without its value', ['run', '--out'], ["error: option '--out <dir>' argument missing"]],
    ['nothing to validate', ['validate'], ["error: missing required argument 'path'"]],
  ])('%s is refused with one message', async (_case, args, messages) => {
    const expected = messages.map((message) =>
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
    expect(await refusal(...args)).toEqual([...expected, '(isebed --help tells more)']);
  });

  it.each(['run', 'list'])('%s refuses an unknown tag, and says which tags there are', async (command) => {
    const lines = await refusal(command, '--tag', 'troubelshooting');
    expect(lines).toEqual([
      expect.stringMatching(/^no scenario has the tag "?troubelshooting"?; .+: .*troubleshooting/),
    ]);
  });
});
