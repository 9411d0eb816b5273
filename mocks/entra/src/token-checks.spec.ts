import { Random, VirtualClock } from '#libs/simulation';
import { EntraDirectory, type EntraDirectoryOptions } from './entra-directory.ts';
import { TOKEN_CHECKS } from './token-checks.ts';
import { judgeTokenRequest } from './token-judgement.ts';
import { parseTokenRequest, type TokenRequest } from './token-request.ts';

const NOW = Date.parse('2026-02-02T05:00:00Z');
const SECOND = 1_000;
const DAY = 86_400_000;

type DirectoryChange = (directory: EntraDirectory, tenantId: string, clientId: string) => void;

/** A directory where the request that comes with it succeeds. */
async function aDirectory(options: Partial<EntraDirectoryOptions> = {}) {
  return VirtualClock.run({ startAt: NOW }, async (clock) => {
    const directory = new EntraDirectory({ clock, random: new Random('7'), ...options });
    const { tenantId } = directory.createTenant({ displayName: 'Lab', verifiedDomains: ['Lab.Example'] });
    const { clientId } = directory.registerApplication(tenantId, { displayName: 'ISE mail' });
    const secret = directory.addSecret(tenantId, clientId, { displayName: 'x', startsAt: NOW, endsAt: NOW + 30 * DAY });
    directory.addPermission(tenantId, clientId, 'SMTP.SendAsApp');
    directory.grantAdminConsent(tenantId, clientId);
    const request: TokenRequest = {
      method: 'POST',
      tenant: tenantId,
      grantType: 'client_credentials',
      clientId,
      clientSecret: secret.value,
      clientAssertion: '',
      clientAssertionType: '',
      scope: 'https://outlook.office.com/.default',
      handlesRevocation: false,
      hasTelemetry: false,
    };
    return { directory, tenantId, clientId, secret, request };
  });
}

/** Every role as if Graph had assigned it. */
function assignOnGraph(directory: EntraDirectory, tenantId: string): void {
  const { appRoleAssignments = [], servicePrincipals = [] } = directory.findTenant(tenantId) ?? {};
  const graph = servicePrincipals.find(({ appId }) => appId === '00000003-0000-0000-c000-000000000000');
  for (const assignment of appRoleAssignments) assignment.resourceId = graph?.objectId ?? '';
}

