import { ExchangeOnline } from '#mocks/exchange';
import { EntraDirectory } from '#mocks/entra';
import { Random } from '#libs/simulation';
import { mailboxOf } from './tenant-beginning.ts';
import { EVERYTHING, sourceOf, START, stateOf } from './tenants.fixture.ts';

const contoso = (rest = '', more = ''): string =>
  `tenants: [{ name: Contoso, domains: [contoso.com], users: [{ userPrincipalName: ise@contoso.com }${more}], applications: [{ name: ISE mail${rest} }] }]`;

describe('a state from a seed', () => {
  it('is the same, byte for byte, for the same seed and the same chance, and another for another chance', () => {
    expect(JSON.stringify(stateOf(EVERYTHING))).toBe(JSON.stringify(stateOf(EVERYTHING)));
    expect(JSON.stringify(stateOf(contoso(), '8'))).not.toBe(JSON.stringify(stateOf(contoso(), '7')));
  });

  it('is healthy where the seed says nothing', () => {
    const { entra, exchange, application, mailbox, secrets } = stateOf(contoso());
    const [tenant] = entra.tenants;
    const [organization] = exchange.organizations;
    expect(mailbox).toBe('ise@contoso.com');
    expect(
      tenant?.appRoleAssignments.filter(({ principalId }) => principalId === application?.servicePrincipalObjectId),
    ).toHaveLength(1);
    expect(tenant?.applications[0]?.secrets).toMatchObject([
      { displayName: 'current', endsAt: START + 365 * 86_400_000 },
    ]);
    expect(organization?.servicePrincipals).toMatchObject([
      { appId: application?.clientId, objectId: application?.servicePrincipalObjectId },
    ]);
    expect(organization?.mailboxes).toMatchObject([
      {
        address: 'ise@contoso.com',
        permissions: [{ trustee: application?.servicePrincipalObjectId, accessRights: ['FullAccess'] }],
      },
    ]);
    expect(secrets.map(({ name }) => name)).toEqual(['current', 'administrator']);
  });

  it('gives an object the same ID whatever else the seed has', () => {
    const [one, other] = [stateOf(contoso()), stateOf(contoso('', ', { userPrincipalName: b@contoso.com }'))];
    expect(other.application).toEqual(one.application);
    expect(other.entra.tenants[0]?.users[0]?.id).toBe(one.entra.tenants[0]?.users[0]?.id);
  });

  it('has been there for a day, so that nothing of it is still on its way', () => {
    const { entra, exchange } = stateOf(EVERYTHING);
    const day = START - 86_400_000;
    expect(entra.tenants[1]?.applications[0]?.secrets[0]).toMatchObject({ startsAt: day, addedAt: day });
    expect(exchange.organizations[1]?.mailboxes[0]?.permissions[0]).toMatchObject({ since: day });
  });

  it('has everything that the seed says of Entra', () => {
    const { entra, application, secrets } = stateOf(EVERYTHING);
    const [tenant, other] = entra.tenants;
    expect(entra.settings).toEqual({
      secretReplicationLagMs: 120_000,
      secretRemovalLagMs: 60_000,
      newApplicationLagMs: 30_000,
      serviceHealth: { status: 'degraded', aadsts: 90033 },
    });
    const [ise, old, deleted, shared] = tenant?.applications ?? [];
    expect(tenant).toMatchObject({
      tenantId: '0a000000-0000-4000-8000-000000000001',
      verifiedDomains: ['contoso.com', 'contoso.onmicrosoft.com'],
      unverifiedDomains: ['contoso.net'],
      subscribedSkus: [{ seats: 3 }],
      policies: {
        tokenLifetimeS: 7_200,
        blockedByConditionalAccess: [old?.clientId],
        throttling: { requestsMax: 10, windowMs: 60_000, retryAfterS: 5, answer: 'plain-text' },
        graphThrottling: { requestsMax: 20, windowMs: 60_000, retryAfterS: 7 },
        loopDetection: { requestsMax: 30, windowMs: 300_000 },
      },
    });
    expect(
      tenant?.users.map(({ assignedLicenses, accountEnabled }) => [assignedLicenses.length, accountEnabled]),
    ).toEqual([
      [1, true],
      [0, false],
      [0, true],
    ]);
    expect(application).toMatchObject({
      clientId: '0b000000-0000-4000-8000-000000000001',
      servicePrincipalObjectId: '0c000000-0000-4000-8000-000000000001',
    });
    expect(ise?.secrets).toMatchObject([
      { displayName: 'next' },
      { displayName: 'current', startsAt: Date.parse('2026-01-01'), endsAt: Date.parse('2027-01-01') },
    ]);
    expect(secrets.find(({ name }) => name === 'current')?.value).toBe('lab-value-1');
    expect(secrets.map(({ name }) => name)).toEqual([
      'next',
      'current',
      'Contoso/Deleted/current',
      'Contoso/Shared app/current',
      'Fabrikam/ISE mail/current',
      'administrator',
    ]);
    expect(old).toMatchObject({ disabledByMicrosoft: true, secrets: [] });
    const principalOf = (clientId: string | undefined) =>
      tenant?.servicePrincipals.find(({ appId }) => appId === clientId);
    expect(principalOf(old?.clientId)?.accountEnabled).toBe(false);
    expect(
      tenant?.appRoleAssignments.some(({ principalId }) => principalId === principalOf(old?.clientId)?.objectId),
    ).toBe(false);
    expect(principalOf(deleted?.clientId)).toBeUndefined();
    expect(principalOf(shared?.clientId)?.directoryRoles).toHaveLength(1);
    expect(shared).toMatchObject({ signInAudience: 'AzureADMultipleOrgs', trustedCertificateSubjects: ['CN=shared'] });
    const foreign = other?.servicePrincipals.find(({ appId }) => appId === shared?.clientId);
    expect(foreign?.appOwnerTenantId).toBe(tenant?.tenantId);
    expect(other?.appRoleAssignments.some(({ principalId }) => principalId === foreign?.objectId)).toBe(false);
    expect(other?.applications.map(({ displayName }) => displayName)).toEqual(['ISE mail']);
  });

  it('has everything that the seed says of Exchange', () => {
    const { exchange, exchangeSettings, entra } = stateOf(EVERYTHING);
    const [contosoOrganization, fabrikam] = exchange.organizations;
    const [ise, , deleted] = entra.tenants[0]?.applications ?? [];
    const enterprise = '0c000000-0000-4000-8000-000000000001';
    expect(exchange.conditions).toMatchObject({ isTlsRateExceeded: true, temporaryAuthenticationFailure: '451 4.7.0' });
    expect(exchangeSettings).toEqual({
      messagesPerMinuteMax: 5,
      rateDelayMsMax: 0,
      permissionPropagation: { denyMs: 60_000, flapMs: 300_000, flapEveryMs: 30_000 },
    });
    expect(contosoOrganization).toMatchObject({
      smtpClientAuthenticationDisabled: true,
      maxRecipientEnvelopeLimit: 100,
      basicAuthentication: 'allowed',
      sendingBlock: '5.7.705',
      acceptedDomains: [
        { name: 'contoso.com', type: 'authoritative' },
        { name: 'contoso.onmicrosoft.com', type: 'authoritative' },
        { name: 'relay.contoso.com', type: 'internal-relay' },
      ],
      otherRecipients: ['all@contoso.com'],
      servicePrincipals: [
        { appId: ise?.clientId, objectId: ise?.objectId },
        { appId: deleted?.clientId },
        { appId: '0d000000-0000-4000-8000-000000000001', displayName: 'Stranger' },
      ],
      managementScopes: [{ name: 'team' }],
      roleAssignments: [{ app: ise?.objectId, customResourceScope: 'team' }],
    });
    expect(contosoOrganization?.servicePrincipals[0]?.objectId).not.toBe(enterprise);
    expect(contosoOrganization?.mailboxes).toMatchObject([
      {
        address: 'ise@contoso.com',
        aliases: ['mail@contoso.com'],
        hasLicense: true,
        smtpClientAuthenticationDisabled: false,
        permissions: [{ trustee: ise?.objectId, since: Date.parse('2026-02-01T12:00:00Z') }],
      },
      { address: 'former@contoso.com', hasLicense: false, conditions: ['full'] },
      {
        address: 'team@contoso.com',
        kind: 'shared',
        customAttribute1: 'ise',
        permissions: [{ trustee: 'ise@contoso.com', deny: true, accessRights: ['ReadPermission'] }],
        sendAs: [{ trustee: ise?.objectId }],
      },
    ]);
    expect(fabrikam?.servicePrincipals).toHaveLength(2);
  });

  it('is one that directory and Exchange can begin with, and export again to the byte', () => {
    const state = stateOf(EVERYTHING);
    const random = new Random('7');
    const directory = EntraDirectory.fromState(state.entra, { clock: { now: () => START }, random });
    expect(JSON.stringify(directory.exportState())).toBe(JSON.stringify(state.entra));
    const online = ExchangeOnline.fromState(state.exchange, { random: random.stream('exchange') });
    expect(JSON.stringify(online.exportState())).toBe(JSON.stringify(state.exchange));
  });

  it('may have neither an application nor a mailbox for ISE', () => {
    const text = '{ tenants: [{ name: Empty, domains: [empty.example] }] }';
    expect(stateOf(text)).toMatchObject({ mailbox: '', tenantDomain: 'empty.example' });
    expect(stateOf(text)).not.toHaveProperty('application');
  });
});

describe('the mailbox of ISE', () => {
  it.each([
    ['is the one that the seed names', 'ise: { mailbox: B@contoso.com }', 'b@contoso.com'],
    ['is the first one of the tenant that has the application', 'ise: { application: Second }', 'x@fabrikam.com'],
    ['is the first one otherwise', '', 'a@contoso.com'],
  ])('%s', (_what, ise, expected) => {
    const source = sourceOf(`${ise}
tenants:
  - { name: Contoso, domains: [contoso.com], users: [{ userPrincipalName: a@contoso.com }, { userPrincipalName: b@contoso.com }], applications: [{ name: First }] }
  - { name: Fabrikam, domains: [fabrikam.com], users: [{ userPrincipalName: x@fabrikam.com }], applications: [{ name: Second }] }`);
    expect(mailboxOf(source)).toBe(expected);
  });
});
