import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { get, type RequestOptions } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { isebed, LiveLab, temporaryFolder } from '../clients/live-lab.ts';

const { jest } = import.meta;
jest.setTimeout(120_000);

afterEach(() => LiveLab.killAll());

describe('isebed up', () => {
  it('says in one line of JSON where everything is, without the secret, and ends with 0 within two seconds', async () => {
    const lab = await LiveLab.up();
    const { where } = lab;
    expect(where.https.names).toContain('login.microsoftonline.com');
    expect(where.nodes).toEqual([expect.objectContaining({ name: 'ise1' })]);
    expect(where.clientSecret.value).toBeUndefined();
    expect(await lab.call('GET', 'readyz')).toEqual({ status: 'ok' });
    const startedAt = performance.now();
    const { status, stdout, stderr } = await lab.stop();
    expect({ status, stderr, lines: stdout.split('\n').length }).toEqual({ status: 0, stderr: '', lines: 2 });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(existsSync(where.labRoots)).toBe(false);
  });

  it('prints a table without --json, and takes settings from the environment unless a flag is given', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const taken = portOf(server);
    const { status, stdout, stderr } = await isebed(['up', '--smtp-port', '0', '--api-port', '0'], {
      ISEBED_HTTPS_PORT: String(taken),
      ISEBED_SMTP_PORT: 'this one is overruled by the flag',
      ISEBED_NODE_PORT_BASE: '0',
    });
    server.close();
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`--https-port: port ${taken} on 127.0.0.1 is taken`);
  });

  it('names every faulty value with the accepted form, and ends with 2', async () => {
    const { status, stdout, stderr } = await isebed(
      ['up', '--time', 'x5000', '--https-port', '70000', '--host', 'nowhere', '--deployment', 'three'],
      { ISEBED_API_PORT: '-1', ISEBED_JSON: 'perhaps' },
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^--time: "x5000" is not real, paused, or x followed/),
      expect.stringMatching(/^ISEBED_JSON: "perhaps" is not true or false/),
      expect.stringMatching(/^--host: "nowhere" is not an IP address/),
      expect.stringMatching(/^--https-port: "70000" is not a port/),
      expect.stringMatching(/^ISEBED_API_PORT: "-1" is not a port/),
      expect.stringMatching(/^--deployment: "three" is not six-nodes or standalone/),
    ]);
  });

  it('refuses two settings with the same port', async () => {
    const { status, stderr } = await isebed(['up', '--api-port', '8443']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: '--api-port: port 8443 is taken by --https-port\n' });
  });

  it('serves the Microsoft hosts under their names, and says which ones when asked for another', async () => {
    const lab = await LiveLab.up();
    const path = `/${lab.where.tenantId}/v2.0/.well-known/openid-configuration`;
    const known = await lab.https('login.microsoftonline.com', path);
    expect(JSON.parse(known.body)).toMatchObject({
      issuer: `https://login.microsoftonline.com/${lab.where.tenantId}/v2.0`,
    });
    const unknown = await lab.https('login.example.com', '/', { sni: 'login.microsoftonline.com' });
    expect(unknown).toMatchObject({ status: 421, body: expect.stringContaining('login.microsoftonline.com') });
    await lab.stop();
  });
});

