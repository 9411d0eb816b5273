import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { filesBelow, PROJECT, startIsebed, temporaryFolder, type Finished } from './isebed-process.ts';

const RUNS = 50;
const END_MS_MAX = 2_000;
const SCENARIO = join(PROJECT, 'scenarios/troubleshooting/t4-wrong-object-id.yaml');

interface Interrupted extends Finished {
  endedAfterMs: number;
  /** What the process listened on when the signal came. */
  listeners: string[];
}

/** Runs a scenario many times and sends the signals when results were told and the next runs listen. */
async function interrupt(cwd: string, signals: readonly NodeJS.Signals[]): Promise<Interrupted> {
  const args = ['run', SCENARIO, '--repeat', String(RUNS), '--jobs', '2', '--reporter', 'tap', '--out', 'evidence'];
  // Node itself would put temporary files there.
  const { child, finished } = startIsebed(args, { cwd, env: { TMPDIR: cwd } });
  const { pid } = child;
  if (pid === undefined) throw new Error('the process has no id');
  let listeners: string[] = [];
  while (listeners.length === 0) {
    // Between two runs there may be none.
    await Promise.race([once(child.stdout, 'data'), finished]);
    expect(child.exitCode).toBeNull();
    listeners = listenersOf(pid);
  }
  const startedAt = performance.now();
  for (const signal of signals) process.kill(pid, signal);
  const end = await finished;
  expect(() => process.kill(-pid, 0)).toThrow('ESRCH');
  return { ...end, listeners, endedAfterMs: performance.now() - startedAt };
}

/** Inodes of the listening TCP sockets of a process. */
function listenersOf(pid: number): string[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return []; // closed since it was listed
    }
  });
  const listening = allListeners();
  return sockets.filter((inode) => listening.has(inode));
}

function allListeners(): Set<string> {
  const LISTEN = '0A';
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => readFileSync(table, 'utf8').trim().split('\n'));
  const columns = rows.map((row) => row.trim().split(/\s+/));
  return new Set(columns.filter((row) => row[3] === LISTEN).map((row) => row[9] ?? ''));
}

describe('a run that is interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'by %s ends at once, says how far it came, and leaves no process and no port',
    async (signal, expectedStatus) => {
      using folder = temporaryFolder();
      const { status, stdout, stderr, listeners, endedAfterMs } = await interrupt(folder.path, [signal]);
      expect(status).toBe(expectedStatus);
      expect(endedAfterMs).toBeLessThan(END_MS_MAX);
      const told = stdout.match(/^ok /gm)?.length ?? 0;
      expect(told).toBeGreaterThan(0);
      expect(told).toBeLessThan(RUNS);
      expect(stderr).toBe(`interrupted after ${told} of ${RUNS} runs\n`);
      expect(stdout).toMatch(new RegExp(`^1\\.\\.${told}\\n$`, 'm'));

      const still = allListeners();
      expect(listeners.filter((inode) => still.has(inode))).toEqual([]);

      // Every run that was told left all it should, and there is nothing but evidence of runs.
      const files = [...filesBelow(folder.path).keys()];
      const ofRun = new RegExp(`^evidence/[\\w.-]*t4-wrong-object-id-(\\d+)/`);
      expect(files.filter((file) => !ofRun.test(file))).toEqual([]);
      const runs = Map.groupBy(files, (file) => Number(ofRun.exec(file)?.[1]));
      for (let run = 1; run <= told; run += 1) expect(runs.get(run)).toHaveLength(runs.get(1)?.length ?? 0);
      // Each of the two threads may have been ended between its last run and the telling of it.
      expect(runs.size).toBeLessThanOrEqual(told + 2);
    },
  );

  it('by two SIGINTs, as an impatient hand sends them, is not slower for that', async () => {
    using folder = temporaryFolder();
    const { status, signal, listeners, endedAfterMs } = await interrupt(folder.path, ['SIGINT', 'SIGINT']);
    // Shells report both in the same way.
    expect([{ status, signal }]).toEqual([
      signal === null ? { status: 130, signal } : { status: null, signal: 'SIGINT' },
    ]);
    expect(endedAfterMs).toBeLessThan(END_MS_MAX);
    const still = allListeners();
    expect(listeners.filter((inode) => still.has(inode))).toEqual([]);
  });
});
