import { besides, describeClient, runClient, runNodeClient, versionOf, type ClientProgram } from './client-run.ts';
import type { ClientRun } from './client-run.ts';
import { LiveLab } from './live-lab.ts';
import { packageVersion } from './package-version.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

const NOBODY = '11111111-2222-3333-4444-555555555555';

interface TokenCase {
  name: string;
  env?: Record<string, string>;
  trusts?: boolean;
  broken?: Record<string, unknown>;
  /** Time goes on by that much first. */
  after?: string;
  /** What both clients tell. */
  prints: RegExp;
}

const CASES: readonly TokenCase[] = [
  { name: 'good tenant', prints: /^token acquired$/m },
  {
    name: 'no admin consent (no error: the token has no roles)',
    broken: { 'entra.revokeConsent': {} },
    prints: /^token acquired$/m,
  },
  { name: 'lab root not trusted', trusts: false, prints: /network_error|CERTIFICATE_VERIFY_FAILED/ },
  { name: 'wrong secret', env: { CLIENT_SECRET: 'wrong' }, prints: /invalid_client: .*AADSTS7000215: Invalid client/ },
  { name: 'secret deleted', broken: { 'entra.removeSecret': { secret: 'current' } }, prints: /AADSTS7000215/ },
  {
    name: 'unknown tenant',
    env: { TENANT: NOBODY },
    prints: /AADSTS90002: Tenant|Unable to get authority configuration/,
  },
  {
    name: 'malformed tenant',
    env: { TENANT: 'no_such_tenant!' },
    prints: /AADSTS900023|Unable to get authority configuration/,
  },
  { name: 'client ID of no application', env: { CLIENT_ID: NOBODY }, prints: /unauthorized_client: .*AADSTS700016/ },
  {
    name: 'client ID of zeros',
    env: { CLIENT_ID: '00000000-0000-0000-0000-000000000000' },
    prints: /AADSTS700038/,
  },
  {
    name: 'scope without /.default',
    env: { SCOPE: 'https://outlook.office.com/SMTP.SendAsApp' },
    prints: /AADSTS1002012/,
  },
  { name: 'resource that is not there', env: { SCOPE: 'https://mail.example/.default' }, prints: /AADSTS500011/ },
  { name: 'application disabled', broken: { 'entra.application': { enabled: false } }, prints: /AADSTS7000112/ },
  {
    name: 'blocked by Conditional Access',
    broken: { 'entra.policies': { blockedByConditionalAccess: ['{{app.clientId}}'] } },
    prints: /AADSTS53003/,
  },
  {
    name: 'too many requests (429)',
    broken: { 'entra.policies': { throttling: { requestsMax: 0, window: '1m', retryAfter: '60s' } } },
    prints: /token_parsing_error|Token response is not in json format/,
  },
  {
    name: 'Entra down (503)',
    broken: { 'entra.settings': { serviceHealth: { status: 'down', httpStatus: 503 } } },
    prints: /token_parsing_error|503 Server Error/,
  },
  { name: 'secret expired', after: '366d', prints: /AADSTS7000222/ },
];

interface TokenClient extends ClientProgram {
  ask: (lab: LiveLab, env: Record<string, string>, roots: string | undefined) => Promise<ClientRun>;
}

const CLIENTS: readonly TokenClient[] = [
  {
    id: 'msal-node',
    name: 'msal-node',
    version: packageVersion('@azure/msal-node'),
    ask: ({ where }, env, roots) => runNodeClient('msal-client.mjs', { ports: { 443: where.https.port }, roots }, env),
  },
  {
    id: 'msal-python',
    name: 'MSAL for Python',
    version: versionOf('/usr/bin/python3', ['-c', 'import msal; print(msal.__version__)'], /^(\d+\.\S+)/),
    ask: ({ where }, env, roots) =>
      runClient('/usr/bin/python3', [besides('msal_client.py')], {
        env: {
          ISEBED_TEST_HTTPS_PORT: String(where.https.port),
          ...(roots === undefined ? {} : { REQUESTS_CA_BUNDLE: roots }),
          ...env,
        },
      }),
  },
];

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.up();
});
afterAll(() => LiveLab.killAll());

for (const client of CLIENTS) {
  describeClient(client, (record) => {
    it.each(CASES)('$name', async ({ name, env = {}, trusts = true, broken, after, prints }) => {
      await lab.call('POST', 'isebed/v1/reset');
      const secret = await lab.secret();
      if (broken) await lab.change(broken);
      if (after) await lab.call('POST', 'isebed/v1/time/jumps', { by: after });
      const settings = {
        TENANT: lab.where.tenantId,
        CLIENT_ID: lab.where.clientId,
        CLIENT_SECRET: secret,
        SCOPE: 'https://outlook.office.com/.default',
        ...env,
      };
      const run = await client.ask(lab, settings, trusts ? lab.where.labRoots : undefined);
      record.note(name, run, [secret]);
      expect(run.printed).toMatch(prints);
      expect(run.status).toBe(prints.source.includes('token acquired') ? 0 : 1);
    });
  });
}
