import { join } from 'node:path';
import { comparable } from './evidence-folder.ts';
import { filesBelow, isebed, PROJECT, shell, startIsebed, temporaryFolder } from './isebed-process.ts';
import { readJsonReport, type ReportedScenario } from './json-report.ts';
import { parseTap } from './tap.ts';
import { parseXml } from './xml.ts';

const BUILT_IN = [...filesBelow(join(PROJECT, 'scenarios')).keys()].filter((file) => file.endsWith('.yaml'));

/** The built-in scenarios simulate more than a year. */
const ALL_MS_MAX = 150_000;

/** Quick, and between them every persona sends something. */
const FEW: readonly [string, string] = [
  'scenarios/troubleshooting/t4-wrong-object-id.yaml',
  'scenarios/operations/standalone.yaml',
];

function hashes(scenarios: readonly ReportedScenario[]): Record<string, string> {
  return Object.fromEntries(scenarios.map(({ name, journalSha256 }) => [name, journalSha256]));
}

describe('isebed run', () => {
  it(
    'replays every built-in scenario from any folder, and all of them pass',
    async () => {
      using elsewhere = temporaryFolder();
      const { status, stdout, stderr } = await isebed(['run', '--reporter', 'json'], {
        cwd: elsewhere.path,
        timeoutMs: ALL_MS_MAX,
      });
      const scenarios = readJsonReport(stdout);
      expect(scenarios.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(scenarios.map(({ file }) => join(elsewhere.path, file))).toEqual(
        BUILT_IN.map((file) => join(PROJECT, 'scenarios', file)),
      );
      expect(new Set(scenarios.map(({ name }) => name)).size).toBe(BUILT_IN.length);
      expect(filesBelow(elsewhere.path).size).toBe(0);

      const fromHere = readJsonReport((await isebed(['run', ...FEW, '--reporter', 'json'])).stdout);
      expect(fromHere.map(({ file }) => file)).toEqual([...FEW].sort());
      expect(hashes(scenarios)).toMatchObject(hashes(fromHere));
    },
    2 * ALL_MS_MAX,
  );

  it('keeps to the scenarios that have all the tags', async () => {
    const { status, stdout } = await isebed([
      'run',
      '--tag',
      'exchange-submission',
      '--tag',
      'operations',
      '--reporter',
      'json',
    ]);
    expect(status).toBe(0);
    expect(readJsonReport(stdout).map(({ file }) => file)).toEqual(['scenarios/operations/foreign-sender.yaml']);
  });

  it('comes to the same outcome with another seed, over another journal', async () => {
    const run = (seed: string): Promise<ReportedScenario[]> =>
      isebed(['run', FEW[0], '--seed', seed, '--reporter', 'json']).then(({ stdout }) => readJsonReport(stdout));
    const [one, two] = await Promise.all([run('1001'), run('1002')]);
    for (const [index, scenario] of one.entries()) {
      expect(scenario).toMatchObject({ seed: 1001, outcome: 'passed' });
      expect(two[index]).toMatchObject({ seed: 1002, outcome: 'passed', name: scenario.name });
      expect(two[index]?.journalSha256).not.toBe(scenario.journalSha256);
    }
  });

  it('repeats each scenario, with one journal for scenario and seed', async () => {
    const { status, stdout } = await isebed(['run', ...FEW, '--repeat', '3', '--jobs', '2', '--reporter', 'json']);
    expect(status).toBe(0);
    const runs = Map.groupBy(readJsonReport(stdout), ({ file, seed }) => `${file} ${seed}`);
    expect(runs.size).toBe(FEW.length);
    for (const scenarios of runs.values()) {
      expect(scenarios).toHaveLength(3);
      expect(new Set(scenarios.map(({ journalSha256 }) => journalSha256)).size).toBe(1);
    }
  });

  it('leaves the same evidence in two runs with the same seed, but for what TLS draws', async () => {
    using one = temporaryFolder();
    using two = temporaryFolder();
    const out = (folder: string, ...more: string[]): Promise<{ status: number | null }> =>
      isebed(['run', ...FEW, '--out', folder, ...more]);
    const ended = [await out(one.path, '--jobs', '2'), await out(two.path, '--jobs', '1', '--reporter', 'tap')];
    expect(ended.map(({ status }) => status)).toEqual([0, 0]);
    const [first, second] = [one, two].map(({ path }) => comparable(filesBelow(path)));
    const t4 = 'scenarios-troubleshooting-t4-wrong-object-id';
    const names = [...filesBelow(one.path).keys()];
    const found = names.flatMap((name) => (name.startsWith(`${t4}/`) ? name.slice(t4.length + 1) : []));
    expect(found.filter((name) => !name.startsWith('sessions/'))).toEqual([
      'capture.pcapng',
      'certificates/login.microsoftonline.com.pem',
      'certificates/smtp.office365.com.pem',
      'evidence.json',
      'journal.jsonl',
      'junit.xml',
      expect.stringMatching(/^mails\/psn1-\d+@psn1\.lab\.example\.eml$/),
      expect.stringMatching(/^mails\/psn2-\d+@psn2\.lab\.example\.eml$/),
      ...['mnt1', 'mnt2', 'pan1', 'pan2', 'psn1', 'psn2'].map((node) => `${node}/guest.log`),
      'report.html',
      'result.json',
      'tenant.json',
      'tls-keys.log',
    ]);
    expect(found).toContainEqual(expect.stringMatching(/^sessions\/\d{4}-pan1-smtp\.office365\.com-587\.txt$/));
    expect(names.filter((name) => name.startsWith('scenarios-operations-standalone/ise1'))).toHaveLength(1);
    expect(second).toEqual(first);
    for (const line of (first?.get(`${t4}/journal.jsonl`) ?? '').trimEnd().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({
        t: expect.any(String),
        seq: expect.any(Number),
        kind: expect.any(String),
      });
    }
  });
});

describe('the reporters for programs', () => {
  const passes = 'scenarios/operations/standalone.yaml';
  const fails = ['mail-from-the-wrong-node', 'missing-log-line'].map((name) => `test/fixtures/failing/${name}.yaml`);

  it('junit: well-formed XML whose totals fit its cases', async () => {
    const { status, stdout } = await isebed(['run', passes, ...fails, '--reporter', 'junit']);
    const root = parseXml(stdout);
    expect(status).toBe(1);
    expect(root).toMatchObject({ name: 'testsuites', attributes: { tests: '3', failures: '2', errors: '0' } });
    const cases = root.children[0]?.children ?? [];
    expect(cases.map(({ attributes }) => attributes['classname'])).toEqual([passes, ...fails]);
    const problems = cases.flatMap(({ children }) => children.filter(({ name }) => name !== 'properties'));
    expect(problems.map(({ name }) => name)).toEqual(['failure', 'failure']);
    for (const { attributes, text } of problems) {
      expect(attributes['message']).toMatch(/^expected .+, actual .+/);
      expect(text).toMatch(/replay: npx isebed run test\/fixtures\/failing\/[\w-]+\.yaml --seed 1$/);
    }
  });

  it('tap: a valid stream with one point for each scenario', async () => {
    const { stdout } = await isebed(['run', passes, ...fails, '--reporter', 'tap']);
    const points = parseTap(stdout);
    expect(points.map(({ ok }) => ok)).toEqual([true, false, false]);
    for (const { ok, diagnostic } of points) {
      expect(diagnostic).toMatchObject({ file: expect.any(String), seed: expect.any(Number) });
      if (!ok) expect(diagnostic['replay']).toBe(`npx isebed run ${String(diagnostic['file'])} --seed 1`);
    }
  });
});

describe('the output for people', () => {
  // Outside a terminal there are no colours anyway, so `script` lends one.
  const inTerminal = 'script -qec "$node $isebed run scenarios/operations/standalone.yaml" /dev/null';

  it('has colours in a terminal', async () => {
    expect((await shell(inTerminal)).stdout).toContain('\u001b[32mpassed');
  });

  it('has none where NO_COLOR is set', async () => {
    const { stdout } = await shell(inTerminal, { NO_COLOR: '1' });
    expect(stdout).toContain('\npassed   ');
    expect(stdout).not.toContain('\u001b');
  });

  it('has none in a pipe', async () => {
    const { stdout } = await isebed(['run', 'scenarios/operations/standalone.yaml']);
    expect(stdout).toMatch(/^One standalone node .+ seed 2$/m);
    expect(stdout).toMatch(/^1 passed {3}/m);
    expect(stdout).not.toContain('\u001b');
  });

  it('stops quietly when its reader has seen enough', async () => {
    const piped = await shell('"$node" "$isebed" list | head -1');
    expect(piped).toMatchObject({ status: 0, stderr: '' });
    expect(piped.stdout).toMatch(/^scenarios\/.+\n$/);
    // More than a pipe holds, so that the writer is sure to notice.
    expect(await shell('"$node" "$isebed" schema | head -1')).toMatchObject({ status: 0, stdout: '{\n', stderr: '' });

    const { child, finished } = startIsebed(['list']);
    child.stdout.destroy();
    expect(await finished).toMatchObject({ status: 0, signal: null, stderr: '' });
  });
});
