import { Random, VirtualClock, type Clock } from '#libs/simulation';
import type { DirectoryChange } from './directory-core.ts';
import { EntraDirectory } from './entra-directory.ts';
import { DEVELOPER_SKU } from './licensing.ts';

const NOW = Date.parse('2026-02-02T05:00:00Z');

function inClock<T>(test: (clock: Clock) => T): Promise<T> {
  return VirtualClock.run({ startAt: NOW }, async (clock) => test(clock));
}

/** A directory with one of everything. */
function aDirectory(clock: Clock) {
  const directory = new EntraDirectory({ clock, random: new Random('7') });
  const { tenantId } = directory.createTenant({ displayName: 'Lab', verifiedDomains: ['lab.example'] });
  const application = directory.registerApplication(tenantId, { displayName: 'ISE mail' });
  const secret = directory.addSecret(tenantId, application.clientId, { displayName: 'x', startsAt: 0, endsAt: 1 });
  directory.addPermission(tenantId, application.clientId, 'SMTP.SendAsApp');
  directory.grantAdminConsent(tenantId, application.clientId);
  const user = directory.users.create(tenantId, {
    userPrincipalName: 'ise@lab.example',
    displayName: 'ISE',
    mailNickname: 'ise',
    usageLocation: 'DE',
  });
  return { directory, tenantId, application, secret, user };
}

const text = (directory: EntraDirectory): string => JSON.stringify(directory.exportState());

describe('state of the directory', () => {
  it('is exported with hashes in the place of secrets', async () => {
    await inClock((clock) => {
      const { directory, secret } = aDirectory(clock);
      expect(text(directory)).not.toContain(secret.value);
      expect(text(directory)).toContain(secret.secretId);
    });
  });

  it('has its keys in the same order whatever the order they were set in', async () => {
    await inClock((clock) => {
      const { directory, user } = aDirectory(clock);
      const before = text(directory);
      const { users } = directory.tenants[0] ?? { users: [] };
      const { createdAt, businessPhones, ...rest } = user;
      users[0] = { businessPhones, ...rest, createdAt };
      expect(Object.keys(users[0])[0]).toBe('businessPhones');
      expect(text(directory)).toBe(before);
    });
  });

  it('goes back to its seed byte for byte, and draws the same identifiers again', async () => {
    await inClock((clock) => {
      const { directory, tenantId, application } = aDirectory(clock);
      directory.keepAsSeed();
      const seed = text(directory);
      const mess = () => {
        directory.createTenant({ displayName: 'Other', verifiedDomains: ['other.example'] });
        const period = { displayName: 'y', startsAt: 0, endsAt: 1 };
        const { value } = directory.addSecret(tenantId, application.clientId, period);
        directory.revokeAdminConsent(tenantId, application.clientId);
        directory.changeSettings({ serviceHealth: { status: 'down', httpStatus: 503 } });
        directory.changePolicies(tenantId, { blockedByConditionalAccess: [application.clientId] });
        directory.changeTenantId(tenantId, '33333333-3333-4333-8333-333333333333');
        return { value, state: text(directory) };
      };
      const first = mess();
      expect(first.state).not.toBe(seed);
      directory.reset();
      expect(text(directory)).toBe(seed);
      expect(mess()).toEqual(first);
    });
  });

  it('can be carried to another directory, which goes on as this one would have', async () => {
    await inClock((clock) => {
      const { directory, tenantId } = aDirectory(clock);
      const copy = EntraDirectory.fromState(JSON.parse(text(directory)), { clock, random: new Random('7') });
      expect(text(copy)).toBe(text(directory));
      const next = { displayName: 'next' };
      expect(copy.registerApplication(tenantId, next)).toEqual(directory.registerApplication(tenantId, next));
      copy.reset();
      expect(copy.tenants[0]?.applications).toHaveLength(1);
    });
  });

  it.each([{}, { drawn: 0, settings: {}, tenants: [] }, { drawn: -1 }, 'text', null])(
    'refuses %j as a state',
    async (state) => {
      await inClock((clock) => {
        expect(() => EntraDirectory.fromState(state, { clock, random: new Random('7') })).toThrow(
          expect.objectContaining({ code: 'entra.state-invalid' }),
        );
      });
    },
  );

  it('does not change when an exported copy is written to', async () => {
    await inClock((clock) => {
      const { directory } = aDirectory(clock);
      const before = text(directory);
      directory.exportState().tenants.length = 0;
      expect(text(directory)).toBe(before);
    });
  });
});

describe('changes of the directory', () => {
  it('are told to whoever has to follow, until it has heard enough', async () => {
    await inClock((clock) => {
      const { directory, tenantId, user } = aDirectory(clock);
      const heard: DirectoryChange[] = [];
      const stop = directory.onChange((change) => heard.push(change));
      directory.users.assignLicenses(tenantId, user.id, { add: [{ skuId: DEVELOPER_SKU.skuId }] });
      directory.users.delete(tenantId, 'ise@lab.example');
      stop();
      directory.reset();
      expect(heard).toEqual([
        { what: 'license', action: 'changed', tenantId, id: user.id },
        { what: 'user', action: 'deleted', tenantId, id: user.id },
      ]);
    });
  });

  it('tell a licence that gives a mailbox from one whose mailbox is switched off', async () => {
    await inClock((clock) => {
      const { directory, tenantId, user } = aDirectory(clock);
      const [exchangePlan] = DEVELOPER_SKU.servicePlans.map(({ servicePlanId }) => servicePlanId);
      const { skuId } = DEVELOPER_SKU;
      expect(directory.users.hasMailboxPlan(tenantId, user.id)).toBe(false);
      directory.users.assignLicenses(tenantId, user.id, { add: [{ skuId, disabledPlans: [exchangePlan ?? ''] }] });
      expect(directory.users.hasMailboxPlan(tenantId, user.id)).toBe(false);
      directory.users.assignLicenses(tenantId, user.id, { add: [{ skuId }] });
      expect(directory.users.hasMailboxPlan(tenantId, user.id)).toBe(true);
      expect(user.mail).toBe('ise@lab.example');
      directory.users.assignLicenses(tenantId, user.id, { remove: [skuId] });
      expect(directory.users.hasMailboxPlan(tenantId, user.id)).toBe(false);
    });
  });
});

describe('service principals', () => {
  it('are created in another tenant only for an application that allows it', async () => {
    await inClock((clock) => {
      const { directory, tenantId, application } = aDirectory(clock);
      const other = directory.createTenant({ displayName: 'Other', verifiedDomains: ['other.example'] });
      const create = () => directory.servicePrincipals.create(other.tenantId, { appId: application.clientId });
      expect(create).toThrow(expect.objectContaining({ code: 'entra.application-not-instantiable' }));
      directory.applications.update(tenantId, application.clientId, { signInAudience: 'AzureADMultipleOrgs' });
      expect(create()).toMatchObject({ appOwnerTenantId: tenantId, displayName: 'ISE mail' });
      expect(directory.findClient(other, application.clientId).registration?.objectId).toBe(application.objectId);
    });
  });

  it('take what was granted to them away with them', async () => {
    await inClock((clock) => {
      const { directory, tenantId, application } = aDirectory(clock);
      directory.applications.delete(tenantId, application.clientId);
      expect(directory.tenants[0]).toMatchObject({ applications: [], appRoleAssignments: [], oauth2Grants: [] });
      expect(directory.tenants[0]?.servicePrincipals).toHaveLength(2);
    });
  });
});
