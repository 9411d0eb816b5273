import { Random } from '#libs/simulation';
import { ExchangeOnline } from '../exchange-online.ts';
import { USUAL_SETTINGS } from '../exchange-settings.ts';
import { runCommandLine } from './exchange-console.ts';

const APP = 'bbbbbbbb-0000-4000-8000-000000000001';
const OBJECT = 'cccccccc-0000-4000-8000-000000000001';
const MAILBOX = 'ise@lab.example';
const NOW = Date.parse('2026-02-02T05:00:00Z');

/** A console on an organization with one mailbox and nothing else. */
function aConsole() {
  const clock = { now: () => NOW };
  const online = new ExchangeOnline({ clock });
  const organization = online.createOrganization({
    tenantId: 'aaaaaaaa-0000-4000-8000-000000000001',
    domain: 'lab.example',
    random: new Random('1'),
  });
  organization.createMailbox({ address: MAILBOX, displayName: 'ISE' });
  const context = { online, organization, settings: USUAL_SETTINGS, clock };
  return { organization, type: (line: string) => runCommandLine(line, context) };
}

describe('Exchange Online PowerShell', () => {
  it('does steps 1 and 2 of the set-up as typed lines', () => {
    const { type, organization } = aConsole();
    expect(type(`New-ServicePrincipal -AppId ${APP} -ObjectId ${OBJECT} -DisplayName "ISE mail"`)).toMatchObject({
      kind: 'done',
      text:
        '\nDisplayName ObjectId                             AppId\n' +
        '----------- --------                             -----\n' +
        `ISE mail    ${OBJECT} ${APP}\n\n`,
    });
    expect(type(`Add-MailboxPermission -Identity ${MAILBOX} -User ${OBJECT} -AccessRights FullAccess`).kind).toBe(
      'done',
    );
    expect(type(`Add-RecipientPermission ${MAILBOX} -Trustee ${APP} -AccessRights SendAs -Confirm:$false`).kind).toBe(
      'done',
    );
    expect(type(`Set-CASMailbox ${MAILBOX} -SmtpClientAuthenticationDisabled $false`).kind).toBe('done');
    expect(organization.findMailbox(MAILBOX)).toMatchObject({
      permissions: [{ trustee: OBJECT, accessRights: ['FullAccess'], deny: false, since: NOW }],
      sendAs: [{ trustee: OBJECT, since: NOW }],
      smtpClientAuthenticationDisabled: false,
    });
  });

  it('prints a service principal with the fields of the real one', () => {
    const { type } = aConsole();
    type(`New-ServicePrincipal -AppId ${APP} -ServiceId ${OBJECT}`);
    const result = type('Get-ServicePrincipal | fl');
    const names = [...result.text.matchAll(/^(\w+) +:/gm)].map(([, name]) => name);
    expect(names.slice(0, 13)).toEqual([
      'DisplayName',
      'AppId',
      'ObjectId',
      'Sid',
      'SidHistory',
      'Identity',
      'Id',
      'IsValid',
      'ExchangeVersion',
      'Name',
      'DistinguishedName',
      'ObjectCategory',
      'ObjectClass',
    ]);
    expect(result.text).toContain('WARNING: ');
    expect(result.text).toContain(`AppId                  : ${APP}\n`);
    expect(result.text).toMatch(/^Sid +: S-1-5-21-\d+-\d+-\d+-\d+$/m);
    expect(result.text).toMatch(/^ObjectClass +: \{top, person, organizationalPerson, user\}$/m);
    expect(result.text).toMatch(/^WhenCreatedUTC +: 2\/2\/2026 5:00:00 AM$/m);
    expect(result.text).toContain(`CN=${OBJECT},OU=lab.onmicrosoft.com,OU=Microsoft Exchange Hosted Organizations,`);
  });

  it('gives every service principal for an identity that nobody has', () => {
    const { type } = aConsole();
    type(`New-ServicePrincipal -AppId ${APP} -ObjectId ${OBJECT}`);
    expect(type('Get-ServicePrincipal nobody | ft AppId').text).toContain(APP);
  });

  it.each<[string, string]>([
    ['Get-Mailbx', "The term 'Get-Mailbx' is not recognized as a name of a cmdlet"],
    ['New-ServicePrincipal -AppId x', 'one or more missing mandatory parameters: ObjectId.'],
    ['Get-Mailbox -Colour red', "A parameter cannot be found that matches parameter name 'Colour'."],
    [
      'Get-Mailbox -Identity',
      "Missing an argument for parameter 'Identity'. Specify a parameter of type 'System.String'",
    ],
    ['Get-Mailbox one two', "A positional parameter cannot be found that accepts argument 'two'."],
    [
      'New-ServicePrincipal -A 1 -O 2',
      "the parameter name 'O' is ambiguous. Possible matches include: -ObjectId -Organization.",
    ],
    ['Get-Mailbox -Identity a -Identity b', "parameter 'Identity' is specified more than once"],
    ['Get-Mailbox "ise', 'The string is missing the terminator: ".'],
    [`Set-CASMailbox ${MAILBOX} -SmtpClientAuthenticationDisabled true`, 'Cannot convert value "true" to type'],
    [
      'Get-Mailbox nobody@lab.example',
      "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'nobody@lab.example' couldn't be found on '",
    ],
    [`Add-MailboxPermission ${MAILBOX} -User nobody -AccessRights FullAccess`, 'User or group "nobody" wasn\'t found.'],
    [
      `Add-MailboxPermission ${MAILBOX} -User ${MAILBOX} -AccessRights SendAs`,
      'Specify one of the following enumerator names and try again: ChangeOwner, ChangePermission, DeleteItem, ExternalAccount, FullAccess, ReadPermission',
    ],
    ['New-ServicePrincipal -AppId x -ObjectId y', '-AppId is not a GUID.'],
    ['New-ManagementScope s -RecipientRestrictionFilter "Shoe -eq 1"', 'Not a recipient filter: Shoe -eq 1.'],
    ['Get-Mailbox | Remove-Mailbox', "'remove-mailbox' is not supported after a cmdlet"],
    ['Get-Mailbox $who', "The variable '$who' cannot be retrieved because it has not been set."],
    ['', 'An expression was expected'],
  ])('answers "%s" with "%s"', (line, text) => {
    const result = aConsole().type(line);
    expect(result.kind).toBe('failed');
    expect(result.text).toContain(text);
  });

  it('refuses the same application twice, and an existing right with a warning alone', () => {
    const { type } = aConsole();
    type(`New-ServicePrincipal -AppId ${APP} -ObjectId ${OBJECT}`);
    expect(type(`New-ServicePrincipal -AppId ${APP} -ObjectId ${OBJECT}`).text).toMatch(/registered already/);
    const add = `Add-MailboxPermission ${MAILBOX} -User ${APP} -AccessRights FullAccess, ReadPermission`;
    expect(type(add).text).not.toContain('WARNING');
    expect(type(add).text).toContain('WARNING: The appropriate access control entry is already present');
    expect(type(`Remove-MailboxPermission ${MAILBOX} -User ${APP} -AccessRights FullAccess`).text).toBe('');
    expect(type(`Get-MailboxPermission ${MAILBOX} | ft User,AccessRights`).text).toMatch(
      /NT AUTHORITY\\SELF +\{FullAccess, ReadPermission\}\nS-1-5-21-\S+ +\{ReadPermission\}/,
    );
  });

  it('shows $null of the SMTP AUTH switch as nothing', () => {
    const { type } = aConsole();
    const show = () => type(`Get-CASMailbox ${MAILBOX} | fl Smtp*`).text;
    expect(show()).toBe('\nSmtpClientAuthenticationDisabled :\n\n');
    type(`Set-CASMailbox ${MAILBOX} -Smtp $true`);
    expect(show()).toBe('\nSmtpClientAuthenticationDisabled : True\n\n');
    type(`Set-CASMailbox ${MAILBOX} -Smtp $null`);
    expect(show()).toBe('\nSmtpClientAuthenticationDisabled :\n\n');
  });

  it('changes nothing with -WhatIf', () => {
    const { type, organization } = aConsole();
    type('Set-TransportConfig -SmtpClientAuthenticationDisabled $true -WhatIf');
    expect(organization.smtpClientAuthenticationDisabled).toBe(false);
    type('Set-TransportConfig -SmtpClientAuthenticationDisabled $true -MaxRecipientEnvelopeLimit 5');
    expect(type('Get-TransportConfig').text).toMatch(
      /MaxRecipientEnvelopeLimit +: 5\nSmtpClientAuthenticationDisabled : True/,
    );
  });

  it('confines an application to a scope, and says whether a mailbox is in it', () => {
    const { type, organization } = aConsole();
    organization.createMailbox({ address: 'other@lab.example', displayName: 'Other' });
    type(`New-ServicePrincipal -AppId ${APP} -ObjectId ${OBJECT}`);
    type("New-ManagementScope 'ISE only' -RecipientRestrictionFilter \"PrimarySmtpAddress -eq 'ise@lab.example'\"");
    type(
      `New-ManagementRoleAssignment -Role 'Application SMTP.SendAsApp' -App ${OBJECT} -CustomResourceScope 'ISE only'`,
    );
    const inScope = (resource: string) =>
      type(`Test-ServicePrincipalAuthorization ${OBJECT} -Resource ${resource} | fl InScope`).text.trim();
    expect(inScope(MAILBOX)).toBe('InScope : True');
    expect(inScope('other@lab.example')).toBe('InScope : False');
  });
});