describe('the data folder of isebed up', () => {
  it('is readable by its owner alone and holds no published key', async () => {
    using folder = temporaryFolder();
    const data = join(folder.path, 'lab');
    const lab = await LiveLab.up(['--data', data]);
    await lab.stop();
    expect(statSync(data).mode & 0o777).toBe(0o700);
    for (const name of ['keys.json', 'client-secret', 'state.db']) {
      expect([name, statSync(join(data, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    const published = readFileSync(new URL('../../mocks/pki/src/lab-keys.json', import.meta.url), 'utf8');
    const { keys } = JSON.parse(readFileSync(join(data, 'keys.json'), 'utf8'));
    for (const { d } of Object.values<{ d: string }>(keys)) expect(published).not.toContain(d);
  });

  it('keeps every mail that was answered 250, the tenant and its changes through kill -9', async () => {
    using folder = temporaryFolder();
    const before = await LiveLab.up(['--data', folder.path]);
    const token = await before.token();
    const accepted: string[] = [];
    const rounds = Array.from({ length: 3 }, async (_, worker) => {
      for (let index = 0; index < 100; index += 1) {
        const subject = `mail ${worker}-${index}`;
        if (!(await before.submit(token, { subject }).catch(() => '')).startsWith('250')) return;
        accepted.push(subject);
      }
    });
    await before.change({ 'exchange.createMailbox': { mailbox: 'second@isebed.onmicrosoft.com' } });
    await before.call('GET', 'isebed/v1/mails/wait?count=5&timeout=20000');
    await before.signal('SIGKILL');
    await Promise.all(rounds);

    const after = await LiveLab.up(['--data', folder.path]);
    const { messages } = await after.call('GET', 'api/v1/messages?limit=1000');
    const kept = messages.map(({ Subject }: { Subject: string }) => Subject);
    expect(accepted.length).toBeGreaterThanOrEqual(4);
    expect(kept).toEqual(expect.arrayContaining(accepted));
    expect(after.where).toMatchObject({ tenantId: before.where.tenantId, clientId: before.where.clientId });
    expect(after.roots).toBe(readFileSync(join(folder.path, 'lab-roots.pem'), 'utf8'));
    await expect(
      after.change({ 'exchange.createMailbox': { mailbox: 'second@isebed.onmicrosoft.com' } }),
    ).rejects.toThrow('exchange.mailbox-exists');
    expect(await after.submit(await after.token(), { subject: 'after' })).toMatch(/^250 /);
    await after.stop();
  });

  it('is refused to a second testbed, and to one that does not know its layout', async () => {
    using folder = temporaryFolder();
    const lab = await LiveLab.up(['--data', folder.path]);
    const second = await isebed(['up', '--data', folder.path, ...FREE_PORTS]);
    expect({ status: second.status, stderr: second.stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('another testbed uses the data folder'),
    });
    await lab.stop();
    writeFileSync(join(folder.path, 'layout.json'), '{"layout":99}');
    const newer = await isebed(['up', '--data', folder.path, ...FREE_PORTS]);
    expect({ status: newer.status, stderr: newer.stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('says layout 99; this program reads up to 1'),
    });
  });
});

describe('isebed ca', () => {
  it('writes the roots that the testbed of that folder uses, before it first runs and while it runs', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'roots.pem');
    const data = join(folder.path, 'lab');
    expect(await isebed(['ca', '--data', data, '--out', out])).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const lab = await LiveLab.up(['--data', data]);
    expect(readFileSync(out, 'utf8')).toBe(lab.roots);
    expect(lab.roots).not.toContain('PRIVATE');
    const port = new URL(lab.where.api.url).port;
    expect((await isebed(['ca', '--api-port', port])).stdout).toBe(lab.roots);
    expect((await isebed(['ca', '--host', '127.0.0.1', '--api-port', port])).stdout).toBe(lab.roots);
    const elsewhere = await isebed(['ca', '--host', '127.0.0.9', '--api-port', port]);
    expect(elsewhere).toMatchObject({ status: 2, stderr: expect.stringContaining(`http://127.0.0.9:${port}/`) });
    await lab.stop();
    expect((await isebed(['ca', '--api-port', port])).status).toBe(2);
  });
});

describe('submission to isebed up', () => {
  it('gives the greeting at once', async () => {
    const lab = await LiveLab.up();
    const times: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const startedAt = performance.now();
      const socket = connect(lab.where.smtp.port, lab.where.smtp.host);
      await once(socket, 'data');
      times.push(performance.now() - startedAt);
      socket.destroy();
    }
    expect(Math.min(...times)).toBeLessThan(50);
    await lab.stop();
  });

  it('gets through 100 at once: what was answered 250 is there once, and nothing else is', async () => {
    const lab = await LiveLab.up();
    const token = await lab.token();
    const replies = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const subject = `concurrent ${index}`;
        const reply = await lab.submit(token, { subject }).catch((error: Error) => error.message);
        return { subject, accepted: reply.startsWith('250') };
      }),
    );
    const { messages } = await lab.call('GET', 'api/v1/messages?limit=1000');
    const there = messages.map(({ Subject }: { Subject: string }) => Subject).sort();
    const accepted = replies.flatMap(({ subject, accepted: yes }) => (yes ? [subject] : []));
    expect(accepted.length).toBeGreaterThan(0);
    expect(there).toEqual(accepted.sort());
    await lab.stop();
  });

  it('is cut by SIGTERM in its middle: the process ends with 0, and no mail is half there', async () => {
    using folder = temporaryFolder();
    const lab = await LiveLab.up(['--data', folder.path]);
    const token = await lab.token();
    const transport = lab.transport(token);
    const { PassThrough } = await import('node:stream');
    const body = new PassThrough();
    body.write('the beginning of a mail');
    const sending = transport
      .sendMail({ from: lab.where.mailbox, to: 'guest@visitor.example', subject: 'half', text: body })
      .then(
        () => 'sent',
        () => 'cut off',
      );
    await untilJournalHas(lab, 'exchange.auth-accepted');
    const { status } = await lab.stop();
    expect(status).toBe(0);
    body.end();
    expect(await sending).toBe('cut off');
    const after = await LiveLab.up(['--data', folder.path]);
    expect(await after.call('GET', 'api/v1/messages')).toMatchObject({ total: 0 });
    await after.stop();
    expect(readdirSync(folder.path)).toContain('state.db');
  });
});

