// Shows that scenarios and tests are honest: takes one check at a time out of a copy of the tree, and says which scenario
// then fails, or else which test. Fails if nobody notices. Takes some minutes; never touches the tree itself:
//   npm run mutate                  all checks
//   npm run mutate -- signature     those whose name contains the word
// First everything runs once on checks that write down where they refuse something: a check is missed there or nowhere.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  allMutants,
  FOLDER_VARIABLE,
  reportingFiles,
  type Mutant,
  type Refusal,
  type Side,
} from './mutate-checks.mutants.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COPIED = ['apps', 'libs', 'mocks', 'test', 'scenarios', 'bin', 'package.json', '.swcrc', 'jest.config.js'];
/** A run that a missing check leaves hanging is ended after this, and counts as noticed. */
const RUN_MS_MAX = 60_000;
/** Of all tests together, without any mutation. */
const ALL_TESTS_MS_MAX = 300_000;
const LANES_MAX = 2;

/** Jest's paths for the tests of each side. */
const SPECS = {
  entra: ['mocks/entra', 'test/contract/entra'],
  graph: ['mocks/graph', 'test/contract/graph'],
  exchange: ['mocks/exchange', 'test/contract/exchange'],
  proxy: ['mocks/proxy', 'test/contract/proxy'],
  trust: ['libs/trust', 'test/contract/node-trust'],
} as const satisfies Record<Side, string[]>;

type Verdict = { by: 'scenario' | 'test'; what: string } | { by: 'nobody' };

/** Test files that run together: all of their tests, or those with such a name. */
interface TestRound {
  paths: readonly string[];
  named?: string;
}

/** A copy of the tree, with the packages of the tree itself. */
class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'isebed-mutants-'));

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Where the checks in arrays refuse something: all scenarios, or these tests. */
  async refusals(what: 'scenarios' | readonly string[]): Promise<Refusal[]> {
    const journal = join(this.folder, 'refusals');
    writeFileSync(journal, '');
    const failing = await this.with(reportingFiles(journal), () =>
      what === 'scenarios'
        ? this.failingScenario(scenarioFolders())
        : this.failingTest({ paths: what }, ALL_TESTS_MS_MAX),
    );
    if (failing !== undefined) throw new Error(`Without any mutation this fails already: ${failing}`);
    const lines = readFileSync(journal, 'utf8').split('\n').filter(Boolean);
    return [...new Set(lines)].map((line) => JSON.parse(line.replaceAll(`${this.folder}/`, '')) as Refusal);
  }

  /** Who notices the mutant; `refusals` are those of its check, if that is known. */
  judge(mutant: Mutant, refusals: readonly Refusal[] | undefined): Promise<Verdict> {
    return this.with([mutant], async () => {
      const folders = new Set(refusals?.flatMap(({ folder }) => folder ?? []) ?? mutant.scenarios);
      const scenario = folders.size === 0 ? undefined : await this.failingScenario([...folders]);
      if (scenario !== undefined) return { by: 'scenario', what: scenario };
      for (const round of roundsOf(mutant, refusals)) {
        const test = await this.failingTest(round);
        if (test !== undefined) return { by: 'test', what: test };
      }
      return { by: 'nobody' };
    });
  }

  /** Does `work` with other contents of these files. */
  private async with<T>(files: readonly { file: string; content: string }[], work: () => Promise<T>): Promise<T> {
    const originals = files.map(({ file }) => ({ file, content: readFileSync(join(this.folder, file), 'utf8') }));
    this.write(files);
    try {
      return await work();
    } finally {
      this.write(originals);
    }
  }

  private write(files: readonly { file: string; content: string }[]): void {
    for (const { file, content } of files) writeFileSync(join(this.folder, file), content);
  }

  private async failingScenario(folders: readonly string[]): Promise<string | undefined> {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: this.folder, stdio: ['ignore', 'ignore', 'inherit'] });
    for (const folder of folders) {
      const failing = await this.failingScenarioIn(folder);
      if (failing !== undefined) return failing;
    }
    return undefined;
  }

  private async failingScenarioIn(folder: string): Promise<string | undefined> {
    const args = ['bin/isebed.js', 'run', join('scenarios', folder), '--jobs', '1', '--reporter', 'tap'];
    let failing: string | undefined;
    const onLine = (line: string, end: () => void): void => {
      const [, name] = /^not ok \d+ - (.*)$/.exec(line) ?? [];
      if (name === undefined) return;
      failing ??= name;
      end();
    };
    const status = await this.run(args, { onLine, variables: { [FOLDER_VARIABLE]: folder } });
    if (failing === undefined && status !== 0) return `(the run of scenarios/${folder} ended with ${status})`;
    return failing;
  }

  /** Stops at the first test file that fails. */
  private async failingTest({ paths, named }: TestRound, msMax = RUN_MS_MAX): Promise<string | undefined> {
    const args = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--runInBand', '--bail', ...paths];
    if (named !== undefined) args.push('--testNamePattern', named);
    let failing: string | undefined;
    const said: string[] = [];
    const onLine = (line: string): void => {
      const [, name] = /^ {2}● (.+)$/.exec(line) ?? [];
      failing ??= name;
      said.push(line);
    };
    const status = await this.run(args, { onLine, msMax });
    if (status === 0) return undefined;
    if (status === 'SIGKILL') return '(a test does not end)';
    if (failing === undefined || failing === 'Test suite failed to run') {
      throw new Error(`Jest ended with ${status}: ${said.join('\n')}`);
    }
    return failing;
  }

  /** Runs Node in the copy; `onLine` gets each line that it writes, and may end it. */
  private run(
    args: string[],
    {
      onLine = () => undefined,
      variables = {},
      msMax = RUN_MS_MAX,
    }: {
      onLine?: (line: string, end: () => void) => void;
      variables?: Record<string, string>;
      msMax?: number;
    } = {},
  ): Promise<string | number> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, {
        cwd: this.folder,
        env: { ...process.env, ...variables },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const timer = setTimeout(() => child.kill('SIGKILL'), msMax);
      for (const input of [child.stdout, child.stderr]) {
        createInterface({ input }).on('line', (line) => onLine(line, () => child.kill('SIGKILL')));
      }
      child.once('error', reject);
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        resolve(code ?? signal ?? 'no status');
      });
    });
  }
}

