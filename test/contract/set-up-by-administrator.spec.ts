import { E5_DEVELOPER } from './graph-users.ts';
import { inEmptyTenant, SENDER, type EmptyTenant, type Surface } from './set-up-lab.ts';

const EXCHANGE_APP_ID = '00000002-0000-0ff1-ce00-000000000000';
const SURFACES: readonly Surface[] = ['REST', 'console'];

/** The set-up, step by step, as an administrator carries it out. */
type Step =
  | 'user'
  | 'usage location'
  | 'licence'
  | 'secret'
  | 'enterprise application'
  | 'consent'
  | 'registration in Exchange'
  | 'object ID of the enterprise application'
  | 'mailbox permission';

/** Steps 1 and 2 of the set-up but for one; gives what the application then signs in with. */
async function setUp({ graph, cmdlet }: EmptyTenant, left?: Step): Promise<{ clientId: string; value: string }> {
  if (left !== 'user') {
    await graph('POST', '/users', {
      accountEnabled: true,
      displayName: 'ISE',
      mailNickname: 'ise',
      userPrincipalName: SENDER,
      passwordProfile: { forceChangePasswordNextSignIn: false, password: 'correct-Horse-1' },
    });
  }
  if (left !== 'usage location') await graph('PATCH', `/users/${SENDER}`, { usageLocation: 'DE' });
  const license = { addLicenses: [{ disabledPlans: [], skuId: E5_DEVELOPER }], removeLicenses: [] };
  if (left !== 'licence') await graph('POST', `/users/${SENDER}/assignLicense`, license);

  const [exchange] = (await graph('GET', `/servicePrincipals?$filter=appId eq '${EXCHANGE_APP_ID}'`)).value;
  const role = exchange.appRoles.find(({ value }: { value: string }) => value === 'SMTP.SendAsApp');
  const { id, appId } = await graph('POST', '/applications', {
    displayName: 'ISE mail',
    requiredResourceAccess: [{ resourceAppId: EXCHANGE_APP_ID, resourceAccess: [{ id: role.id, type: 'Role' }] }],
  });
  const added =
    left === 'secret' ? {} : await graph('POST', `/applications/${id}/addPassword`, { passwordCredential: {} });
  const principal = left === 'enterprise application' ? {} : await graph('POST', '/servicePrincipals', { appId });
  // Without an enterprise application its ID is taken for that of the registration.
  const principalId = principal.id ?? id;
  if (left !== 'consent') {
    const consent = { principalId, resourceId: exchange.id, appRoleId: role.id };
    await graph('POST', `/servicePrincipals/${principalId}/appRoleAssignments`, consent);
  }

  const ObjectId = left === 'object ID of the enterprise application' ? id : principalId;
  if (left !== 'registration in Exchange') {
    await cmdlet('New-ServicePrincipal', { AppId: appId, ObjectId, DisplayName: 'ISE mail' });
  }
  if (left !== 'mailbox permission') {
    await cmdlet('Add-MailboxPermission', { Identity: SENDER, User: ObjectId, AccessRights: 'FullAccess' });
  }
  return { clientId: appId, value: added.secretText ?? 'never-made' };
}

function refusedAuth(reason: string): object {
  return { kind: 'refused', at: 'AUTH XOAUTH2', reply: '535 5.7.3', reason };
}

describe.each(SURFACES)('an administrator with Graph, and the cmdlets over %s,', (surface) => {
  it('comes from an empty tenant to the first mail', async () => {
    await inEmptyTenant(surface, async (tenant) => {
      const credential = await setUp(tenant);
      expect(tenant.refusals).toEqual([]);
      expect(await tenant.firstMail(credential)).toEqual({
        kind: 'sent',
        reply: expect.stringMatching(/^250 2\.0\.0 OK <mail-1@ise\.lab\.example>/),
      });
    });
  });

  it.each<[Step, object, RegExp[]]>([
    [
      'user',
      refusedAuth('mailbox-unknown'),
      [/^404 Resource/, /^404 Resource/, /\|The operation couldn't be performed because object 'ise@contoso/],
    ],
    [
      'usage location',
      refusedAuth('mailbox-unknown'),
      [
        /^400 License assignment cannot be done for user with invalid usage location\.$/,
        /\|The operation couldn't be performed because object 'ise@contoso/,
      ],
    ],
    ['licence', refusedAuth('mailbox-unknown'), [/\|The operation couldn't be performed because object 'ise@contoso/]],
    ['secret', { kind: 'no token', aadsts: 'AADSTS7000215' }, []],
    ['enterprise application', { kind: 'no token', aadsts: 'AADSTS7000229' }, [/^404 Resource/]],
    ['consent', refusedAuth('role-missing'), []],
    ['registration in Exchange', refusedAuth('service-principal-missing'), [/wasn't found/]],
    ['object ID of the enterprise application', refusedAuth('service-principal-wrong-object-id'), []],
    ['mailbox permission', { kind: 'refused', at: 'DATA', reply: '430 4.2.0', reason: 'no-full-access' }, []],
  ])('who leaves out the %s gets %j', async (left, failure, refusals) => {
    await inEmptyTenant(surface, async (tenant) => {
      const credential = await setUp(tenant, left);
      expect(tenant.refusals).toEqual(refusals.map((text) => expect.stringMatching(text)));
      expect(await tenant.firstMail(credential)).toEqual(failure);
    });
  });
});
