import { describeClient, runNodeClient } from './client-run.ts';
import { startGraphWorld, type GraphWorld } from './graph-world.ts';
import { temporaryFolder } from './live-lab.ts';
import { packageVersion } from './package-version.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

const NOBODY = '22222222-2222-4222-8222-222222222222';
const A_USER = {
  accountEnabled: true,
  displayName: 'No Reply',
  mailNickname: 'no-reply',
  userPrincipalName: 'no-reply@lab.example',
  passwordProfile: { forceChangePasswordNextSignIn: false, password: 'correct-Horse-1' },
};

interface GraphCase {
  name: string;
  env?: (world: GraphWorld) => Record<string, string>;
  call: [method: 'GET' | 'POST', path: string, body?: object];
  trusts?: boolean;
  prints: RegExp;
}

const asStranger = ({ stranger }: GraphWorld): Record<string, string> => ({
  CLIENT_ID: stranger.clientId,
  CLIENT_SECRET: stranger.value,
});
const LIST: GraphCase['call'] = ['GET', '/users'];

/** In this order: the second user of a name comes after the first. */
const CASES: readonly GraphCase[] = [
  { name: 'good tenant: list applications', call: ['GET', '/applications'], prints: /: .*ISE mail/ },
  { name: 'good tenant: create a user', call: ['POST', '/users', A_USER], prints: /: No Reply$/m },
  { name: 'good tenant: list users', call: LIST, prints: /: .*No Reply/ },
  { name: 'lab root not trusted', call: LIST, trusts: false, prints: /network_error|fetch failed/ },
  { name: 'wrong secret', env: () => ({ CLIENT_SECRET: 'wrong' }), call: LIST, prints: /AADSTS7000215/ },
  { name: 'unknown tenant', env: () => ({ TENANT: NOBODY }), call: LIST, prints: /AADSTS90002/ },
  {
    name: 'scope without /.default',
    env: () => ({ SCOPE: 'https://graph.microsoft.com/User.Read.All' }),
    call: LIST,
    prints: /AADSTS1002012/,
  },
  { name: 'application without a role', env: asStranger, call: LIST, prints: /403 Authorization_RequestDenied/ },
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
      { ...A_USER, userPrincipalName: 'other@lab.example', passwordProfile: { password: 'short' } },
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
  const folder = temporaryFolder();
  let world: GraphWorld;
  beforeAll(async () => {
    world = await startGraphWorld(folder.path);
  });
  afterAll(async () => {
    await world.close();
    folder[Symbol.dispose]();
  });

  it.each(CASES)('$name', async ({ name, env, call: [method, path, body = {}], trusts = true, prints }) => {
    const { administrator, stranger, client, tenantId } = world;
    const run = await runNodeClient('graph-client.mjs', trusts ? client : { ports: client.ports }, {
      TENANT: tenantId,
      CLIENT_ID: administrator.clientId,
      CLIENT_SECRET: administrator.value,
      SCOPE: 'https://graph.microsoft.com/.default',
      METHOD: method,
      CALL: path,
      BODY: JSON.stringify(body),
      ...env?.(world),
    });
    record.note(name, run, [administrator.value, stranger.value]);
    expect(run.printed).toMatch(prints);
    expect(run.status).toBe(name.startsWith('good tenant') ? 0 : 1);
  });
});
