import fc from 'fast-check';
import { Random } from '#libs/simulation';
import { SecretVault } from './sealed-secret.ts';
import { fingerprintOf, smtpServerFormSchema, tokenEndpointOf, typedExpiryAt } from './smtp-server-settings.ts';
import { MASKED_SECRET, maskSmtpServer, openSmtpServer, sealSmtpServer } from './stored-smtp-server.ts';

const OAUTH = {
  authentication: 'oauth' as const,
  smtpServer: 'smtp.office365.com',
  smtpPort: 587,
  connectionTimeoutSeconds: 60,
  encryption: true,
  emailAddress: 'ise@lab.example',
  clientId: 'a1',
  tenantId: 't1',
  clientSecret: 'the~Value',
  expiryDate: '2027-02-02',
};
const PASSWORD = {
  authentication: 'password' as const,
  smtpServer: 'mail.lab.example',
  smtpPort: 25,
  connectionTimeoutSeconds: 60,
  encryption: false,
  userName: 'ise',
  password: 'the~Password',
};
const NONE = smtpServerFormSchema.parse({ authentication: 'none', smtpServer: 'mail.lab.example' });

function accepts(changes: Record<string, unknown>, base: Record<string, unknown> = OAUTH): boolean {
  return smtpServerFormSchema.safeParse({ ...base, ...changes }).success;
}

describe('the form of the page SMTP Server', () => {
  it('has the documented defaults', () => {
    expect(NONE).toEqual({
      authentication: 'none',
      smtpServer: 'mail.lab.example',
      smtpPort: 25,
      connectionTimeoutSeconds: 60,
      encryption: false,
    });
  });

  it.each([
    ['smtpPort', 1, 0],
    ['smtpPort', 65_535, 65_536],
    ['connectionTimeoutSeconds', 1, 0],
    ['connectionTimeoutSeconds', 600, 601],
    ['expiryDate', '2028-02-29', '2027-02-29'],
    ['emailAddress', 'a@b.example', 'a at b.example'],
    ['clientSecret', 'x'.repeat(1024), 'x'.repeat(1025)],
    ['clientSecret', 'x', ''],
    ['smtpServer', 'x', '  '],
    ['encryption', false, 'yes'],
  ])('takes %s %s but not %s', (field, good, bad) => {
    expect(accepts({ [field]: good })).toBe(true);
    expect(accepts({ [field]: bad })).toBe(false);
  });

  it('asks for the fields of the chosen authentication and takes no others', () => {
    expect(accepts({}, PASSWORD)).toBe(true);
    expect(accepts({ clientId: 'a1' }, PASSWORD)).toBe(false);
    expect(accepts({ clientSecret: undefined })).toBe(false);
    expect(accepts({ authentication: 'ntlm' })).toBe(false);
  });

  it('fills the token endpoint in, and lets no tenant ID escape from its place in it', () => {
    expect(tokenEndpointOf('t1')).toBe('https://login.microsoftonline.com/t1/oauth2/v2.0/token');
    expect(tokenEndpointOf('../x?')).toBe('https://login.microsoftonline.com/..%2Fx%3F/oauth2/v2.0/token');
  });
});

describe('the fingerprint of a form', () => {
  it('does not depend on the order of the fields', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.entries(OAUTH), { minLength: Object.keys(OAUTH).length }), (fields) => {
        expect(fingerprintOf(smtpServerFormSchema.parse(Object.fromEntries(fields)))).toBe(fingerprintOf(OAUTH));
      }),
    );
  });

  it.each(
    Object.entries({
      smtpServer: 'smtp.other.example',
      smtpPort: 25,
      connectionTimeoutSeconds: 61,
      encryption: false,
      emailAddress: 'other@lab.example',
      clientId: 'a2',
      tenantId: 't2',
      clientSecret: 'the~value',
      expiryDate: '2027-02-03',
    }),
  )('changes with %s', (field, value) => {
    expect(fingerprintOf(smtpServerFormSchema.parse({ ...OAUTH, [field]: value }))).not.toBe(fingerprintOf(OAUTH));
  });

  it('does not show the secret', () => {
    expect(fingerprintOf(OAUTH)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the typed expiry date', () => {
  it('counts up to the end of its day', () => {
    expect(new Date(typedExpiryAt(OAUTH)).toISOString()).toBe('2027-02-03T00:00:00.000Z');
    expect(new Date(typedExpiryAt({ expiryDate: '2027-12-31' })).toISOString()).toBe('2028-01-01T00:00:00.000Z');
  });
});

describe('stored settings', () => {
  const vault = new SecretVault('key', new Random('7'));

  it.each([OAUTH, PASSWORD, NONE])('open to what was sealed: $authentication', (form) => {
    expect(openSmtpServer(sealSmtpServer(form, vault), vault)).toEqual(form);
  });

  it.each([
    [OAUTH, 'clientSecret'],
    [PASSWORD, 'password'],
  ])('hold no secret in clear, and show none: $authentication', (form, field) => {
    const stored = sealSmtpServer(form, vault);
    expect(JSON.stringify(stored)).not.toContain('the~');
    expect(maskSmtpServer(stored)).toEqual({ ...form, [field]: MASKED_SECRET });
  });
});
