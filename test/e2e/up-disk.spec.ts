import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveLab, temporaryFolder } from '../clients/live-lab.ts';
import { PROJECT, shell } from './isebed-process.ts';

const { jest } = import.meta;
jest.setTimeout(120_000);

const DISK_MS_MAX = 15_000;
const MAIL = { subject: 'not kept' };

/** The process may write nothing to any file from now on, or again: a disk that is full, without filling one. */
function letWrite(lab: LiveLab, bytes: 0 | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(lab.pid), `--fsize=${bytes}:unlimited`]);
}

async function readiness(lab: LiveLab): Promise<{ status: number; message: string }> {
  const answer = await fetch(`${lab.where.api.url}/readyz`);
  return { status: answer.status, message: await answer.text() };
}

async function untilReady(lab: LiveLab): Promise<void> {
  const deadline = performance.now() + DISK_MS_MAX;
  while ((await readiness(lab)).status !== 200) {
    if (performance.now() > deadline) throw new Error((await readiness(lab)).message);
  }
}

/** The API of the node, as its administrator. */
async function onNode(lab: LiveLab, method: string, path: string, body: object): Promise<void> {
  const answer = await fetch(`${lab.where.nodes[0]?.url}/isebed/v1/${path}`, {
    method,
    headers: { ...lab.administrator, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

afterEach(() => LiveLab.killAll());

describe('isebed up on a disk that cannot be written', () => {
  it('stays up, refuses mails with 452, says why, and keeps all the rest for when it can be', async () => {
    using folder = temporaryFolder();
    const lab = await LiveLab.up(['--data', folder.path]);
    const token = await lab.token();
    expect(await lab.submit(token, { subject: 'kept before' })).toMatch(/^250 /);

    letWrite(lab, 0);
    await expect(lab.submit(token, MAIL)).rejects.toThrow(/452 4\.3\.1 Insufficient system resources \[Hostname=/);
    const unready = await readiness(lab);
    expect(unready.status).toBe(503);
    expect(unready.message).toMatch(/mails: not written since .*, the disk fails/);
    expect(unready.message).toContain('journal: not written since');
    expect(unready.message).not.toContain(folder.path);
    await lab.change({ 'exchange.createMailbox': { mailbox: 'second@isebed.onmicrosoft.com' } });
    await lab.change({ 'network.egress': 'proxy-only' });
    expect(await lab.call('GET', 'api/v1/message/latest')).toMatchObject({ Subject: 'kept before' });
    await expect(lab.call('DELETE', 'api/v1/messages')).rejects.toThrow(/503 .*up\.not-stored.*Make room on the disk/);
    await expect(lab.call('POST', 'isebed/v1/reset')).rejects.toThrow(/503 .*up\.not-stored/);
    expect(await lab.call('GET', 'api/v1/messages')).toMatchObject({ total: 1, unread: 0 });

    letWrite(lab, 'unlimited');
    await untilReady(lab);
    expect(await lab.submit(await lab.token(), { subject: 'kept after' })).toMatch(/^250 /);
    const { stderr } = await lab.signal('SIGKILL');
    expect(stderr).toContain('mails: not written, the disk fails');
    expect(stderr).toContain('mails: written again');
    expect(stderr).not.toContain('broke down');

    const again = await LiveLab.up(['--data', folder.path]);
    const { messages } = await again.call('GET', 'api/v1/messages');
    expect(messages).toMatchObject([
      { Subject: 'kept after', Read: false },
      { Subject: 'kept before', Read: true },
    ]);
    await expect(
      again.change({ 'exchange.createMailbox': { mailbox: 'second@isebed.onmicrosoft.com' } }),
    ).rejects.toThrow('exchange.mailbox-exists');
    await again.stop();
  });

  it('writes the journal on when it can, without a gap', async () => {
    using folder = temporaryFolder();
    const lab = await LiveLab.up(['--data', folder.path]);
    letWrite(lab, 0);
    await lab.token();
    letWrite(lab, 'unlimited');
    await untilReady(lab);
    await lab.token();
    const served: string = await lab.call('GET', 'isebed/v1/journal');
    const [file = ''] = readdirSync(join(folder.path, 'journal'));
    expect(readFileSync(join(folder.path, 'journal', file), 'utf8').startsWith(served)).toBe(true);
    await lab.stop();
  });

  it('is no end to what a node does at its times: a notification that could not be marked as sent is sent later', async () => {
    using folder = temporaryFolder();
    const lab = await LiveLab.up(['--data', folder.path, '--node-protocol', 'http']);
    const expirationNotification = { advanceMs: 6 * 3_600_000, text: 'Your access ends soon.' };
    await onNode(lab, 'PUT', 'guest-types', { name: 'Short visit', expirationNotification });
    await onNode(lab, 'POST', 'sponsors', { username: 'sponsor', emailAddress: 'sponsor@lab.example' });
    const guest = { emailAddress: 'guest@visitor.example', firstName: 'Ada', lastName: 'Guest' };
    await onNode(lab, 'POST', 'sponsor-portal/guests', {
      ...guest,
      sponsor: 'sponsor',
      guestType: 'Short visit',
      validDays: 1,
    });
    await lab.call('GET', 'isebed/v1/mails/wait?count=1&timeout=10000');
    await lab.call('DELETE', 'api/v1/messages');

    letWrite(lab, 0);
    await lab.call('POST', 'isebed/v1/time/jumps', { by: '19h' });
    expect((await readiness(lab)).status).toBe(503);
    expect(await lab.call('GET', 'api/v1/search?query=to:guest')).toMatchObject({ messages_count: 0 });
    letWrite(lab, 'unlimited');
    await untilReady(lab);
    await lab.call('POST', 'isebed/v1/time/jumps', { by: '2m' });
    const { messages } = await lab.call('GET', 'isebed/v1/mails/wait?count=1&timeout=10000');
    expect(messages).toMatchObject([{ To: [{ Address: 'guest@visitor.example' }] }]);
    await lab.call('POST', 'isebed/v1/time/jumps', { by: '30d' });
    expect(await lab.call('GET', 'api/v1/search?query=to:guest')).toMatchObject({ messages_count: 1 });
    await lab.stop();
  });

  it('does not start, and says what to do', async () => {
    using folder = temporaryFolder();
    const { status, stdout, stderr } = await shell(
      `cd ${PROJECT}; ulimit -f 1; exec "$node" "$isebed" up --data ${folder.path}/lab --deployment standalone ` +
        '--https-port 0 --smtp-port 0 --api-port 0 --node-port-base 0',
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`${folder.path}/lab can't be written`);
    expect(stderr).toContain('Make room on its disk, or give another folder with --data.');
  });
});
