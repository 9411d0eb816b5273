// Shows that the scenarios are honest: takes one check at a time out of a copy of the tree, and says which scenario then
// fails, or else which test. Fails if nobody notices. Takes some minutes; never touches the tree itself:
//   npm run mutate                  all checks
//   npm run mutate -- signature     those whose name contains the word
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  type Dirent,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { allMutants, reportingFiles, type Mutant, type Side } from './mutate-checks.mutants.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COPIED = ['apps', 'libs', 'mocks', 'test', 'scenarios', 'bin', 'package.json', '.swcrc', 'jest.config.js'];
/** The folder of scenarios that notice most; run first, since a run ends at the first scenario that fails. */
const TELLING = 'troubleshooting';
/** A run that a missing check leaves hanging is ended after this, and counts as noticed. */
const RUN_MS_MAX = 120_000;
const LANES_MAX = 4;

/** Jest's paths for the tests of each side. */
const SPECS = {
  entra: ['mocks/entra', 'test/contract/entra'],
  exchange: ['mocks/exchange', 'test/contract/exchange'],
  proxy: ['mocks/proxy', 'test/contract/proxy'],
  trust: ['libs/trust', 'test/contract/node-trust'],
} as const satisfies Record<Side, string[]>;

type Verdict = { by: 'scenario' | 'test'; what: string } | { by: 'nobody' };

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

  /** The checks in arrays that refuse something in any scenario. */
  async refusingChecks(): Promise<Set<string>> {
    const journal = join(this.folder, 'refusals');
    writeFileSync(journal, '');
    const failing = await this.with(reportingFiles(journal), () => this.failingScenario());
    if (failing !== undefined) throw new Error(`Without any mutation this fails already: ${failing}`);
    return new Set(readFileSync(journal, 'utf8').split('\n'));
  }

  /** Who notices the mutant. */
  judge(mutant: Mutant, scenariosMayNotice: boolean): Promise<Verdict> {
    return this.with([mutant], async () => {
      const scenario = scenariosMayNotice ? await this.failingScenario() : undefined;
      if (scenario !== undefined) return { by: 'scenario', what: scenario };
      const test = await this.failingTest(SPECS[mutant.side]);
      return test === undefined ? { by: 'nobody' } : { by: 'test', what: test };
    });
  }

  /** Runs `work` on a build with other contents of these files. */
  private async with<T>(files: readonly { file: string; content: string }[], work: () => Promise<T>): Promise<T> {
    const originals = files.map(({ file }) => ({ file, content: readFileSync(join(this.folder, file), 'utf8') }));
    this.write(files);
    try {
      execFileSync('npm', ['run', '--silent', 'build'], { cwd: this.folder, stdio: ['ignore', 'ignore', 'inherit'] });
      return await work();
    } finally {
      this.write(originals);
    }
  }

  private write(files: readonly { file: string; content: string }[]): void {
    for (const { file, content } of files) writeFileSync(join(this.folder, file), content);
  }

  private async failingScenario(): Promise<string | undefined> {
    const folders = readdirSync(join(this.folder, 'scenarios'), { withFileTypes: true }).filter(isDirectory);
    const names = new Set([TELLING, ...folders.map(({ name }) => name)]);
    for (const name of names) {
      const failing = await this.failingScenarioIn(`scenarios/${name}`);
      if (failing !== undefined) return failing;
    }
    return undefined;
  }

  private async failingScenarioIn(folder: string): Promise<string | undefined> {
    const args = ['bin/isebed.js', 'run', folder, '--jobs', '1', '--reporter', 'tap'];
    let failing: string | undefined;
    const status = await this.run(args, (line, end) => {
      const [, name] = /^not ok \d+ - (.*)$/.exec(line) ?? [];
      if (name === undefined) return;
      failing ??= name;
      end();
    });
    if (failing === undefined && status !== 0) return `(the run of ${folder} ended with ${status})`;
    return failing;
  }

  async failingTest(paths: readonly string[]): Promise<string | undefined> {
    const report = join(this.folder, 'jest.json');
    rmSync(report, { force: true });
    const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--runInBand', '--passWithNoTests'];
    const status = await this.run([...jest, '--json', '--outputFile', report, ...paths]);
    if (status === 0) return undefined;
    if (!existsSync(report)) throw new Error(`Jest ended with ${status} and without a report`);
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      testResults: { message: string; assertionResults: { fullName: string; status: string }[] }[];
    };
    const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find(isFailed);
    if (!failed) throw new Error(`Jest ended with ${status}: ${testResults.map(({ message }) => message).join('\n')}`);
    return failed.fullName;
  }

  /** Runs Node in the copy; `onLine` gets each line of its output and may end it. */
  private run(
    args: string[],
    onLine: (line: string, end: () => void) => void = () => undefined,
  ): Promise<string | number> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'ignore'] });
      const timer = setTimeout(() => child.kill('SIGKILL'), RUN_MS_MAX);
      createInterface({ input: child.stdout }).on('line', (line) => onLine(line, () => child.kill('SIGKILL')));
      child.once('error', reject);
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        resolve(code ?? signal ?? 'no status');
      });
    });
  }
}

function isDirectory(entry: Dirent): boolean {
  return entry.isDirectory();
}

function isFailed({ status }: { status: string }): boolean {
  return status === 'failed';
}

function describe(verdict: Verdict): string {
  return verdict.by === 'nobody' ? 'SURVIVED' : `${verdict.by}: ${verdict.what}`;
}

const wanted = process.argv[2]?.toLowerCase() ?? '';
const mutants = allMutants().filter(({ check }) => check.toLowerCase().includes(wanted));
const copies = Array.from({ length: Math.min(availableParallelism(), LANES_MAX) }, () => new Copy());
process.once('exit', () => copies.forEach((copy) => copy.remove()));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const [first] = copies;
if (!first) throw new Error('no copy of the tree');
const refusing = await first.refusingChecks();
const failingTest = await first.failingTest(Object.values(SPECS).flat());
if (failingTest !== undefined) throw new Error(`Without any mutation this fails already: ${failingTest}`);

const verdicts = new Map<Mutant, Verdict>();
const waiting = [...mutants];
await Promise.all(
  copies.map(async (copy) => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      verdicts.set(mutant, await copy.judge(mutant, !mutant.standsInArray || refusing.has(mutant.check)));
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
