import { Random, RealClock } from '#libs/simulation';
import { EntraDirectory } from './entra-directory.ts';

function aDirectory(seed = '7') {
  const directory = new EntraDirectory({ clock: new RealClock(), random: new Random(seed) });
  const { tenantId } = directory.createTenant({ displayName: 'Lab', verifiedDomains: ['lab.example'] });
  return { directory, tenantId, application: directory.registerApplication(tenantId, { displayName: 'ISE mail' }) };
}

describe('EntraDirectory', () => {
  it('gives an application, its registration and its service principal three different IDs', () => {
    const { clientId, objectId, servicePrincipalObjectId } = aDirectory().application;
    expect(new Set([clientId, objectId, servicePrincipalObjectId]).size).toBe(3);
  });

  it('adds User.Read to a new application, without consent', () => {
    const [tenant] = aDirectory().directory.tenants;
    expect(tenant?.applications[0]?.requiredResourceAccess).toEqual([
      {
        resourceAppId: '00000003-0000-0000-c000-000000000000',
        resourceAccess: [{ id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', type: 'Scope' }],
      },
    ]);
    expect(tenant).toMatchObject({ oauth2Grants: [], appRoleAssignments: [] });
  });

  it('shows a secret once, in the form of Entra’s, and keeps its hash alone', () => {
    const { directory, tenantId, application } = aDirectory();
    const period = { displayName: 'first', startsAt: 0, endsAt: 1 };
    const { value } = directory.addSecret(tenantId, application.clientId, period);
    expect(value).toMatch(/^[A-Za-z0-9]{3}8Q~[A-Za-z0-9._~-]{34}$/);
    expect(JSON.stringify(directory.tenants)).not.toContain(value);
  });

  it('draws the same IDs and secrets from the same seed', () => {
    expect(aDirectory('7').application).toEqual(aDirectory('7').application);
    expect(aDirectory('7').application.clientId).not.toBe(aDirectory('8').application.clientId);
  });

  it('does not add a permission twice', () => {
    const { directory, tenantId, application } = aDirectory();
    directory.addPermission(tenantId, application.clientId, 'SMTP.SendAsApp');
    directory.addPermission(tenantId, application.clientId, 'SMTP.SendAsApp');
    const [registration] = directory.tenants[0]?.applications ?? [];
    expect(registration?.requiredResourceAccess.flatMap(({ resourceAccess }) => resourceAccess)).toHaveLength(2);
  });

  it.each<[string, (lab: ReturnType<typeof aDirectory>) => void]>([
    ['entra.tenant-unknown', ({ directory }) => directory.registerApplication('nowhere.example', { displayName: 'x' })],
    [
      'entra.application-unknown',
      ({ directory, tenantId }) => directory.setApplicationEnabled(tenantId, tenantId, true),
    ],
    [
      'entra.permission-unknown',
      ({ directory, tenantId, application }) => directory.addPermission(tenantId, application.clientId, 'Smtp.Send'),
    ],
    [
      'entra.secret-unknown',
      ({ directory, tenantId, application }) => directory.removeSecret(tenantId, application.clientId, tenantId),
    ],
    [
      'entra.secret-period',
      ({ directory, tenantId, application }) =>
        directory.addSecret(tenantId, application.clientId, { displayName: 'x', startsAt: 1, endsAt: 1 }),
    ],
    ['entra.tenant-id', ({ directory, tenantId }) => directory.changeTenantId(tenantId, 'not-a-guid')],
    [
      'entra.domain-taken',
      ({ directory }) => directory.createTenant({ displayName: 'x', verifiedDomains: ['LAB.example'] }),
    ],
  ])('throws %s', (code, operation) => {
    const lab = aDirectory();
    expect(() => operation(lab)).toThrow(expect.objectContaining({ code }));
  });
});