describe('checks of the token endpoint', () => {
  it.each<[string, Partial<TokenRequest>, number, string]>([
    ['GET', { method: 'GET' }, 900561, 'method'],
    ['a tenant that is no name at all', { tenant: 'my tenant' }, 900023, 'tenant-malformed'],
    ['a tenant name without a domain', { tenant: 'lab' }, 900023, 'tenant-malformed'],
    ['a tenant ID that nobody has', { tenant: '11111111-1111-4111-8111-111111111111' }, 90002, 'tenant-unknown'],
    ['a domain that nobody has verified', { tenant: 'nowhere.example' }, 90002, 'tenant-unknown'],
    ['another grant type', { grantType: 'password' }, 70003, 'grant-type'],
    ['no grant type', { grantType: '' }, 900144, 'parameter-missing'],
    ['no client ID', { clientId: '' }, 900144, 'parameter-missing'],
    ['no scope', { scope: '' }, 900144, 'parameter-missing'],
    ['/common', { tenant: 'common' }, 9001023, 'tenant-not-specific'],
    ['/Organizations', { tenant: 'Organizations' }, 9001023, 'tenant-not-specific'],
    ['a client ID that is no GUID', { clientId: 'ise' }, 700038, 'client-id-invalid'],
    ['a client ID of zeros', { clientId: '00000000-0000-0000-0000-000000000000' }, 700038, 'client-id-invalid'],
    ['an unknown application', { clientId: '22222222-2222-4222-8222-222222222222' }, 700016, 'application-unknown'],
    ['no secret', { clientSecret: '' }, 7000218, 'secret-missing'],
    ['a wrong secret', { clientSecret: 'wrong' }, 7000215, 'secret-wrong'],
    ['a scope with a quote', { scope: 'https://outlook.office.com"/.default' }, 70011, 'scope-malformed'],
    [
      'two resources',
      { scope: 'https://outlook.office.com/.default https://graph.microsoft.com/.default' },
      700022,
      'scope-of-two-resources',
    ],
    [
      'a scope that names a permission',
      { scope: 'https://outlook.office.com/SMTP.Send' },
      1002012,
      'scope-without-default',
    ],
    ['an unknown resource', { scope: 'https://mail.lab.example/.default' }, 500011, 'resource-unknown'],
  ])('refuses %s', async (_what, change, aadsts, reason) => {
    const { directory, request } = await aDirectory();
    expect(judgeTokenRequest(request, directory, NOW).kind).toBe('granted');
    expect(judgeTokenRequest({ ...request, ...change }, directory, NOW)).toMatchObject({
      kind: 'refused',
      refusal: { aadsts, reason },
    });
  });

  it('refuses a disabled application, and serves it again once it is enabled', async () => {
    const { directory, request, tenantId, clientId } = await aDirectory();
    directory.setApplicationEnabled(tenantId, clientId, false);
    expect(judgeTokenRequest(request, directory, NOW)).toMatchObject({
      refusal: { aadsts: 7000112, reason: 'application-disabled', text: expect.stringContaining('(ISE mail)') },
    });
    directory.setApplicationEnabled(tenantId, clientId, true);
    expect(judgeTokenRequest(request, directory, NOW).kind).toBe('granted');
  });

  it.each([
    [-SECOND, undefined],
    [0, 'secret-expired'],
    [SECOND, 'secret-expired'],
  ])('judges a secret %i ms after its end date: %s', async (offset, reason) => {
    const { directory, request } = await aDirectory();
    const judgement = judgeTokenRequest(request, directory, NOW + 30 * DAY + offset);
    expect(judgement.kind === 'refused' ? judgement.refusal.reason : undefined).toBe(reason);
  });

  it.each([
    [19 * SECOND, 'secret-too-new'],
    [20 * SECOND, undefined],
  ])('judges a secret of %i ms that takes 20 s to be replicated: %s', async (age, reason) => {
    const { directory, request } = await aDirectory({ secretReplicationLagMs: 20 * SECOND });
    const judgement = judgeTokenRequest(request, directory, NOW + age);
    expect(judgement.kind === 'refused' ? judgement.refusal.reason : undefined).toBe(reason);
    if (judgement.kind === 'refused') expect(judgement.refusal).toMatchObject({ aadsts: 7000215 });
  });

  it('refuses a secret before its start date', async () => {
    const { directory, request, tenantId, clientId } = await aDirectory();
    const { value } = directory.addSecret(tenantId, clientId, {
      displayName: 'y',
      startsAt: NOW + DAY,
      endsAt: NOW + 2 * DAY,
    });
    const later = { ...request, clientSecret: value };
    expect(judgeTokenRequest(later, directory, NOW + DAY - SECOND).kind).toBe('refused');
    expect(judgeTokenRequest(later, directory, NOW + DAY).kind).toBe('granted');
  });

  it('knows a pasted secret ID from a wrong secret, and answers the same', async () => {
    const { directory, request, secret } = await aDirectory();
    const judge = (clientSecret: string) => judgeTokenRequest({ ...request, clientSecret }, directory, NOW);
    const [wrong, pasted] = [judge('wrong'), judge(secret.secretId.toUpperCase())];
    if (wrong.kind !== 'refused' || pasted.kind !== 'refused') throw new TypeError('granted');
    expect(pasted.refusal).toEqual({ ...wrong.refusal, reason: 'secret-is-the-id' });
  });

  it('accepts any of several secrets, and none that was removed', async () => {
    const { directory, request, tenantId, clientId, secret } = await aDirectory();
    const second = directory.addSecret(tenantId, clientId, { displayName: 'y', startsAt: NOW, endsAt: NOW + DAY });
    expect(judgeTokenRequest({ ...request, clientSecret: second.value }, directory, NOW).kind).toBe('granted');
    directory.removeSecret(tenantId, clientId, secret.secretId);
    expect(judgeTokenRequest(request, directory, NOW)).toMatchObject({ refusal: { reason: 'secret-wrong' } });
    expect(judgeTokenRequest({ ...request, clientSecret: second.value }, directory, NOW).kind).toBe('granted');
  });

  it('gives the old tenant ID up when the tenant moves to a new one', async () => {
    const { directory, request, tenantId } = await aDirectory();
    const moved = '33333333-3333-4333-8333-333333333333';
    directory.changeTenantId(tenantId, moved);
    expect(judgeTokenRequest(request, directory, NOW)).toMatchObject({ refusal: { reason: 'tenant-unknown' } });
    expect(judgeTokenRequest({ ...request, tenant: moved }, directory, NOW).kind).toBe('granted');
    expect(judgeTokenRequest({ ...request, tenant: 'LAB.EXAMPLE' }, directory, NOW).kind).toBe('granted');
  });

  it.each<[string, DirectoryChange, string, string[]]>([
    ['consent', () => undefined, 'https://outlook.office.com', ['SMTP.SendAsApp']],
    ['consent revoked', (directory, ...ids) => directory.revokeAdminConsent(...ids), 'https://outlook.office.com', []],
    ['consent, for another resource', () => undefined, 'https://graph.microsoft.com', []],
    [
      'a permission added since',
      (d, ...ids) => d.addPermission(...ids, 'Mail.Send'),
      'https://graph.microsoft.com',
      [],
    ],
    ['a role assigned on a resource that does not offer it', assignOnGraph, 'https://outlook.office.com', []],
    ['consent, resource named by its ID', () => undefined, '00000002-0000-0ff1-ce00-000000000000', ['SMTP.SendAsApp']],
    ['consent, resource with a slash', () => undefined, 'https://outlook.office365.com/', ['SMTP.SendAsApp']],
  ])('grants the roles that follow from %s', async (_what, change, audience, roles) => {
    const { directory, request, tenantId, clientId } = await aDirectory();
    change(directory, tenantId, clientId);
    const judgement = judgeTokenRequest({ ...request, scope: `${audience}/.default` }, directory, NOW);
    expect(judgement).toMatchObject({ kind: 'granted', audience, roles });
  });

  it('lets the earlier check answer when everything is wrong', async () => {
    const { directory, request } = await aDirectory();
    const hopeless: TokenRequest = {
      ...request,
      method: 'POST',
      tenant: 'nowhere.example',
      grantType: 'password',
      clientId: 'x',
      clientSecret: '',
      scope: 'x',
    };
    expect(judgeTokenRequest(hopeless, directory, NOW)).toMatchObject({ refusal: { reason: 'tenant-unknown' } });
    expect(TOKEN_CHECKS.map((check) => check.name).slice(2, 5)).toEqual([
      'methodIsPost',
      'tenantIsWellFormed',
      'tenantExists',
    ]);
  });
});

describe('form of a token request', () => {
  const raw = { method: 'POST', tenant: 'lab.example', query: new URLSearchParams(), headers: {} };

  it('matches names whatever the case, and tolerates what it does not know', () => {
    const body = 'CLIENT_ID=a&Scope=b%20&x-client-SKU=msal.js.node&x-client-last-telemetry=5|0|||0,0&grant_type=c';
    expect(parseTokenRequest({ ...raw, body })).toMatchObject({ clientId: 'a', scope: 'b', grantType: 'c' });
  });

  it('decodes the secret as a form does', () => {
    expect(parseTokenRequest({ ...raw, body: 'client_secret=a%7Eb%2Bc' }).clientSecret).toBe('a~b+c');
  });

  it('prefers the body to HTTP Basic', () => {
    const headers = { authorization: `Basic ${Buffer.from('basic:secret').toString('base64')}` };
    const parsed = parseTokenRequest({ ...raw, headers, body: 'client_id=body' });
    expect(parsed).toMatchObject({ clientId: 'body', clientSecret: 'secret' });
  });
});
