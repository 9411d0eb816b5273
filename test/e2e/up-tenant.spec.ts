import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isebed, LiveLab, temporaryFolder } from '../clients/live-lab.ts';

const { jest } = import.meta;
jest.setTimeout(120_000);

afterEach(() => LiveLab.killAll());

const CONTOSO = `
tenants:
  - name: Contoso
    domains: [contoso.com]
    users: [{ userPrincipalName: ise@contoso.com, displayName: ISE }]
    applications: [{ name: ISE mail, secrets: [{ name: current, value: lab-value-1, endsOn: 2099-01-01 }] }]
  - name: Fabrikam
    domains: [fabrikam.com]
    users: [{ userPrincipalName: mail@fabrikam.com }]
    applications: [{ name: Scanner, clientId: 0b000000-0000-4000-8000-000000000001, secrets: [{ name: current, value: lab-value-2 }] }]
`;
const FREE_PORTS = ['--https-port', '0', '--smtp-port', '0', '--api-port', '0', '--node-port-base', '0'];
const SCANNER = '0b000000-0000-4000-8000-000000000001';
const ADMINISTRATOR = `Basic ${Buffer.from('admin:isebed-Lab-1').toString('base64')}`;

const WRONG_PASSWORD = `Basic ${Buffer.from('admin:wrong').toString('base64')}`;

/** A file with this text, for as long as the block goes on. */
function seedFile(text = CONTOSO): { path: string; folder: string; [Symbol.dispose]: () => void } {
  const folder = temporaryFolder();
  const path = join(folder.path, 'tenant.yaml');
  writeFileSync(path, text);
  return { path, folder: folder.path, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

const api = (lab: LiveLab, path = ''): string => `${lab.where.api.url}/isebed/v1/tenant${path}`;

async function exported(
  lab: LiveLab,
  headers: Record<string, string> = { authorization: ADMINISTRATOR },
): Promise<string> {
  return (await fetch(api(lab), { headers })).text();
}

function tenantCommand(lab: LiveLab, ...words: string[]) {
  return isebed(['tenant', ...words, '--api-port', new URL(lab.where.api.url).port]);
}

async function tokenOf(lab: LiveLab, form: Record<string, string>, tenant = lab.where.tenantId) {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: 'https://outlook.office.com/.default',
    ...form,
  });
  const path = `/${tenant}/oauth2/v2.0/token`;
  return JSON.parse((await lab.https('login.microsoftonline.com', path, { method: 'POST', body: String(body) })).body);
}

async function keyIds(lab: LiveLab, tenant = 'contoso.com'): Promise<string[]> {
  const { body } = await lab.https('login.microsoftonline.com', `/${tenant}/discovery/v2.0/keys`);
  return JSON.parse(body).keys.map(({ kid }: { kid: string }) => kid);
}

/** Changes the tenant as its administrator does: a user over Graph, a transport setting with a cmdlet. */
async function administer(lab: LiveLab): Promise<void> {
  const secret = await fetch(`${lab.where.api.url}/isebed/v1/client-secrets/administrator`, {
    headers: { authorization: ADMINISTRATOR },
  });
  const { clientId, value } = JSON.parse(await secret.text());
  const tokenFor = async (scope: string): Promise<string> =>
    (await tokenOf(lab, { client_id: clientId, client_secret: value, scope })).access_token;
  const post = (host: string, path: string, token: string, body: unknown): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { host, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const { port } = lab.where.https;
      const call = request({
        host: '127.0.0.1',
        port,
        servername: host,
        ca: lab.roots,
        path,
        method: 'POST',
        headers,
        agent: false,
      });
      call.once('response', (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      });
      call.once('error', reject);
      call.end(JSON.stringify(body));
    });
  const user = {
    accountEnabled: true,
    displayName: 'New',
    mailNickname: 'new',
    userPrincipalName: 'new@contoso.com',
    passwordProfile: { password: 'aB3$aB3$aB3$' },
  };
  const graph = await tokenFor('https://graph.microsoft.com/.default');
  expect(await post('graph.microsoft.com', '/v1.0/users', graph, user)).toBe(201);
  const cmdlet = {
    CmdletInput: { CmdletName: 'Set-TransportConfig', Parameters: { SmtpClientAuthenticationDisabled: true } },
  };
  const exchange = await tokenFor('https://outlook.office365.com/.default');
  const path = `/adminapi/beta/${lab.where.tenantId}/InvokeCommand`;
  expect(await post('outlook.office365.com', path, exchange, cmdlet)).toBe(200);
}

