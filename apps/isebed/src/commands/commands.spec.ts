import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { scenarioJsonSchema } from '#libs/scenario';
import { addListCommand } from './list.command.ts';
import { addSchemaCommand } from './schema.command.ts';
import { addValidateCommand } from './validate.command.ts';

const FIVE_MISTAKES = new URL('../../../../libs/scenario/src/fixtures/five-mistakes.yaml', import.meta.url).pathname;

describe('commands about scenario files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'isebed-commands-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function scenario(name: string, head: string): string {
    const file = join(folder, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `${head}\nsteps: [{ explain: a.code }]\n`);
    return file;
  }

  /** Runs one command line, as the program would. */
  function isebed(...words: string[]): { out: string; err: string; status: number | undefined } {
    const result = { out: '', err: '', status: undefined as number | undefined };
    const program = new Command('isebed').exitOverride().configureOutput({
      writeOut: (text) => (result.out += text),
      writeErr: (text) => (result.err += text),
    });
    const context = {
      stdout: { write: (text: string) => (result.out += text) },
      stderr: { write: (text: string) => (result.err += text) },
      scenariosDir: folder,
      catalogueCodes: ['a.code'],
      color: false,
      interrupted: new AbortController().signal,
      exit: (status: number) => (result.status = status),
    };
    for (const add of [addListCommand, addSchemaCommand, addValidateCommand]) add(program, context);
    try {
      program.parse(words, { from: 'user' });
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'commander.helpDisplayed')) throw cause;
    }
    return result;
  }

  describe('validate', () => {
    it('names a valid file and ends with 0', () => {
      const file = scenario('good.yaml', 'name: good');
      expect(isebed('validate', file)).toEqual({ out: `${file}  valid\n`, err: '', status: 0 });
    });

    it('names all five mistakes of a file with their lines, and ends with 2', () => {
      const { out, err, status } = isebed('validate', FIVE_MISTAKES);
      expect(status).toBe(2);
      expect(out).toBe('');
      const places = err
        .trimEnd()
        .split('\n')
        .map((line) => /yaml:(\d+:\d+) {2}.+; expected .+/.exec(line)?.[1]);
      expect(places).toEqual(['4:10', '5:3', '7:12', '8:11', '9:12']);
      expect(err).toContain('; did you mean "Test Connection"?');
    });

    it('goes on after a bad file, below folders too', () => {
      const [good, bad] = [scenario('b/good.yml', 'name: good'), scenario('a/bad.yaml', 'nme: bad')];
      const { out, err, status } = isebed('validate', folder, join(folder, 'none.yaml'));
      expect(out).toBe(`${good}  valid\n`);
      expect(err).toContain(`${bad}:1:1  unknown key "nme"`);
      expect(err).toContain(`none.yaml:1:1  there is no such file`);
      expect(status).toBe(2);
    });

    it('refuses a code that no diagnosis has', () => {
      const file = join(folder, 'x.yaml');
      writeFileSync(file, 'name: x\nsteps: [{ explain: a.cod }]\n');
      expect(isebed('validate', file).err).toContain(
        'unknown diagnosis "a.cod"; expected a.code; did you mean "a.code"?',
      );
    });

    it('stops telling at a hundred mistakes of one file, and says how many more there are', () => {
      const file = join(folder, 'x.yaml');
      writeFileSync(file, `name: x\nsteps:\n${'  - wait: x\n'.repeat(102)}`);
      const lines = isebed('validate', file).err.trimEnd().split('\n');
      expect(lines).toHaveLength(101);
      expect(lines[100]).toBe(`${file}: and 2 more`);
    });
  });

  describe('list', () => {
    it('shows file, name and tags of the built-in scenarios, aligned and in order', () => {
      const [two, one] = [scenario('two.yaml', 'name: second'), scenario('one.yaml', 'name: 1st\ntags: [lab, x]')];
      expect(isebed('list')).toEqual({ out: `${one}  1st     lab, x\n${two}  second\n`, err: '', status: 0 });
    });

    it('keeps to a tag, and as JSON', () => {
      scenario('two.yaml', 'name: second');
      const file = scenario('one.yaml', 'name: first\ntags: [lab]\ndescription: why');
      const { out, status } = isebed('list', '--tag', 'lab', '--json');
      expect(JSON.parse(out)).toEqual([{ name: 'first', file, tags: ['lab'], description: 'why' }]);
      expect(status).toBe(0);
    });

    it('says which tags there are if none has the one that was asked for', () => {
      scenario('one.yaml', 'name: first\ntags: [lab]');
      const { err, status } = isebed('list', '--tag', 'lbo');
      expect(err).toBe('no scenario has the tag "lbo"; there are: lab\n');
      expect(status).toBe(2);
    });
  });

  describe('schema', () => {
    it('prints the JSON Schema', () => {
      expect(JSON.parse(isebed('schema').out)).toEqual(scenarioJsonSchema());
    });
  });

  it.each(['list', 'validate', 'schema'])('%s --help has examples', (command) => {
    expect(isebed(command, '--help').out).toMatch(new RegExp(`Examples:\\n  \\$ isebed ${command}`));
  });
});
