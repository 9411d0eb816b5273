import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainFailure } from '#libs/diagnosis';
import { EvidenceReader } from '#libs/evidence-reader';
import { isebed, PROJECT, shell, temporaryFolder } from './isebed-process.ts';

/** Five times what it takes alone, on cores that other tests keep busy; a reader that goes over a line twice takes minutes. */
const READ_MS_MAX = 30_000;
/** With no more heap than this a process that keeps what it has read ends with an error. */
const HEAP = { NODE_OPTIONS: '--max-old-space-size=96' };

const REFUSED = 'AADSTS7000222: The provided client secret keys are expired.';

/** Diagnoses what a line of JavaScript writes; `out` writes. */
async function diagnosed(script: string, env: Record<string, string> = HEAP) {
  const startedAt = performance.now();
  const writer = `const out = (text) => require('fs').writeSync(1, text); ${script}`;
  const ended = await shell('"$node" -e "$writer" | "$node" "$isebed" diagnose - --json', { ...env, writer });
  return { ...ended, ms: performance.now() - startedAt };
}

describe('50 MB', () => {
  const LINE =
    '2026-02-10 14:41:07,528 INFO  [admin-http-pool3][[]] cpm.x.SmtpSession -::admin:::- waiting for an answer';
  const FAILED = '2026-02-10 14:41:08,528 ERROR [admin-http-pool3][[]] cpm.x.SmtpSession -::admin:::- 535 5.7.3 no';
  it.each([
    [
      'of a log',
      `const part = (${JSON.stringify(`${LINE}\n`)}.repeat(40) + ${JSON.stringify(`${FAILED}\n`)}).repeat(100); for (let i = 0; i < 120; i++) out(part)`,
      0,
    ],
    [
      'in one line',
      `out(${JSON.stringify(REFUSED)}); const part = 'x'.repeat(1e6); for (let i = 0; i < 50; i++) out(part)`,
      0,
    ],
    ['of random bytes', `for (let i = 0; i < 50; i++) out(require('crypto').randomBytes(1e6))`, 1],
    ['of nested JSON', `const part = '{"error":'.repeat(1e5); for (let i = 0; i < 50; i++) out(part)`, 1],
    [
      'of refusals',
      `const part = ${JSON.stringify(`${REFUSED}\n`)}.repeat(1e4); for (let i = 0; i < 85; i++) out(part)`,
      0,
    ],
  ])('%s take little time and memory', async (_what, script, expected) => {
    const { status, stderr, ms } = await diagnosed(script);
    expect({ status, stderr }).toEqual({ status: expected, stderr: '' });
    expect(ms).toBeLessThan(READ_MS_MAX);
  });

  it('packed into a few bytes are read to a bound, and that is said', async () => {
    const bomb = `const gzip = require('zlib').gzipSync(Buffer.alloc(2e8)); out(gzip)`;
    const { status, stderr } = await diagnosed(bomb);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '-: too large, only its beginning was read\n' });
  });
});

describe('what is no ordinary file', () => {
  it('a pipe is read like a file', async () => {
    const { status, stdout } = await shell(
      `dir=$(mktemp -d); mkfifo "$dir/pipe"; echo '${REFUSED}' > "$dir/pipe" & "$node" "$isebed" diagnose "$dir/pipe"; status=$?; rm -r "$dir"; exit $status`,
    );
    expect(status).toBe(0);
    expect(stdout).toContain('entra.secret-expired');
  });

  it('a reader that has seen enough, and an input that is empty or closed, are no errors', async () => {
    expect(await shell(`echo '${REFUSED}' | "$node" "$isebed" diagnose - | head -1`)).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(await shell('"$node" "$isebed" diagnose - < /dev/null')).toMatchObject({ status: 1, stderr: '' });
    expect((await shell('"$node" "$isebed" diagnose - <&-')).status).not.toBe(70);
  });

  it('a folder that leads round in a circle is read once; an empty one and one that is not there are named', async () => {
    using folder = temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    mkdirSync(at('bundle/logs'), { recursive: true });
    mkdirSync(at('empty'));
    writeFileSync(at('bundle/logs/guest.log.1'), REFUSED);
    symlinkSync(at('bundle'), at('bundle/logs/again'));
    symlinkSync(at('loop'), at('loop'));
    expect(await isebed(['diagnose', at('bundle')])).toMatchObject({ status: 0, stderr: '' });
    for (const name of ['empty', 'absent', 'loop']) {
      const { status, stdout, stderr } = await isebed(['diagnose', at(name)]);
      expect({ name, status, stdout }).toEqual({ name, status: 2, stdout: '' });
      expect(stderr).toContain(at(name));
    }
  });

  it('a file that may not be read is named', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'guest.log');
    writeFileSync(file, REFUSED);
    chmodSync(file, 0);
    const { status, stderr } = await isebed(['diagnose', file]);
    // The administrator of the machine may read everything.
    if (process.getuid?.() === 0) expect(status).toBe(0);
    else expect([status, stderr]).toEqual([2, expect.stringContaining(file)]);
  });

  it('a name that a terminal would act upon is shown without that', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, '\u001b]0;owned\u0007\u001b[2J.log');
    for (const words of [
      ['diagnose', file],
      ['diagnose', `${file}x`],
    ]) {
      writeFileSync(file, REFUSED);
      const { stdout, stderr } = await isebed(words);
      expect(stdout + stderr).toContain('.log');
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    }
  });
});

it('a capture that breaks off anywhere gives an answer', () => {
  for (const name of ['097-capture-not-authenticated.pcap', '099-capture-alert-unknown-ca.pcap']) {
    const whole = readFileSync(join(PROJECT, 'test/corpus', name));
    for (let length = 0; length <= whole.length; length += 1) {
      const reader = new EvidenceReader({ now: 0 });
      const open = reader.open(name);
      open.feed(whole.subarray(0, length));
      open.end();
      const { causes } = explainFailure(reader.result().observations);
      expect(causes.length).toBeLessThan(20);
    }
  }
});