describe('isebed up --tenant', () => {
  it('begins with the tenants of a seed: ISE is set up with them, and each is one of its own', async () => {
    using seed = seedFile();
    const lab = await LiveLab.up(['--tenant', seed.path]);
    expect(lab.where).toMatchObject({ mailbox: 'ise@contoso.com', smtpSettings: 'saved' });
    expect(await lab.secret()).toBe('lab-value-1');
    expect(await lab.submit(await lab.token(), { subject: 'from Contoso' })).toMatch(/^250 /);
    const { access_token: token } = await tokenOf(
      lab,
      { client_id: SCANNER, client_secret: 'lab-value-2' },
      'fabrikam.com',
    );
    const transport = lab.transport(token, 'mail@fabrikam.com');
    await transport.sendMail({
      from: 'mail@fabrikam.com',
      to: 'guest@visitor.example',
      subject: 'from Fabrikam',
      text: 'Hello',
    });
    transport.close();
    const foreign = lab.transport(token, 'ise@contoso.com');
    await expect(foreign.sendMail({ from: 'ise@contoso.com', to: 'a@b.example', text: 'x' })).rejects.toMatchObject({
      responseCode: 535,
    });
    foreign.close();
    expect(await tokenOf(lab, { client_id: SCANNER, client_secret: 'lab-value-2' })).toMatchObject({
      error_codes: [700016],
    });
    const name = encodeURIComponent('Fabrikam/Scanner/current');
    const secret = await fetch(`${lab.where.api.url}/isebed/v1/client-secrets/${name}`, {
      headers: { authorization: ADMINISTRATOR },
    });
    expect(await secret.json()).toEqual({ clientId: SCANNER, value: 'lab-value-2' });
    await lab.stop();
  });

  it('goes on with them in a data folder, refuses others there, and still knows the beginning after kill -9', async () => {
    using seed = seedFile();
    const data = join(seed.folder, 'lab');
    const before = await LiveLab.up(['--tenant', seed.path, '--data', data]);
    const beginning = await exported(before);
    const kid = await keyIds(before);
    await administer(before);
    const changed = await exported(before);
    expect(changed).not.toBe(beginning);
    await before.signal('SIGKILL');

    writeFileSync(seed.path, CONTOSO.replace('lab-value-1', 'lab-value-9'));
    const again = ['up', '--tenant', seed.path, '--data', data, '--deployment', 'standalone', ...FREE_PORTS];
    const refused = await isebed(again);
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('has begun with another tenant') });

    const after = await LiveLab.up([], { ISEBED_DATA: data });
    expect(await exported(after)).toBe(changed);
    expect(await keyIds(after)).toEqual(kid);
    await after.call('POST', 'isebed/v1/tenant/reset');
    expect(await exported(after)).toBe(beginning);
    await after.stop();
  });

  it('comes up with a tenant that is not ready, and says what ISE does not like about it', async () => {
    using seed = seedFile(CONTOSO.replace('name: ISE mail,', 'name: ISE mail, adminConsent: false,'));
    const lab = await LiveLab.up(['--tenant', seed.path]);
    expect(lab.where.smtpSettings).toBe('not saved: the page shows "Invalid email address"');
    await lab.stop();
    using empty = seedFile('tenants: [{ name: Empty, domains: [empty.example] }]');
    const bare = await LiveLab.up(['--tenant', empty.path]);
    expect(bare.where).toMatchObject({ clientId: '', mailbox: '', smtpSettings: expect.stringMatching(/^not saved/) });
    await expect(bare.change({ 'entra.revokeConsent': {} })).rejects.toThrow('without an application for ISE');
    await bare.stop();
  });

  it('names every mistake of the file and ends with 2', async () => {
    using seed = seedFile(
      'tenants:\n  - { name: Contoso, domains: [contoso.com], user: [] }\nise: { mailbox: a@b.example }\n',
    );
    const { status, stdout, stderr } = await isebed(['up'], { ISEBED_TENANT: seed.path });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`${seed.path}:2:46  unknown key "user"`);
    expect(stderr).toContain(`${seed.path}:3:17  unknown mailbox "a@b.example"`);
  });
});

