import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { formatMistake, YamlSource } from '#libs/scenario';
import { readTenantSeed } from './tenant-seed-reader.ts';
import type { TenantSeed } from './tenant-seed.schema.ts';

const PERMISSIONS = ['SMTP.SendAsApp', 'IMAP.AccessAsApp'];

function read(text: string): { seed: TenantSeed | undefined; mistakes: string[] } {
  const result = readTenantSeed(new YamlSource('seed.yaml', text), { permissions: PERMISSIONS });
  return 'seed' in result
    ? { seed: result.seed, mistakes: [] }
    : { seed: undefined, mistakes: result.mistakes.map(formatMistake) };
}

const inTenant = (text: string): string => `tenants:\n  - name: Contoso\n    domains: [contoso.com]\n${text}`;
const GUID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

describe('a tenant seed', () => {
  it('needs no more than names and domains', () => {
    const { seed } = read('{ tenants: [{ name: Contoso, domains: [Contoso.COM] }] }');
    expect(seed?.tenants[0]).toMatchObject({ domains: ['contoso.com'], seats: 25, users: [], administrator: true });
  });

  it('may be JSON', () => {
    expect(read('{"tenants":[{"name":"Contoso","domains":["contoso.com"]}]}').mistakes).toEqual([]);
  });

  it('tells all its mistakes at once, each with its place, what is expected, and what was meant', () => {
    const { mistakes } = read(readFileSync(new URL('fixtures/mistakes.yaml', import.meta.url), 'utf8'));
    expect(mistakes.map((line) => line.replace(/expected one of: .*?(;|$)/, 'expected …$1'))).toEqual([
      'seed.yaml:5:30  unknown domain of the tenant "contso.com"; expected contoso.com; did you mean "contoso.com"?',
      'seed.yaml:6:60  "licensed" is "maybe"; expected true or false',
      'seed.yaml:9:23  unknown permission "SMTP.SendAsAp"; expected …; did you mean "SMTP.SendAsApp"?',
      'seed.yaml:10:43  "value" is another value; expected the value of a client secret, 3 to 200 characters that can be seen',
      'seed.yaml:10:64  "endsOn" is "2027-02-30"; expected a date such as 2026-03-15, or a date and time such as 2026-03-15T08:00:00Z',
      'seed.yaml:11:17  the application "ISE MAIL" is there twice; expected it once',
      'seed.yaml:13:39  unknown mailbox "no@contoso.com"; expected …; did you mean "ise@contso.com"?',
      'seed.yaml:13:61  unknown service principal or mailbox "ISE mial"; expected …; did you mean "ISE mail"?',
      'seed.yaml:15:15  the domain "contoso.com" is there twice; expected it once',
      'seed.yaml:16:5  unknown key "aplications"; expected …; did you mean "applications"?',
      'seed.yaml:17:21  unknown application "ISE mails"; expected …; did you mean "ISE mail"?',
    ]);
  });

  it.each([
    [
      'an ID that is there twice',
      `    users: [{ userPrincipalName: a@contoso.com, id: ${GUID} }]\n    tenantId: ${GUID}`,
      `the ID "${GUID}" is there twice`,
    ],
    [
      'a user that is there twice',
      '    users: [{ userPrincipalName: a@contoso.com }, { userPrincipalName: A@contoso.com }]',
      'the user or mailbox "A@contoso.com" is there twice',
    ],
    [
      'more licences than were bought',
      '    seats: 0\n    users: [{ userPrincipalName: a@contoso.com }]',
      '1 users have a licence; expected at most 0, or more seats',
    ],
    [
      'the name of the application for the set-up',
      '    applications: [{ name: Tenant set-up }]',
      'an application "Tenant set-up"',
    ],
    [
      'the name of its secret',
      '    applications: [{ name: ISE, secrets: [{ name: administrator }] }]',
      'a secret "administrator"',
    ],
    [
      'a secret that ends before it starts',
      '    applications: [{ name: ISE, secrets: [{ name: a, startsOn: 2026-02-02, endsOn: 2026-02-01 }] }]',
      'expected an end after the start',
    ],
    [
      'a private key',
      '    applications: [{ name: ISE, certificates: [{ name: a, certificate: "-----BEGIN PRIVATE KEY-----" }] }]',
      'expected a certificate in PEM',
    ],
    [
      'a service principal without an application',
      '    exchange: { servicePrincipals: [{ displayName: ISE }] }',
      'expected either an application, or an appId with its objectId',
    ],
    [
      'a service principal of an unknown application',
      '    exchange: { servicePrincipals: [{ application: ISE }] }',
      'unknown application "ISE"; expected none, as there is no application',
    ],
    [
      'a foreign object ID that is not given',
      `    exchange: { servicePrincipals: [{ appId: ${GUID} }] }`,
      'expected a GUID, since the application is not in the file',
    ],
    [
      'a right for one whom Exchange does not know',
      '    applications: [{ name: ISE }]\n    users: [{ userPrincipalName: a@contoso.com }]\n    exchange: { servicePrincipals: [], recipientPermissions: [{ mailbox: a@contoso.com, trustee: ISE }] }',
      'unknown service principal or mailbox "ISE"; expected a@contoso.com',
    ],
    [
      'a scope that is not there',
      '    applications: [{ name: ISE }]\n    exchange: { roleAssignments: [{ app: ISE, customResourceScope: some }] }',
      'unknown management scope "some"',
    ],
    [
      'a blocked application that is not there',
      '    policies: { blockedByConditionalAccess: [ISE] }',
      'unknown application "ISE"',
    ],
    [
      'an application of an unknown tenant',
      '    foreignApplications: [{ name: ISE, tenant: Fabrikam }]',
      'unknown tenant "Fabrikam"; expected none',
    ],
    [
      'an application that other tenants may not have',
      '    foreignApplications: [{ name: ISE, tenant: Fabrikam }]\n  - { name: Fabrikam, domains: [fabrikam.com], applications: [{ name: ISE }] }',
      'unknown multitenant application "ISE"; expected none',
    ],
    [
      'a mailbox for ISE that is not there',
      '    users: [{ userPrincipalName: a@contoso.com, licensed: false }]\nise: { mailbox: a@contoso.com }',
      'unknown mailbox "a@contoso.com"',
    ],
    ['a name with a slash', '    applications: [{ name: ISE/mail }]', 'expected a name without /'],
  ])('may not have %s', (_what, text, message) => {
    const { mistakes } = read(inTenant(text));
    expect(mistakes).toEqual([expect.stringContaining(message)]);
  });

  it('never shows the value of a secret in a mistake', () => {
    const { mistakes } = read(inTenant('    applications: [{ name: ISE, secrets: [{ name: a, value: 12345678 }] }]'));
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).not.toContain('12345678');
  });

  it('gives a seed or mistakes, whatever it holds', () => {
    const word = fc.constantFrom(
      'tenants',
      'name',
      'domains',
      'users',
      'applications',
      'exchange',
      'secrets',
      'ise',
      'x',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, true, 1, '', 'a', 'contoso.com', 'a@contoso.com'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(word, tie('value'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(value, (raw) => {
        const { seed, mistakes } = read(JSON.stringify({ tenants: raw }));
        expect(seed === undefined).toBe(mistakes.length > 0);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
