import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { figure, roundsMs, type Figure } from './figure.ts';
import type { Limits } from './limits.ts';

const COLD_ROUNDS = 7;
const WHOLE_ROUNDS = 3;
const OUTPUT_BYTES_MAX = 64 * 1_048_576;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../bin/isebed.js', import.meta.url));
const ONE_CASE = 'scenarios/troubleshooting/t1-no-proxy.yaml';

const TARGET_T1_MS = 300;
/** For scenarios of so many virtual days or more; the first that fits. */
const LONG_RUNS = [
  { days: 300, name: 'a year', targetMax: 10_000 },
  { days: 80, name: '90 days', targetMax: 2_000 },
] as const;
const TARGET_ALL_MS = 10_000;
const DAY_MS = 86_400_000;

interface ScenarioRun {
  file: string;
  outcome: string;
  virtualMs: number;
  wallMs: number;
}

/** The program as users start it: whole processes, from nothing. */
export async function measurePrograms({ node }: Limits): Promise<Figure[]> {
  const ratiosTo = [node];
  const help = await roundsMs(COLD_ROUNDS, () => isebed('--help'));
  const oneCaseRuns: ScenarioRun[][] = [];
  const oneCase = await roundsMs(COLD_ROUNDS, () => oneCaseRuns.push(runScenarios(ONE_CASE)));
  return [
    figure('cold start, whole process', 'isebed --help', 'ms', help, { ratiosTo }),
    figure('cold start, whole process', `isebed run ${ONE_CASE.split('/').at(-1)}`, 'ms', oneCase, { ratiosTo }),
    figure('cold start, whole process', 'its wallMs', 'ms', wallsOf(oneCaseRuns.slice(1)), { targetMax: TARGET_T1_MS }),
    ...measureAllScenarios(),
  ];
}

function measureAllScenarios(): Figure[] {
  const processMs: number[] = [];
  const runs: ScenarioRun[][] = [];
  for (let round = 0; round < WHOLE_ROUNDS; round += 1) {
    const startedAt = performance.now();
    runs.push(runScenarios());
    processMs.push(performance.now() - startedAt);
  }
  const count = runs[0]?.length ?? 0;
  const group = `all ${count} built-in scenarios, default --jobs`;
  const ofFile = (file: string): number[] => wallsOf(runs.map((run) => run.filter((each) => each.file === file)));
  const long = (runs[0] ?? []).flatMap(({ file, virtualMs }) => {
    const kind = LONG_RUNS.find(({ days }) => virtualMs >= days * DAY_MS);
    return kind ? [{ file, ...kind }] : [];
  });
  return [
    figure(group, 'whole process', 'ms', processMs, { targetMax: TARGET_ALL_MS }),
    figure(group, 'wallMs of a scenario', 'ms', wallsOf(runs)),
    figure(group, `wallMs, ${ONE_CASE.split('/').at(-1)}`, 'ms', ofFile(ONE_CASE), { targetMax: TARGET_T1_MS }),
    ...long.map(({ file, name, targetMax }) =>
      figure(group, `wallMs, ${file.split('/').at(-1)} (${name})`, 'ms', ofFile(file), { targetMax }),
    ),
  ];
}

function wallsOf(runs: readonly ScenarioRun[][]): number[] {
  return runs.flat().map(({ wallMs }) => wallMs);
}

function runScenarios(...paths: string[]): ScenarioRun[] {
  const { scenarios } = JSON.parse(isebed('run', ...paths, '--reporter', 'json')) as { scenarios: ScenarioRun[] };
  const broken = scenarios.filter(({ outcome }) => outcome !== 'passed').map(({ file }) => file);
  if (broken.length > 0) throw new Error(`what does not pass is not worth measuring: ${broken.join(', ')}`);
  return scenarios;
}

function isebed(...args: string[]): string {
  return execFileSync(process.execPath, [PROGRAM, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
  });
}
