import { accessSync, appendFileSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { formatMistake, loadScenarioFile, type Scenario, type ScenarioResult } from '#libs/scenario';
import { readReporters, type ChosenReporter } from '../report/reporter-list.ts';
import type { Reporter, Write } from '../report/reporter.ts';
import type { ScenarioTask, TaskAnswer } from '../run/scenario-task.ts';
import { EXIT_INVALID, type CommandContext } from './command-context.ts';
import { findFiles, tenantMistakes, tenantsOf } from './scenario-files.ts';

/** Worker threads beyond this gain nothing and cost memory. */
const JOBS_MAX = 64;
const REPEAT_MAX = 10_000;
const SEED_MAX = 2 ** 31 - 1;

const EXIT_UNMET = 1;
const EXIT_BUG = 70;
/** As shells report a program that a signal ended: 128 and the signal's number. */
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/** What `run` uses besides what every command does. */
export interface RunContext extends CommandContext {
  /** Whether the output may have colours. */
  readonly color: boolean;
  /** Width of the terminal in characters, where there is one. */
  readonly columns: number | undefined;
  /** Whether somebody watches the output: a terminal, and no CI job. */
  readonly watched: boolean;
  /** Present on GitHub Actions; `summaryFile` takes the summary of the job step. */
  readonly github: { readonly summaryFile: string | undefined } | undefined;
  /** Aborted by SIGINT and SIGTERM. */
  readonly interrupted: AbortSignal;
}

interface RunOptions {
  seed?: number;
  jobs: number;
  tag: string[];
  repeat: number;
  reporter: ChosenReporter[];
  out?: string;
  evidence: boolean;
  verbose?: boolean;
}

/** Where runs that fail leave their evidence, below the working directory. */
const EVIDENCE_FOLDER = 'isebed-evidence';

const HELP = `
Examples:
  $ isebed run                                        every built-in scenario
  $ isebed run scenarios/troubleshooting/t4-wrong-object-id.yaml
  $ isebed run --tag troubleshooting --reporter pretty,junit=junit.xml
  $ isebed run --reporter html=report                 pages to look at: report/index.html
  $ isebed run my-cases/ --seed 7 --out evidence/     with the evidence of each run

Evidence is a folder per run: journal, guest.log of each node, mails as received, a packet capture that opens and
decrypts in Wireshark, transcripts of the sessions, certificate chains, and the result. A run that fails leaves it in
${EVIDENCE_FOLDER}/ here, unless --out names another folder. The capture and its key log hold test secrets of the
testbed, and no others.

Exit status: 0 everything met, 1 an expectation was not met, 2 bad usage or an invalid file, 70 a bug of isebed.`;

/** `isebed run`: replays scenarios and tells what happened. */
export function addRunCommand(program: Command, context: RunContext): void {
  program
    .command('run')
    .summary('run scenarios')
    .description('Run scenario files, or folders of them; without a path, every built-in scenario.')
    .argument('[path...]', 'scenario files or folders')
    .option('--seed <n>', 'use this seed instead of the one of the file', wholeNumber(0, SEED_MAX))
    .option('--jobs <n>', 'scenarios at a time, in worker threads', wholeNumber(1, JOBS_MAX), defaultJobs())
    .option('--tag <tag>', 'only scenarios with this tag (may be given several times)', collect, [])
    .option('--repeat <n>', 'run each scenario n times', wholeNumber(1, REPEAT_MAX), 1)
    .option(
      '--reporter <list>',
      'pretty, json, junit, tap or html=DIR; several with commas, as pretty,junit=FILE (default: pretty)',
      reporters,
      [],
    )
    .option('--out <dir>', 'leave the evidence of each run in this folder')
    .addOption(new Option('--no-evidence', 'leave none, not even of runs that fail').conflicts('out'))
    .option('--verbose', 'tell the whole story of each scenario, also of those that passed')
    .addHelpText('after', HELP)
    .action((paths: string[], options: RunOptions) => run(paths, options, context));
}

async function run(paths: string[], options: RunOptions, context: RunContext): Promise<void> {
  const { stderr, exit } = context;
  const scenarios = await load(paths.length > 0 ? paths : [context.scenariosDir], context);
  if (!scenarios) return exit(EXIT_INVALID);
  const chosen = scenarios.filter(({ tags }) => options.tag.every((tag) => tags.includes(tag)));
  if (chosen.length === 0) {
    const tags = [...new Set(scenarios.flatMap((scenario) => scenario.tags))].sort().join(', ');
    stderr.write(`no scenario has the tag ${options.tag.join(' and ')}; tags are: ${tags}\n`);
    return exit(EXIT_INVALID);
  }
  const pages = options.reporter.find(({ name }) => name === 'html')?.path;
  if (pages !== undefined && !options.evidence) {
    stderr.write('--reporter html shows the evidence of each run; leave out --no-evidence\n');
    return exit(EXIT_INVALID);
  }
  const tasks = tasksFor(chosen, { ...options, out: options.out ?? pages });
  if (options.out !== undefined && !canWriteInto(options.out, stderr)) return exit(EXIT_INVALID);
  const reporters = await startReporters(options, tasks.length, context);
  if (!reporters) return exit(EXIT_INVALID);
  const startedAt = performance.now();
  const results: ScenarioResult[] = [];
  let isIncomplete = false;
  const tell = ({ result, complaint }: TaskAnswer): void => {
    results.push(result);
    for (const reporter of reporters) reporter.scenarioFinished(result);
    if (complaint === undefined) return;
    isIncomplete ||= options.out !== undefined;
    stderr.write(`${complaint}\n`);
  };
  const interrupted = await runTasks(tasks, options.jobs, tell, context.interrupted);
  const wallMs = Math.round(performance.now() - startedAt);
  for (const reporter of reporters) reporter.runFinished(results, { wallMs });
  if (interrupted) {
    stderr.write(`interrupted after ${results.length} of ${tasks.length} runs\n`);
    return exit(EXIT_BY_SIGNAL[interruptedBy(context.interrupted)]);
  }
  const status = statusOf(results);
  exit(status === 0 && isIncomplete ? EXIT_INVALID : status);
}

/** Undefined if one of their files can't be written. */
async function startReporters(
  { reporter, verbose }: RunOptions,
  count: number,
  { stdout, stderr, color, columns, watched, github }: RunContext,
): Promise<Reporter[] | undefined> {
  const { createReporter } = await import('../report/create-reporter.ts');
  const { GithubReporter } = await import('../report/github.reporter.ts');
  const chosen = reporter.length > 0 ? reporter : readReporters('pretty');
  const reporters: Reporter[] = [];
  for (const { name, path } of chosen) {
    const write = path === undefined ? (text: string) => stdout.write(text) : fileWrite(name, path, stderr);
    if (!write) return undefined;
    const isShown = path === undefined;
    const pretty = {
      color: isShown && color,
      columns: isShown ? columns : undefined,
      progress: isShown && watched,
      stories: verbose || count === 1 ? ('always' as const) : ('failed' as const),
    };
    reporters.push(createReporter(name, write, pretty, path));
  }
  if (github) {
    const { summaryFile } = github;
    const summary = (text: string): void => (summaryFile ? appendFileSync(summaryFile, text) : undefined);
    reporters.push(new GithubReporter((text) => stderr.write(text), summary));
  }
  for (const one of reporters) one.runStarted?.(count);
  return reporters;
}

/** Empties the file, or makes it; undefined if it can't. */
function fileWrite(name: string, path: string, stderr: CommandContext['stderr']): Write | undefined {
  const file = name === 'html' ? join(path, 'index.html') : path;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    return (text) => appendFileSync(file, text);
  } catch (error) {
    stderr.write(`--reporter ${name}=${path}: can't write there (${reasonOf(error)}); name another place\n`);
    return undefined;
  }
}