describe('the tenant API', () => {
  it('shows secret values to the administrator alone, and to nobody with a wrong password', async () => {
    using seed = seedFile();
    const lab = await LiveLab.up(['--tenant', seed.path]);
    expect(await exported(lab, {})).not.toMatch(/"value":|lab-value/);
    expect(await exported(lab)).toContain('"value":"lab-value-1"');
    for (const [method, authorization] of [
      ['GET', WRONG_PASSWORD],
      ['PUT', WRONG_PASSWORD],
      ['PUT', ''],
    ] as const) {
      const answer = await fetch(api(lab), {
        method,
        headers: { authorization },
        ...(method === 'PUT' ? { body: CONTOSO } : {}),
      });
      expect([method, answer.status]).toEqual([method, 401]);
    }
    await lab.stop();
  });

  it('gives the seeded state back byte for byte, whatever Graph and cmdlets did; mails stay', async () => {
    using seed = seedFile();
    const lab = await LiveLab.up(['--tenant', seed.path]);
    const before = await exported(lab);
    await lab.submit(await lab.token(), { subject: 'kept' });
    await administer(lab);
    await lab.change({ 'entra.addSecret': { as: 'another' }, 'exchange.settings': { messagesPerMinuteMax: 1 } });
    const { differences } = await lab.call('POST', 'isebed/v1/tenant/compare');
    expect(differences.map(({ text }: { text: string }) => text)).toEqual([
      'Contoso / users / new@contoso.com: added',
      'Contoso / applications / ISE mail / secrets / another: added',
      'Contoso / exchange / smtpClientAuthenticationDisabled: false -> true',
      'Exchange Online / messagesPerMinuteMax: added',
    ]);
    await lab.call('POST', 'isebed/v1/tenant/reset');
    expect(await exported(lab)).toBe(before);
    expect(await lab.call('POST', 'isebed/v1/tenant/compare')).toEqual({ equal: true, differences: [] });
    expect(await lab.call('GET', 'api/v1/messages')).toMatchObject({ total: 1 });
    for (const subject of ['one', 'two']) expect(await lab.submit(await lab.token(), { subject })).toMatch(/^250 /);
    await lab.stop();
  });

  it('begins anew with a state that was exported, or with a seed, and keeps the signing key', async () => {
    using seed = seedFile();
    const lab = await LiveLab.up(['--tenant', seed.path]);
    const kid = await keyIds(lab);
    const token = await lab.token();
    const state = await exported(lab);
    const put = (body: string, type: string) =>
      fetch(api(lab), { method: 'PUT', body, headers: { authorization: ADMINISTRATOR, 'content-type': type } });
    const other =
      'tenants: [{ name: Other, domains: [other.example], users: [{ userPrincipalName: a@other.example }], applications: [{ name: A }] }]';
    expect((await put(other, 'application/yaml')).status).toBe(200);
    expect(await lab.call('GET', 'isebed/v1/testbed')).toMatchObject({ mailbox: 'a@other.example' });
    expect(await keyIds(lab, 'other.example')).toEqual(kid);
    expect((await put(state, 'application/json')).status).toBe(200);
    expect(await exported(lab)).toBe(state);
    expect(await lab.submit(token, { subject: 'with a token from before' })).toMatch(/^250 /);
    await lab.call('POST', 'isebed/v1/reset');
    expect(await keyIds(lab)).toEqual(kid);
    expect(await lab.submit(token, { subject: 'and after a reset of everything' })).toMatch(/^250 /);
    await lab.stop();
  });

  it('refuses what is no tenant with all its mistakes, and stays as it is', async () => {
    using seed = seedFile();
    const lab = await LiveLab.up(['--tenant', seed.path]);
    const before = await exported(lab);
    const answer = await fetch(api(lab), {
      method: 'PUT',
      headers: { authorization: ADMINISTRATOR },
      body: '{\n"tenants": [{ "name": "A/B", "domains": [] }]\n}',
    });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 400,
      body: {
        mistakes: [
          { file: 'body', line: 2, column: 23 },
          { file: 'body', line: 2 },
        ],
      },
    });
    expect(await exported(lab)).toBe(before);
    await lab.stop();
  });
});

