import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isebed, LiveLab, temporaryFolder } from '../clients/live-lab.ts';

const { jest } = import.meta;
jest.setTimeout(120_000);

afterEach(() => LiveLab.killAll());

function seqsIn(lines: string): number[] {
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).seq);
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe('the journal of isebed up', () => {
  it('keeps so many records in memory, says how many are gone, and has all of them in the data folder', async () => {
    using folder = temporaryFolder();
    const lab = await LiveLab.up(['--data', folder.path, '--journal-max', '100']);
    for (let count = 0; count < 120; count += 1) await lab.tokenAnswer({ secret: 'wrong' });
    const get = (after: number) => fetch(`${lab.where.api.url}/isebed/v1/journal?after=${after}`);
    const all = await get(0);
    const seqs = seqsIn(await all.text());
    const [first = 0] = seqs;
    const last = seqs.at(-1) ?? 0;
    expect(last).toBeGreaterThan(120);
    expect(seqs).toEqual(upTo(last, first));
    expect(seqs.length).toBeLessThanOrEqual(100);
    expect(all.headers.get('isebed-journal-dropped')).toBe(String(first - 1));
    const part = await get(last - 5);
    expect(seqsIn(await part.text())).toEqual(upTo(last, last - 4));
    expect(part.headers.get('isebed-journal-dropped')).toBe('0');

    const events = await fetch(`${lab.where.api.url}/isebed/v1/journal/events`, { headers: { 'last-event-id': '3' } });
    const reader = events.body?.getReader();
    const begin = Buffer.from((await reader?.read())?.value ?? []).toString();
    await reader?.cancel();
    expect(begin).toMatch(new RegExp(`^event: dropped\ndata: {"dropped":${first - 4}}\n\n(id: ${first}\n|$)`));

    await lab.call('POST', 'isebed/v1/reset');
    await lab.signal('SIGKILL');
    const files = readdirSync(join(folder.path, 'journal')).map((name) => join(folder.path, 'journal', name));
    expect(files).toHaveLength(2);
    const written = files.map((file) => seqsIn(readFileSync(file, 'utf8')));
    expect(written[0]?.slice(0, last)).toEqual(upTo(last));
    expect(written[1]).toEqual(upTo(written[1]?.length ?? 0));
  });
});

describe('a change of the settings of Exchange', () => {
  it('holds for cmdlets over REST as it does for SMTP, and after a restart', async () => {
    using folder = temporaryFolder();
    const lab = await LiveLab.up(['--data', folder.path, '--limits', 'none']);
    const propagation = { deny: '1h', flap: '0s', flapEvery: '1m' };
    await lab.change({ 'exchange.settings': { permissionPropagation: propagation } });
    await cmdlet(lab, 'New-ManagementScope', {
      Name: 'ISE only',
      RecipientRestrictionFilter: `PrimarySmtpAddress -eq '${lab.where.mailbox}'`,
    });
    const [{ ObjectId: app } = {}] = await cmdlet(lab, 'Get-ServicePrincipal', {});
    await cmdlet(lab, 'New-ManagementRoleAssignment', {
      Role: 'Application SMTP.SendAsApp',
      App: app,
      CustomResourceScope: 'ISE only',
    });
    const inScope = async (): Promise<unknown> =>
      (await cmdlet(lab, 'Test-ServicePrincipalAuthorization', { Identity: app, Resource: lab.where.mailbox }))[0];
    expect(await inScope()).toMatchObject({ InScope: false });
    await lab.change({ 'exchange.settings': { permissionPropagation: { ...propagation, deny: '0s' } } });
    expect(await inScope()).toMatchObject({ InScope: true });

    await lab.change({ 'exchange.settings': { messagesPerMinuteMax: 1, rateDelayMax: '0s' } });
    await lab.signal('SIGKILL');
    const again = await LiveLab.up(['--data', folder.path, '--limits', 'none']);
    const token = await again.token();
    expect(await again.submit(token, { subject: 'first' })).toMatch(/^250 /);
    await expect(again.submit(token, { subject: 'second' })).rejects.toThrow('421 4.4.2 Message submission rate');
    await again.stop();
  });
});

