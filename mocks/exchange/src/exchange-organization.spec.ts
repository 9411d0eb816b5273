import { Random } from '#libs/simulation';
import { ExchangeOnline } from './exchange-online.ts';
import { ExchangeOrganization } from './exchange-organization.ts';
import type { ExchangeOrganizationOptions } from './organization-options.ts';

const TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
const APP = 'bbbbbbbb-0000-4000-8000-000000000001';
const ENTERPRISE = 'cccccccc-0000-4000-8000-000000000001';
const OTHER = 'dddddddd-0000-4000-8000-000000000001';

function anOrganization(options: Partial<ExchangeOrganizationOptions> = {}): ExchangeOrganization {
  const random = new Random('1');
  const lab = new ExchangeOrganization({ tenantId: TENANT, domain: 'lab.example', random, ...options });
  lab.createMailbox({ address: 'ise@lab.example', displayName: 'ISE' });
  lab.newServicePrincipal({ appId: APP, objectId: ENTERPRISE });
  return lab;
}

describe('ExchangeOrganization', () => {
  it('stores any object ID, as the real service did', () => {
    const lab = anOrganization();
    lab.removeServicePrincipal(ENTERPRISE);
    lab.newServicePrincipal({ appId: APP, objectId: OTHER });
    expect(lab.getServicePrincipals()).toMatchObject([{ appId: APP, objectId: OTHER, displayName: '' }]);
  });

  it('with strict IDs, stores a pair that the directory knows and no other', () => {
    const lab = anOrganization({ isInDirectory: ({ objectId }) => objectId === ENTERPRISE });
    lab.removeServicePrincipal(APP);
    lab.strictIds = true;
    expect(() => lab.newServicePrincipal({ appId: APP, objectId: OTHER })).toThrow(
      expect.objectContaining({ code: 'exchange.service-principal-not-in-directory' }),
    );
    expect(lab.newServicePrincipal({ appId: APP, objectId: ENTERPRISE })).toMatchObject({ objectId: ENTERPRISE });
  });

  it.each<[string, (lab: ExchangeOrganization) => void, RegExp]>([
    [
      'exchange.service-principal-exists',
      (lab) => lab.newServicePrincipal({ appId: APP, objectId: OTHER }),
      /Remove-ServicePrincipal/,
    ],
    [
      'exchange.guid-malformed',
      (lab) => lab.newServicePrincipal({ appId: 'ise', objectId: OTHER }),
      /New-ServicePrincipal -AppId/,
    ],
    ['exchange.service-principal-not-found', (lab) => lab.removeServicePrincipal(OTHER), /Get-ServicePrincipal/],
    [
      'exchange.service-principal-not-found',
      (lab) => lab.addMailboxPermission({ mailbox: 'ise@lab.example', user: OTHER, accessRights: ['FullAccess'] }),
      /Get-ServicePrincipal/,
    ],
    [
      'exchange.mailbox-not-found',
      (lab) => lab.addRecipientPermission({ mailbox: 'nobody@lab.example', trustee: APP }),
      /Get-Mailbox/,
    ],
    ['exchange.mailbox-not-found', (lab) => lab.removeMailbox('nobody@lab.example'), /Get-Mailbox/],
    [
      'exchange.mailbox-exists',
      (lab) => lab.createMailbox({ address: 'ISE@lab.example', displayName: 'x' }),
      /Get-Mailbox/,
    ],
    [
      'exchange.domain-not-accepted',
      (lab) => lab.createMailbox({ address: 'ise@other.example', displayName: 'x' }),
      /New-Mailbox/,
    ],
  ])('throws %s, whose remedy names the cmdlet', (code, operation, remedy) => {
    const lab = anOrganization();
    const detail = expect.objectContaining({ remedy: expect.stringMatching(remedy) });
    expect(() => operation(lab)).toThrow(expect.objectContaining({ code, detail }));
  });
});

describe('ExchangeOnline', () => {
  it('finds an organization by tenant ID and by the domain of an address, whatever the case', () => {
    const online = new ExchangeOnline();
    const lab = online.createOrganization({ tenantId: TENANT, domain: 'Lab.example', random: new Random('1') });
    expect(online.findByTenant(TENANT.toUpperCase())).toBe(lab);
    expect(online.findByAddress('anybody@LAB.example')).toBe(lab);
    expect(online.findByAddress('anybody@sub.lab.example')).toBeUndefined();
  });

  it('follows a tenant to its new ID', () => {
    const online = new ExchangeOnline();
    const lab = online.createOrganization({ tenantId: TENANT, domain: 'lab.example', random: new Random('1') });
    online.changeTenantId(TENANT, OTHER);
    expect([online.findByTenant(OTHER), online.findByTenant(TENANT)]).toEqual([lab, undefined]);
  });

  it('has one organization per tenant and per domain', () => {
    const online = new ExchangeOnline();
    online.createOrganization({ tenantId: TENANT, domain: 'lab.example', random: new Random('1') });
    const again = () => online.createOrganization({ tenantId: OTHER, domain: 'LAB.example', random: new Random('1') });
    expect(again).toThrow(expect.objectContaining({ code: 'exchange.organization-exists' }));
  });
});