/** Folders that hold scenarios, below `scenarios`. */
function scenarioFolders(): string[] {
  const files = readdirSync(join(ROOT, 'scenarios'), { recursive: true, encoding: 'utf8' });
  return [...new Set(files.filter((file) => file.endsWith('.yaml')).map((file) => dirname(file)))];
}

/** Where the check refuses something, unit tests first; where that is not known, the likeliest files, then all. */
function roundsOf({ side, specs }: Mutant, refusals: readonly Refusal[] | undefined): TestRound[] {
  if (!refusals) return [...specs.map((path) => ({ paths: [path] })), { paths: SPECS[side] }];
  const tests = refusals.flatMap(({ spec }) => spec ?? []);
  const [contract, unit] = [true, false].map((isContract) =>
    tests.filter(({ file }) => file.startsWith('test/') === isContract),
  );
  return [unit, contract].flatMap((round = []) => {
    const paths = [...new Set(round.map(({ file }) => file))];
    const names = round.map(({ test }) => test.replaceAll(/[^\w ]/g, '.'));
    return paths.length === 0 ? [] : { paths, named: `^(${names.join('|')})$` };
  });
}

function describe(verdict: Verdict): string {
  return verdict.by === 'nobody' ? 'SURVIVED' : `${verdict.by}: ${verdict.what}`;
}

const wanted = process.argv[2]?.toLowerCase() ?? '';
const mutants = allMutants().filter(({ check }) => check.toLowerCase().includes(wanted));
const copies = Array.from({ length: Math.min(availableParallelism(), LANES_MAX) }, () => new Copy());
process.once('exit', () => copies.forEach((copy) => copy.remove()));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const [first, second = first] = copies;
if (!first || !second) throw new Error('no copy of the tree');
const tested = first.refusals(Object.values(SPECS).flat());
const refusals = [...(await second.refusals('scenarios')), ...(await tested)];
const refusalsOf = ({ reportsAs }: Mutant): Refusal[] | undefined =>
  reportsAs === undefined ? undefined : refusals.filter(({ check }) => check === reportsAs);
process.stderr.write(`all passes, with ${mutants.length} checks to take out\n`);

const verdicts = new Map<Mutant, Verdict>();
const waiting = [...mutants];
await Promise.all(
  copies.map(async (copy) => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      verdicts.set(mutant, await copy.judge(mutant, refusalsOf(mutant)));
      process.stderr.write(`${verdicts.size} of ${mutants.length}: ${mutant.check}\n`);
    }
  }),
);

const width = Math.max(...mutants.map(({ side, check }) => side.length + check.length)) + 2;
for (const [{ side, check }, verdict] of [...verdicts].sort(([a], [b]) => mutants.indexOf(a) - mutants.indexOf(b))) {
  console.log(`${`${side}: ${check}`.padEnd(width)}  ${describe(verdict)}`);
}
const count = (by: Verdict['by']): number => [...verdicts.values()].filter((verdict) => verdict.by === by).length;
console.log(`\n${count('scenario')} noticed by a scenario, ${count('test')} by a test, ${count('nobody')} by nobody`);
if (count('nobody') > 0) process.exitCode = 1;