describe('a reset', () => {
  it('that was cut off is finished by the next start', async () => {
    using folder = temporaryFolder();
    const lab = await LiveLab.up(['--data', folder.path]);
    await lab.submit(await lab.token(), { subject: 'to be forgotten' });
    await lab.change({ 'entra.revokeConsent': {} });
    await lab.signal('SIGKILL');
    const database = new DatabaseSync(join(folder.path, 'state.db'));
    database.exec(`DELETE FROM documents; INSERT INTO documents VALUES ('reset-begun', 'true')`);
    database.close();
    const again = await LiveLab.up(['--data', folder.path]);
    expect(await again.call('GET', 'api/v1/messages')).toMatchObject({ total: 0 });
    expect(await again.submit(await again.token(), { subject: 'anew' })).toMatch(/^250 /);
    await again.signal('SIGKILL');
    const last = await LiveLab.up(['--data', folder.path]);
    expect(await last.call('GET', 'api/v1/messages')).toMatchObject({ total: 1 });
    await last.stop();
  });

  it('is one at a time, and SIGTERM in its middle ends the process with 0', async () => {
    using folder = temporaryFolder();
    const lab = await LiveLab.up(['--data', folder.path]);
    await lab.submit(await lab.token(), { subject: 'to be forgotten' });
    const both = await Promise.allSettled([1, 2].map(() => lab.call('POST', 'isebed/v1/reset')));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { message: expect.stringContaining('503') },
    });
    await lab.submit(await lab.token(), { subject: 'again' });
    const resetting = lab.call('POST', 'isebed/v1/reset').catch(() => undefined);
    while ((await fetch(`${lab.where.api.url}/readyz`)).status === 200);
    const { status, stderr } = await lab.stop();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    await resetting;
    const again = await LiveLab.up(['--data', folder.path]);
    expect(await again.call('GET', 'api/v1/messages')).toMatchObject({ total: 0 });
    await again.stop();
  });
});

describe('a data folder', () => {
  it('is refused to another deployment than the one it holds', async () => {
    using folder = temporaryFolder();
    await (await LiveLab.up(['--data', folder.path])).stop();
    const ports = ['--https-port', '--smtp-port', '--api-port', '--node-port-base'].flatMap((flag) => [flag, '0']);
    const { status, stderr } = await isebed(['up', '--data', folder.path, '--deployment', 'six-nodes', ...ports]);
    expect(status).toBe(2);
    expect(stderr).toContain('holds the deployment standalone, not six-nodes');
  });
});

describe('ports of isebed up', () => {
  it('that are taken are named by their flags, all of them at once', async () => {
    const servers = await Promise.all(
      [1, 2].map(async () => {
        const server = createServer().listen(0, '127.0.0.1');
        await once(server, 'listening');
        return server;
      }),
    );
    const [https, node] = servers.map((server) => {
      const address = server.address();
      return typeof address === 'object' && address ? String(address.port) : '';
    });
    const { status, stderr } = await isebed(
      ['up', '--deployment', 'standalone', '--smtp-port', '0', '--api-port', '0'].concat(
        ...[
          ['--https-port', https ?? ''],
          ['--node-port-base', node ?? ''],
        ],
      ),
    );
    for (const server of servers) server.close();
    expect(status).toBe(2);
    expect(stderr).toContain(`--https-port: port ${https} on 127.0.0.1 is taken`);
    expect(stderr).toContain(`--node-port-base: port ${node} on 127.0.0.1 is taken`);
  });
});

/** Runs a cmdlet over the admin REST, as the administrator of the tenant. */
async function cmdlet(lab: LiveLab, CmdletName: string, Parameters: object): Promise<Record<string, unknown>[]> {
  const { clientId, value } = await lab.credential('administrator');
  const form = new URLSearchParams({
    client_id: clientId,
    client_secret: value,
    scope: 'https://outlook.office365.com/.default',
    grant_type: 'client_credentials',
  });
  const path = `/${lab.where.tenantId}/oauth2/v2.0/token`;
  const token = await lab.https('login.microsoftonline.com', path, { method: 'POST', body: form.toString() });
  const answer = await lab.https('outlook.office365.com', `/adminapi/beta/${lab.where.tenantId}/InvokeCommand`, {
    method: 'POST',
    headers: { authorization: `Bearer ${JSON.parse(token.body).access_token}` },
    body: JSON.stringify({ CmdletInput: { CmdletName, Parameters } }),
  });
  if (answer.status !== 200) throw new Error(`${CmdletName}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body).value;
}
