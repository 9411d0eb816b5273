import { ClientRecord, runNodeClient } from './client-run.ts';
import { LiveLab } from './live-lab.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

interface TokenCase {
  name: string;
  env?: Record<string, string>;
  trusts?: boolean;
  broken?: Record<string, unknown>;
  /** Time goes on by that much first. */
  after?: string;
  prints: RegExp;
}

const CASES: readonly TokenCase[] = [
  { name: 'good tenant', prints: /^token acquired$/m },
  {
    name: 'no admin consent (no error: the token has no roles)',
    broken: { 'entra.revokeConsent': {} },
    prints: /^token acquired$/m,
  },
  { name: 'lab root not trusted', trusts: false, prints: /network_error/ },
  {
    name: 'wrong secret',
    env: { CLIENT_SECRET: 'wrong' },
    prints: /invalid_client: .*7000215.*AADSTS7000215: Invalid client secret provided/s,
  },
  { name: 'secret deleted', broken: { 'entra.removeSecret': { secret: 'current' } }, prints: /AADSTS7000215/ },
  { name: 'unknown tenant', env: { TENANT: '11111111-2222-3333-4444-555555555555' }, prints: /AADSTS90002: Tenant/ },
  { name: 'malformed tenant', env: { TENANT: 'no_such_tenant!' }, prints: /AADSTS900023/ },
  {
    name: 'client ID of no application',
    env: { CLIENT_ID: '11111111-2222-3333-4444-555555555555' },
    prints: /unauthorized_client: .*AADSTS700016/s,
  },
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
  { name: 'secret expired', after: '366d', prints: /AADSTS7000222/ },
];

describe('msal-node with its default HTTP client', () => {
  const record = new ClientRecord('msal-node');
  let lab: LiveLab;
  beforeAll(async () => {
    lab = await LiveLab.up();
  });
  afterAll(async () => {
    record.write();
    await LiveLab.killAll();
  });

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
    const run = await runNodeClient(lab, 'msal-client.mjs', settings, { trusts });
    record.note(name, run, [secret]);
    expect(run.printed).toMatch(prints);
    expect(run.status).toBe(prints.source.includes('token acquired') ? 0 : 1);
  });
});