/** Loads all files; on any mistake tells all of them and gives nothing. */
async function load(
  paths: readonly string[],
  { stderr, catalogueCodes }: CommandContext,
): Promise<Scenario[] | undefined> {
  const found = findFiles(paths);
  // Tenants in a folder belong to a scenario there; a file of them that was named itself can't be run.
  const files = [...found.scenarios, ...found.tenants.filter((file) => paths.includes(file))];
  const read = files.map((file) => loadScenarioFile(asTyped(file), { catalogueCodes }));
  const mistakes = [...found.mistakes, ...read.flatMap((result) => result.mistakes)];
  const tenants = new Set(read.flatMap(({ scenario }) => (scenario ? tenantsOf(scenario) : [])));
  if (tenants.size > 0) mistakes.push(...(await tenantMistakes([...tenants])));
  for (const mistake of mistakes) stderr.write(`${formatMistake(mistake)}\n`);
  return mistakes.length > 0 ? undefined : read.flatMap(({ scenario }) => scenario ?? []);
}

/** The path from here, as the reader would type it; results must not tell where on a machine the files lie. */
function asTyped(file: string): string {
  return relative('', file) || file;
}

function canWriteInto(folder: string, stderr: CommandContext['stderr']): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    stderr.write(
      `--out ${folder}: can't write there (${reasonOf(error)}); name a folder that is writable or can be made\n`,
    );
    return false;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}