describe('the tenant API with passwords', () => {
  it('opens to the one of the API, and for secrets and other tenants to that of the administrator', async () => {
    using seed = seedFile();
    const passwords = { ISEBED_API_PASSWORD: 'password-of-api', ISEBED_ADMIN_PASSWORD: 'password-of-admin' };
    const lab = await LiveLab.up(['--tenant', seed.path], passwords);
    const basic = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });
    expect((await fetch(api(lab))).status).toBe(401);
    expect((await fetch(api(lab), { headers: { authorization: ADMINISTRATOR } })).status).toBe(401);
    const seen = await exported(lab, basic('isebed:password-of-api'));
    expect(seen).toContain('"tenantDomain":"contoso.com"');
    expect(seen).not.toContain('lab-value');
    expect(await exported(lab, basic('admin:password-of-admin'))).toContain('lab-value-1');
    const port = new URL(lab.where.api.url).port;
    const command = (words: string[], env = {}) => isebed(['tenant', ...words, '--api-port', port], env);
    expect(await command(['compare'], passwords)).toMatchObject({ status: 0 });
    expect(await command(['apply', seed.path], passwords)).toMatchObject({ status: 0 });
    expect(await command(['compare'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('asks for a password'),
    });
    expect(await command(['apply', seed.path])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('refuses the password of admin'),
    });
    await lab.stop();
  });
});

