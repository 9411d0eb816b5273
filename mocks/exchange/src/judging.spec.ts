import { Random } from '#libs/simulation';
import { ExchangeOnline } from './exchange-online.ts';
import { USUAL_SETTINGS } from './exchange-settings.ts';
import { applicationAccessOf, fullAccessOf, sendAsOf } from './judging.ts';
import { SMTP_APPLICATION_ROLE } from './role-based-access.ts';

const APP = { appId: 'bbbbbbbb-0000-4000-8000-000000000001', objectId: 'cccccccc-0000-4000-8000-000000000001' };
const OTHER_APP = { appId: 'bbbbbbbb-0000-4000-8000-000000000002', objectId: 'cccccccc-0000-4000-8000-000000000002' };
const ADDRESS = 'ise@lab.example';

/** An organization with a mailbox and two applications without rights; rights take a minute to reach the servers. */
function anOrganization() {
  const clock = { now: () => 0 };
  const online = new ExchangeOnline({ clock });
  const tenantId = 'aaaaaaaa-0000-4000-8000-000000000001';
  const organization = online.createOrganization({ tenantId, domain: 'lab.example', random: new Random('1') });
  const mailbox = organization.createMailbox({ address: ADDRESS, displayName: 'ISE' });
  organization.newServicePrincipal(APP);
  organization.newServicePrincipal(OTHER_APP);
  const settings = { ...USUAL_SETTINGS, permissionPropagation: { denyMs: 60_000, flapMs: 0, flapEveryMs: 60_000 } };
  const at = (now: number) => ({ online, settings, now });
  return { organization, mailbox, at };
}

describe('FullAccess', () => {
  it('is no other right', () => {
    const { organization, mailbox, at } = anOrganization();
    organization.addMailboxPermission({ mailbox: ADDRESS, user: APP.appId, accessRights: ['ReadPermission'] });
    expect(fullAccessOf(mailbox, APP.objectId, at(60_000))).toBe('none');
  });

  it('is that of the application which was given it, and reaches the servers after a while', () => {
    const { organization, mailbox, at } = anOrganization();
    organization.addMailboxPermission({ mailbox: ADDRESS, user: APP.appId, accessRights: ['FullAccess'] });
    expect(fullAccessOf(mailbox, APP.objectId, at(59_999))).toBe('propagating');
    expect(fullAccessOf(mailbox, APP.objectId, at(60_000))).toBe('effective');
    expect(fullAccessOf(mailbox, OTHER_APP.objectId, at(60_000))).toBe('none');
  });
});

describe('SendAs', () => {
  it('is that of the trustee which was given it, and reaches the servers after a while', () => {
    const { organization, mailbox, at } = anOrganization();
    organization.addRecipientPermission({ mailbox: ADDRESS, trustee: APP.appId });
    expect(sendAsOf(mailbox, APP.objectId, at(59_999))).toBe('propagating');
    expect(sendAsOf(mailbox, APP.objectId, at(60_000))).toBe('effective');
    expect(sendAsOf(mailbox, OTHER_APP.objectId, at(60_000))).toBe('none');
  });
});

describe('RBAC for Applications', () => {
  it('counts assignments of the role for SMTP alone', () => {
    const { organization, at } = anOrganization();
    organization.newRoleAssignment({ role: 'Application Mail.Send', app: APP.appId });
    expect(applicationAccessOf(ADDRESS, APP.objectId, at(60_000))).toBe('unassigned');
  });

  it('counts assignments to the application, once they have reached the servers', () => {
    const { organization, at } = anOrganization();
    organization.newRoleAssignment({ role: SMTP_APPLICATION_ROLE, app: APP.appId });
    expect(applicationAccessOf(ADDRESS, APP.objectId, at(59_999))).toBe('out-of-scope');
    expect(applicationAccessOf(ADDRESS, APP.objectId, at(60_000))).toBe('in-scope');
    expect(applicationAccessOf(ADDRESS, OTHER_APP.objectId, at(60_000))).toBe('unassigned');
  });
});