function tasksFor(scenarios: readonly Scenario[], { seed, repeat, out, evidence }: RunOptions): ScenarioTask[] {
  const taken = new Set<string>();
  return scenarios.flatMap((scenario) => {
    const { file } = scenario;
    const waitedMs = waitedMsOf(scenario);
    const name = freeName(file.replaceAll(/[^\w.-]+/g, '-').replace(/\.ya?ml$/, ''), taken);
    return Array.from({ length: repeat }, (_, index): ScenarioTask => {
      const folder = join(out ?? EVIDENCE_FOLDER, repeat > 1 ? `${name}-${index + 1}` : name);
      const when = out === undefined ? 'failure' : 'always';
      return { file, seed, evidence: evidence ? { folder, when } : undefined, waitedMs };
    });
  });
}

function waitedMsOf({ given, steps }: Scenario): number {
  return steps.reduce((now, step) => {
    if (step.kind !== 'wait') return now;
    return step.until === undefined ? now + step.durationMs : Math.max(now, step.until - given.clock);
  }, 0);
}

/** Two files whose names differ in signs alone must not share a folder. */
function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}~${number}`;
  taken.add(name);
  return name;
}

/** Resolves with whether the run was interrupted. */
async function runTasks(
  tasks: readonly ScenarioTask[],
  jobs: number,
  tell: (answer: TaskAnswer) => void,
  signal: AbortSignal,
): Promise<boolean> {
  // Loaded here: `list`, `validate` and `--help` need none of it and should answer at once.
  const { runOnWorkers, WorkerEndedError } = await import('../run/worker-pool.ts');
  const { stagingFolder } = await import('../run/write-evidence.ts');
  try {
    await runOnWorkers(tasks, jobs, tell, signal);
    return signal.aborted;
  } catch (error) {
    if (error instanceof WorkerEndedError && signal.aborted) return true;
    throw error;
  } finally {
    // Threads that were ended in the midst of writing.
    const begun = signal.aborted ? tasks.flatMap(({ evidence }) => evidence?.folder ?? []) : [];
    for (const folder of begun) rmSync(stagingFolder(folder), { recursive: true, force: true });
  }
}

function interruptedBy({ reason }: AbortSignal): keyof typeof EXIT_BY_SIGNAL {
  return reason instanceof Error && reason.message === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
}

function statusOf(results: readonly ScenarioResult[]): number {
  if (results.some(({ outcome }) => outcome === 'error')) return EXIT_BUG;
  return results.some(({ outcome }) => outcome === 'failed') ? EXIT_UNMET : 0;
}

function defaultJobs(): number {
  return Math.min(availableParallelism(), JOBS_MAX);
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`a whole number from ${min} to ${max} is expected`);
  };
}

function reporters(text: string, before: ChosenReporter[]): ChosenReporter[] {
  try {
    return readReporters(text, before);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