describe('isebed tenant', () => {
  it('exports, compares with exit status 0 or 1, applies and resets', async () => {
    using seed = seedFile();
    const lab = await LiveLab.up(['--tenant', seed.path]);
    const out = join(seed.folder, 'state.json');
    expect(await tenantCommand(lab, 'export', '--with-secrets', '--out', out)).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(JSON.parse(readFileSync(out, 'utf8')))).toBe(await exported(lab));
    expect((await tenantCommand(lab, 'export', '--json')).stdout).not.toContain('lab-value');
    expect(await tenantCommand(lab, 'compare')).toMatchObject({ status: 0, stdout: 'no difference\n' });
    await lab.change({ 'exchange.removeMailboxPermission': {} });
    const line = 'Contoso / exchange / mailboxes / ise@contoso.com / permissions / ISE mail: removed';
    for (const against of [[], [seed.path], [out]]) {
      expect(await tenantCommand(lab, 'compare', ...against)).toMatchObject({ status: 1, stdout: `${line}\n` });
    }
    const { stdout } = await tenantCommand(lab, 'compare', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ equal: false, differences: [{ kind: 'removed', text: line }] });
    const { tenantId } = lab.where;
    expect(await tenantCommand(lab, 'reset')).toMatchObject({ status: 0, stdout: `tenant ID ${tenantId}\n` });
    expect(await tenantCommand(lab, 'compare', out)).toMatchObject({ status: 0 });
    expect(await tenantCommand(lab, 'apply', out, '--json')).toMatchObject({
      status: 0,
      stdout: `{"tenantId":"${tenantId}"}\n`,
    });
    await lab.stop();
    expect(await tenantCommand(lab, 'compare')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no testbed answers'),
    });
    expect(await isebed(['tenant', 'compare', seed.path, out])).toMatchObject({ status: 0, stdout: 'no difference\n' });
  });

  it.each([
    ['a file with mistakes', ['compare', 'FILE', 'FILE'], 'unknown key "tenents"'],
    ['a file that is missing', ['apply', '/nowhere.yaml'], 'there is no such file'],
    ['a port that is none', ['reset', '--api-port', 'x'], '--api-port: "x" is not a port'],
    ['an unknown subcommand', ['rest'], 'unknown command'],
  ])('ends with 2 for %s', async (_what, words, message) => {
    using seed = seedFile('tenents: []');
    const { status, stdout, stderr } = await isebed([
      'tenant',
      ...words.map((word) => word.replace('FILE', seed.path)),
    ]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('explains itself with examples', async () => {
    for (const command of [[], ['export'], ['compare'], ['apply'], ['reset']]) {
      const { status, stdout } = await isebed(['tenant', ...command, '--help']);
      expect(status).toBe(0);
      expect(stdout).toContain(command.length === 0 ? '$ isebed tenant compare contoso.yaml' : '--api-port <port>');
    }
  });
});

describe('a scenario with tenants of its own', () => {
  const SCENARIO = `
name: A tenant of one's own
given:
  tenant: { file: tenants/tenant.yaml }
  guests: [{ username: '1001', emailAddress: testuser@guests.example }]
steps:
  - click: psn1 / Sponsor Portal / Resend
    with: { guest: '1001' }
    mail: { outcome: delivered, from: psn1, to: guest }
  - break: the service principal is gone
    exchange.removeServicePrincipal: { appId: '{{app.clientId}}' }
  - click: pan1 / SMTP Server / Test Connection
    gui: Invalid email address
`;

  function scenario(seed: string) {
    const folder = temporaryFolder();
    const file = join(folder.path, 'case.yaml');
    writeFileSync(file, SCENARIO.replace('tenants/', ''));
    writeFileSync(join(folder.path, 'tenant.yaml'), seed);
    return { folder: folder.path, file, [Symbol.dispose]: () => folder[Symbol.dispose]() };
  }

  it('runs with them, always to the same bytes, and the seed beside it is not taken for a scenario', async () => {
    using given = scenario(CONTOSO);
    const { status, stdout, stderr } = await isebed(['run', given.folder, '--repeat', '3', '--reporter', 'json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { scenarios } = JSON.parse(stdout);
    expect(scenarios).toHaveLength(3);
    expect(new Set(scenarios.map(({ journalSha256 }: { journalSha256: string }) => journalSha256)).size).toBe(1);
  });

  it('is invalid where their file is', async () => {
    using given = scenario(CONTOSO.replace('Contoso\n', 'Contoso\n    colour: red\n'));
    for (const command of ['validate', 'run']) {
      const { status, stderr } = await isebed([command, given.file]);
      expect([command, status]).toEqual([command, 2]);
      expect(stderr).toContain('tenant.yaml:4:5  unknown key "colour"');
    }
    expect(existsSync(given.file)).toBe(true);
  });
});

describe('beginning anew', () => {
  it('gets its ports back from somebody who had one of them meanwhile', async () => {
    const lab = await LiveLab.up();
    const port = Number(new URL(lab.where.nodes[0]?.url ?? '').port);
    let wasTaken = false;
    const taker = setInterval(() => {
      const server = createServer().once('error', () => undefined);
      server.listen(port, '127.0.0.1', () => {
        wasTaken = true;
        clearInterval(taker);
        setTimeout(() => server.close(), 1_500);
      });
    }, 1);
    const answer = await fetch(api(lab), { method: 'PUT', headers: { authorization: ADMINISTRATOR }, body: CONTOSO });
    clearInterval(taker);
    expect({ status: answer.status, wasTaken }).toEqual({ status: 200, wasTaken: true });
    expect(await lab.call('GET', 'readyz')).toEqual({ status: 'ok' });
  });
});
