import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { comparable } from './evidence-folder.ts';
import { filesBelow, isebed, temporaryFolder } from './isebed-process.ts';

/** A timeout, tokens that end, a whole day, and a refusal after DATA with its retries. */
const SCENARIOS = [
  'scenarios/operations/healthy-day.yaml',
  'scenarios/troubleshooting/t1-no-proxy.yaml',
  'scenarios/troubleshooting/t3-secret-expired.yaml',
  'scenarios/troubleshooting/t4-no-mailbox-permission.yaml',
];
const REPEAT = 3;
/** A loop that nobody ends, ends by itself. */
const LOOP_MS_MAX = 120_000;

/** Keeps every core busy for as long as the block lasts that it was made in. */
function busyCores(): Disposable {
  const loops = Array.from({ length: Math.max(2, availableParallelism()) }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore', timeout: LOOP_MS_MAX }),
  );
  return { [Symbol.dispose]: () => loops.forEach((loop) => loop.kill('SIGKILL')) };
}

/** Whatever the runs left, by scenario and file, but for what may differ; each text once. */
function textsOf(folder: string): Map<string, Set<string>> {
  const texts = new Map<string, Set<string>>();
  for (const [file, text] of comparable(filesBelow(folder))) {
    const name = file.replace(/-\d+\//, '/');
    texts.set(name, (texts.get(name) ?? new Set()).add(text));
  }
  return texts;
}

describe('the same scenario with the same seed', () => {
  it('leaves the same bytes when something else keeps every core busy', async () => {
    using calm = temporaryFolder();
    using busy = temporaryFolder();
    const alone = await isebed(['run', ...SCENARIOS, '--jobs', '1', '--out', calm.path]);
    expect(alone).toMatchObject({ status: 0, stderr: '' });
    {
      using _load = busyCores();
      const crowded = await isebed([
        'run',
        ...SCENARIOS,
        '--repeat',
        String(REPEAT),
        '--jobs',
        '2',
        '--out',
        busy.path,
      ]);
      expect(crowded).toMatchObject({ status: 0, stderr: '' });
    }
    const expected = textsOf(calm.path);
    expect(filesBelow(busy.path).size).toBe(REPEAT * filesBelow(calm.path).size);
    const actual = textsOf(busy.path);
    const differing = [...actual].filter(
      ([file, texts]) => texts.size > 1 || ![...texts].every((text) => expected.get(file)?.has(text)),
    );
    expect(differing.map(([file]) => file)).toEqual([]);
  });
});
