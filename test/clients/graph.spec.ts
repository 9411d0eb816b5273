import { describeClient, runNodeClient } from './client-run.ts';
import { LiveLab } from './live-lab.ts';
import { packageVersion } from './package-version.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

const NOBODY = '22222222-2222-4222-8222-222222222222';
const A_USER = {
  accountEnabled: true,
  displayName: 'Sponsor portal',
  mailNickname: 'portal',
  userPrincipalName: 'portal@isebed.onmicrosoft.com',
  passwordProfile: { forceChangePasswordNextSignIn: false, password: 'correct-Horse-1' },
};

/** Applications of the tenant: the administrator may do everything, ISE's own nothing in Graph. */
interface Credentials {
  administrator: { clientId: string; value: string };
  ise: { clientId: string; value: string };
}

interface GraphCase {
  name: string;
  env?: (credentials: Credentials) => Record<string, string>;
  call: [method: 'GET' | 'POST', path: string, body?: object];
  trusts?: boolean;
  prints: RegExp;
}

const asIse = ({ ise }: Credentials): Record<string, string> => ({
  CLIENT_ID: ise.clientId,
  CLIENT_SECRET: ise.value,
});
const LIST: GraphCase['call'] = ['GET', '/users'];

/** In this order: the second user of a name comes after the first. */
const CASES: readonly GraphCase[] = [
  { name: 'good tenant: list applications', call: ['GET', '/applications'], prints: /: .*ISE mail/ },
  { name: 'good tenant: create a user', call: ['POST', '/users', A_USER], prints: /: Sponsor portal$/m },
  { name: 'good tenant: list users', call: LIST, prints: /: .*Sponsor portal/ },
  { name: 'lab root not trusted', call: LIST, trusts: false, prints: /network_error|fetch failed/ },
  { name: 'wrong secret', env: () => ({ CLIENT_SECRET: 'wrong' }), call: LIST, prints: /AADSTS7000215/ },
  { name: 'unknown tenant', env: () => ({ TENANT: NOBODY }), call: LIST, prints: /AADSTS90002/ },
  {
    name: 'scope without /.default',
    env: () => ({ SCOPE: 'https://graph.microsoft.com/User.Read.All' }),
    call: LIST,
    prints: /AADSTS1002012/,
  },
  { name: 'application without a role', env: asIse, call: LIST, prints: /403 Authorization_RequestDenied/ },
  {
    name: 'token for Exchange Online',
    env: () => ({ SCOPE: 'https://outlook.office.com/.default' }),
    call: LIST,
    prints: /401 InvalidAuthenticationToken/,
  },
  { name: 'token that is none', env: () => ({ TOKEN: 'none' }), call: LIST, prints: /401 InvalidAuthenticationToken/ },
  { name: 'user who does not exist', call: ['GET', `/users/${NOBODY}`], prints: /404 Request_ResourceNotFound/ },
  {
    name: 'user who exists already',
    call: ['POST', '/users', A_USER],
    prints: /400 Request_BadRequest.*already exists/,
  },
  {
    name: 'password too weak',
    call: [
      'POST',
      '/users',
      { ...A_USER, userPrincipalName: 'other@isebed.onmicrosoft.com', passwordProfile: { password: 'short' } },
    ],
    prints: /400 Request_BadRequest.*complexity/,
  },
  {
    name: 'user of a domain that is not verified',
    call: ['POST', '/users', { ...A_USER, userPrincipalName: 'x@elsewhere.example' }],
    prints: /400 Request_BadRequest.*domain/,
  },
  {
    name: 'segment that does not exist',
    call: ['GET', '/nonsense'],
    prints: /404 BadRequest: Resource not found for the segment/,
  },
];

const PROGRAM = {
  id: 'graph-client',
  name: 'Microsoft Graph client for JavaScript',
  version: packageVersion('@microsoft/microsoft-graph-client'),
};

describeClient(PROGRAM, (record) => {
  let lab: LiveLab;
  let credentials: Credentials;
  beforeAll(async () => {
    lab = await LiveLab.up();
    credentials = { administrator: await lab.credential('administrator'), ise: await lab.credential('current') };
  });
  afterAll(() => LiveLab.killAll());

  it.each(CASES)('$name', async ({ name, env, call: [method, path, body = {}], trusts = true, prints }) => {
    const { administrator, ise } = credentials;
    const { https, labRoots, tenantId } = lab.where;
    const ports = { 'login.microsoftonline.com:443': https.port, 'graph.microsoft.com:443': https.port };
    const run = await runNodeClient('graph-client.mjs', trusts ? { ports, roots: labRoots } : { ports }, {
      TENANT: tenantId,
      CLIENT_ID: administrator.clientId,
      CLIENT_SECRET: administrator.value,
      SCOPE: 'https://graph.microsoft.com/.default',
      METHOD: method,
      CALL: path,
      BODY: JSON.stringify(body),
      ...env?.(credentials),
    });
    record.note(name, run, [administrator.value, ise.value]);
    expect(run.printed).toMatch(prints);
    expect(run.status).toBe(name.startsWith('good tenant') ? 0 : 1);
  });
});