describe('time in isebed up', () => {
  it('stands still, runs fast, and jumps over what comes due: a secret ends, its alarm goes out', async () => {
    const lab = await LiveLab.up(['--time', 'paused']);
    const before = await lab.call('GET', 'isebed/v1/time');
    expect(before.pace).toBe('paused');
    expect((await lab.call('GET', 'isebed/v1/time')).now).toBe(before.now);
    const jumped = await lab.call('POST', 'isebed/v1/time/jumps', { by: '366d' });
    expect(Date.parse(jumped.now) - Date.parse(before.now)).toBe(366 * 86_400_000);
    expect(await lab.tokenAnswer()).toMatchObject({ error_codes: [7000222] });
    await untilJournalHas(lab, 'alarm.raised');
    expect(await lab.call('PUT', 'isebed/v1/time', { pace: 'x3600' })).toMatchObject({ pace: 'x3600' });
    const fast = Date.parse((await lab.call('GET', 'isebed/v1/time')).now);
    await lab.call('GET', 'isebed/v1/mails/wait?count=99&timeout=500').catch(() => undefined);
    expect(Date.parse((await lab.call('GET', 'isebed/v1/time')).now) - fast).toBeGreaterThan(600_000);
    await lab.stop();
  });
});

describe('time after a restart', () => {
  it('goes on where a jump had led it, and clients whose clock did not jump still trust and are trusted', async () => {
    using folder = temporaryFolder();
    const before = await LiveLab.up(['--data', folder.path]);
    const { now } = await before.call('POST', 'isebed/v1/time/jumps', { by: '300d' });
    await before.signal('SIGKILL');
    const after = await LiveLab.up(['--data', folder.path, '--node-protocol', 'http']);
    expect(Date.parse(after.where.time.now)).toBeGreaterThanOrEqual(Date.parse(now));
    expect(await after.submit(await after.token(), { subject: 'later' })).toMatch(/^250 /);
    const [node] = after.where.nodes;
    const authorization = `Basic ${Buffer.from('admin:isebed-Lab-1').toString('base64')}`;
    const sent = await fetch(`${node?.url}/isebed/v1/portal-page-customization/test-email`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ to: 'admin@lab.example' }),
    });
    expect(await sent.text()).toContain('"accepted"');
    expect(await after.call('GET', 'isebed/v1/mails/wait?query=to:admin')).toMatchObject({ count: 1 });
    await after.stop();
  });
});

describe('the nodes of a live testbed', () => {
  it('answer Cisco clients over TLS, with certificates that whoever trusts the lab roots trusts', async () => {
    const lab = await LiveLab.up(['--deployment', 'standalone']);
    const [node] = lab.where.nodes;
    const ca = readFileSync(lab.where.labRoots, 'utf8');
    expect(node?.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const headers = {
      accept: 'application/json',
      authorization: `Basic ${Buffer.from('admin:isebed-Lab-1').toString('base64')}`,
    };
    const call = (path: string, options: RequestOptions): Promise<string> =>
      new Promise((resolve, reject) => {
        const url = new URL(path, node?.url);
        const outgoing = get(
          { host: url.hostname, port: url.port, path, headers, agent: false, ...options },
          (answer) => {
            let text = '';
            answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
            answer.on('end', () => resolve(text));
          },
        );
        outgoing.on('error', reject);
      });
    const list = await call('/ers/config/node', { ca });
    expect(JSON.parse(list).SearchResult.resources[0].link.href).toMatch(`${node?.url}/ers/config/node/`);
    for (const servername of ['localhost', `${node?.name}.lab.example`]) {
      expect(JSON.parse(await call('/api/v1/deployment/node', { ca, servername })).response).toHaveLength(1);
    }
    await expect(call('/ers/config/node', {})).rejects.toMatchObject({
      code: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/),
    });
    await lab.stop();
  });
});

const FREE_PORTS = ['--https-port', '0', '--smtp-port', '0', '--api-port', '0', '--node-port-base', '0'];

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function untilJournalHas(lab: LiveLab, kind: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    const journal: string = await lab.call('GET', 'isebed/v1/journal');
    if (journal.includes(`"kind":"${kind}"`)) return;
  }
  throw new Error(`the journal never had ${kind}`);
}
