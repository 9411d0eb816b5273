import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { explainFailure, ROOT_CAUSE_CODES } from '#libs/diagnosis';
import { EvidenceReader, unpacked } from '#libs/evidence-reader';
import { findScenarioFiles, loadScenarioFile } from '#libs/scenario';
import { BUILT_IN, isebed } from './diagnose.fixture.ts';

const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url));
const CORPUS = join(PROJECT, 'test/corpus');
const execute = promisify(execFile);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isebed-learn-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Result {
  file: string;
  outcome: string;
  diagnosis: { code: string }[];
}

/** Runs scenarios with the built program; one that fails fails the test. */
async function run(words: readonly string[]): Promise<Result[]> {
  const program = join(PROJECT, 'bin/isebed.js');
  const line = [program, 'run', ...words, '--reporter', 'json'];
  const { stdout } = await execute(process.execPath, line, { env: {}, maxBuffer: 64 * 1024 * 1024 });
  const report = JSON.parse(stdout) as { scenarios: Result[] };
  return report.scenarios;
}

const NOW = Date.parse('2026-06-01T00:00:00Z');

/** The causes that are named for an input, the first first. */
async function causesIn(file: string): Promise<string[]> {
  const reader = new EvidenceReader({ now: NOW });
  const open = reader.open(file);
  for await (const chunk of unpacked(Readable.from([readFileSync(file)]))) open.feed(chunk);
  open.end();
  const { observations, history } = reader.result();
  return explainFailure(observations, { history }).causes.map(({ code }) => code);
}

/** For each cause an input of the corpus that names it, as early among its causes as can be had. */
async function corpusInputs(): Promise<Map<string, string>> {
  const best = new Map<string, { file: string; rank: number }>();
  for (const name of readdirSync(CORPUS).filter((one) => /^\d{3}-/.test(one))) {
    const file = join(CORPUS, name);
    for (const [rank, code] of (await causesIn(file)).entries()) {
      if (rank < (best.get(code)?.rank ?? Infinity)) best.set(code, { file, rank });
    }
  }
  return new Map([...best].map(([code, { file }]) => [code, file]));
}

/** A built-in scenario whose run leaves evidence of the cause. */
function scenarioThatShows(code: string): string {
  const files = findScenarioFiles([join(PROJECT, 'scenarios/catalogue')]).files;
  const shows = files.find((file) =>
    loadScenarioFile(file).scenario?.steps.some((step) => step.kind === 'explain' && step.code === code),
  );
  if (shows === undefined) throw new Error(`no scenario shows ${code}`);
  return shows;
}

it('every root cause is learnt from a log, a reply or a run: what is written is valid, passes, and is explained by it', async () => {
  const [evidence, learnt] = [join(folder, 'evidence'), join(folder, 'learnt')];
  mkdirSync(learnt);
  const inputs = await corpusInputs();
  const others = ROOT_CAUSE_CODES.filter((code) => !inputs.has(code));
  const shown = others.map((code) => [code, scenarioThatShows(code)] as const);
  await run([...new Set(shown.map(([, file]) => file)), '--out', evidence]);
  for (const [code, file] of shown) {
    inputs.set(
      code,
      join(
        evidence,
        relative(PROJECT, file)
          .replace(/\.yaml$/, '')
          .replaceAll('/', '-'),
      ),
    );
  }

  for (const [code, input] of inputs) {
    const said = await isebed(['new', join(learnt, code), '--from', input, '--cause', code]);
    expect([code, said.status, said.err]).toEqual([code, 0, '']);
    expect(loadScenarioFile(join(learnt, `${code}.yaml`), BUILT_IN).mistakes).toEqual([]);
  }

  const results = await run([learnt, '--no-evidence']);
  expect(results).toHaveLength(ROOT_CAUSE_CODES.length);
  const codeOf = ({ file }: Result): string => basename(file, '.yaml');
  expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  expect(results.filter((one) => !one.diagnosis.some(({ code }) => code === codeOf(one))).map(codeOf)).toEqual([]);
}, 120_000);
