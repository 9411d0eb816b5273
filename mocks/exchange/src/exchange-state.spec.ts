import { Random } from '#libs/simulation';
import { ExchangeOnline } from './exchange-online.ts';

const APP = 'bbbbbbbb-0000-4000-8000-000000000001';
const ENTERPRISE = 'cccccccc-0000-4000-8000-000000000001';

/** Two organizations with something of everything. */
function aService(): ExchangeOnline {
  const online = new ExchangeOnline({ clock: { now: () => 1_000 } });
  for (const [tenantId, domain] of [
    ['aaaaaaaa-0000-4000-8000-000000000001', 'lab.example'],
    ['aaaaaaaa-0000-4000-8000-000000000002', 'other.example'],
  ] as const) {
    const random = new Random('7').stream(`organization ${domain}`);
    const organization = online.createOrganization({ tenantId, domain, random });
    organization.createMailbox({ address: `ise@${domain}`, displayName: 'ISE', aliases: [`mail@${domain}`] });
    organization.createMailbox({ address: `team@${domain}`, displayName: 'Team', kind: 'shared' });
    organization.addAcceptedDomain({ name: `relay.${domain}`, type: 'internal-relay' });
    organization.addRecipient(`all@${domain}`);
    organization.newServicePrincipal({ appId: APP, objectId: ENTERPRISE });
    organization.addMailboxPermission({ mailbox: `ise@${domain}`, user: APP, accessRights: ['FullAccess'] });
    organization.addRecipientPermission({ mailbox: `team@${domain}`, trustee: `ise@${domain}` });
    organization.newManagementScope({ name: 'one', recipientRestrictionFilter: `Alias -eq 'ise'` });
    organization.newRoleAssignment({ role: 'Application SMTP.SendAsApp', app: APP, customResourceScope: 'one' });
    organization.sendingBlock = '5.7.705';
  }
  online.conditions.isTlsRateExceeded = true;
  return online;
}

const jsonOf = (online: ExchangeOnline): string => JSON.stringify(online.exportState());

describe('the state of Exchange Online', () => {
  it('is the same, byte for byte, after export and import', () => {
    const exported = jsonOf(aService());
    const imported = ExchangeOnline.fromState(JSON.parse(exported), { random: new Random('7') });
    expect(jsonOf(imported)).toBe(exported);
    expect(imported.organizations.map(({ serverHost }) => serverHost)).toEqual(
      aService().organizations.map(({ serverHost }) => serverHost),
    );
  });

  it('goes back to what was imported, whatever happened since', () => {
    const exported = jsonOf(aService());
    const online = ExchangeOnline.fromState(JSON.parse(exported), { random: new Random('7') });
    const [lab] = online.organizations;
    lab?.removeServicePrincipal(APP);
    lab?.setMailbox('ise@lab.example', { hasLicense: false, aliases: [], permissions: [] });
    online.changeTenantId('aaaaaaaa-0000-4000-8000-000000000002', 'aaaaaaaa-0000-4000-8000-000000000003');
    online.createOrganization({ tenantId: APP, domain: 'third.example', random: new Random('1') });
    expect(jsonOf(online)).not.toBe(exported);
    online.reset();
    expect(jsonOf(online)).toBe(exported);
  });

  it('does not change with what was exported from it', () => {
    const online = aService();
    const before = jsonOf(online);
    const exported = online.exportState();
    exported.organizations[0]?.mailboxes[0]?.aliases.push('intruder@lab.example');
    expect(jsonOf(online)).toBe(before);
  });
});
