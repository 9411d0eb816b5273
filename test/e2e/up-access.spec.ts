import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { isebed, LiveLab, temporaryFolder } from '../clients/live-lab.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

const PASSWORDS = { ISEBED_API_PASSWORD: 'api-Pass-1234', ISEBED_ADMIN_PASSWORD: 'admin-Pass-1234' };
const BEYOND_LOOPBACK = ['--host', '0.0.0.0'];

/** Ports at which a process listens on addresses that others reach, as Linux tells (proc(5), /proc/net/tcp). */
function portsOpenToOthers(pid: number): number[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return ''; // closed meanwhile
      }
    }),
  );
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.has(`socket:[${inode}]`))
    .map(([, local = '']) => local.split(':'))
    .filter(([address]) => address !== '0100007F')
    .map(([, port = '']) => Number.parseInt(port, 16));
}

function statusFor(lab: LiveLab, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(`${lab.where.api.url}${path}`, { method, headers }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    call.once('error', reject);
    call.end();
  });
}

function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

afterEach(() => LiveLab.killAll());

describe('isebed up beyond loopback', () => {
  it('does not start without passwords, and says how to give them', async () => {
    const { status, stdout, stderr } = await isebed(['up', ...BEYOND_LOOPBACK]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('give --api-password-file <file> or ISEBED_API_PASSWORD');
    expect(stderr).toContain('give another with --admin-password-file <file> or ISEBED_ADMIN_PASSWORD');
  });

  it('opens nothing to others but what it says, least of all the ports between nodes', async () => {
    const lab = await LiveLab.up([...BEYOND_LOOPBACK, '--deployment', 'six-nodes'], PASSWORDS);
    const { https, smtp, api, nodes } = lab.where;
    const said = [
      https.port,
      smtp.port,
      ...[api.url, ...nodes.map(({ url }) => url)].map((url) => Number(new URL(url).port)),
    ];
    expect(nodes).toHaveLength(6);
    expect(portsOpenToOthers(lab.pid).sort()).toEqual(said.sort());
    await lab.stop();
  });

  it('asks for the password at every path but those of health', async () => {
    const lab = await LiveLab.up(BEYOND_LOOPBACK, PASSWORDS);
    const { paths } = await lab.call('GET', 'api/openapi.json');
    const open: string[] = [];
    for (const [path, methods] of Object.entries<Record<string, unknown>>(paths)) {
      for (const method of Object.keys(methods)) {
        const status = await statusFor(lab, path.replaceAll(/\{\w+\}/g, '1'), {}, method.toUpperCase());
        if (status !== 401) open.push(`${method} ${path}: ${status}`);
      }
    }
    expect(open).toEqual(['get /livez: 200', 'get /readyz: 200']);
    expect(await statusFor(lab, '/api/openapi.json')).toBe(401);
    expect(await statusFor(lab, '/nothing/here')).toBe(401);
    for (const wrong of [
      basic('isebed', 'api-Pass-1235'),
      basic('admin', 'api-Pass-1234'),
      { authorization: 'Basic' },
    ]) {
      expect(await statusFor(lab, '/api/v1/messages', wrong)).toBe(401);
    }
    expect(await statusFor(lab, '/api/v1/messages', basic('isebed', PASSWORDS.ISEBED_API_PASSWORD))).toBe(200);
    const { stdout, stderr } = await lab.stop();
    expect(stdout + stderr).not.toMatch(/Pass-1234/);
  });

  it("knows the nodes' administrator by the given password alone, and ISE mails as ever", async () => {
    const lab = await LiveLab.up([...BEYOND_LOOPBACK, '--node-protocol', 'http'], PASSWORDS);
    const published = basic('admin', 'isebed-Lab-1');
    expect((await fetch(lab.where.clientSecret.api, { headers: published })).status).toBe(401);
    const [node] = lab.where.nodes;
    const testMail = (headers: { authorization: string }) =>
      fetch(`${node?.url}/isebed/v1/portal-page-customization/test-email`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ to: 'admin@lab.example' }),
      });
    expect((await testMail(published)).status).toBe(401);
    expect(await (await testMail(lab.administrator)).text()).toContain('"accepted"');
    expect(await lab.submit(await lab.token(), { subject: 'by a real client' })).toMatch(/^250 /);
    await lab.stop();
  });
});

describe('isebed ca for a testbed with a password', () => {
  it('gets the roots with it, and says what to do without it', async () => {
    using folder = temporaryFolder();
    const lab = await LiveLab.up([], { ISEBED_API_PASSWORD: PASSWORDS.ISEBED_API_PASSWORD });
    const { port } = new URL(lab.where.api.url);
    const without = await isebed(['ca', '--api-port', port]);
    expect({ status: without.status, stdout: without.stdout }).toEqual({ status: 2, stdout: '' });
    expect(without.stderr).toContain('--api-password-file <file>, or ISEBED_API_PASSWORD');
    const file = join(folder.path, 'password');
    writeFileSync(file, `${PASSWORDS.ISEBED_API_PASSWORD}\n`);
    const withIt = await isebed(['ca', '--api-port', port, '--api-password-file', file]);
    expect(withIt).toMatchObject({ status: 0, stdout: lab.roots, stderr: '' });
    await lab.stop();
  });
});

describe('the API without a password', () => {
  it('answers under the names of loopback alone, whatever a name is made to lead to', async () => {
    const lab = await LiveLab.up();
    const { port } = new URL(lab.where.api.url);
    const statusUnder = (host: string): Promise<number> => statusFor(lab, '/api/v1/messages', { host });
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'lab.localhost', '[::1]:8025']) {
      expect([host, await statusUnder(host)]).toEqual([host, 200]);
    }
    for (const host of [`evil.example:${port}`, '192.0.2.1', '127.0.0.1.evil.example', 'localhost.evil.example']) {
      expect([host, await statusUnder(host)]).toEqual([host, 421]);
    }
    await lab.stop();
  });
});
