import { DEFAULT_GUEST_TYPES, type GuestAccount, type GuestType } from '#libs/guests';
import type { GuestEmailSettings } from '#libs/settings';
import {
  composeGuestCredentials,
  composeGuestExpiry,
  composeSponsorSummary,
  composeTestMail,
  fromAddress,
} from './index.ts';

const MAILBOX = 'no-reply@contoso.onmicrosoft.com';
const SETTINGS: GuestEmailSettings = { enabled: true, defaultFrom: MAILBOX, from: 'default' };
const SPONSOR = { username: 'sponsoruser', emailAddress: 'sponsoruser@lab.example' };

function anAccount(change: Partial<GuestAccount> = {}): GuestAccount {
  return {
    id: 'id',
    username: '1001',
    password: '6299',
    firstName: 'testuser',
    lastName: '',
    emailAddress: 'testuser@lab.example',
    guestType: 'Contractor (default)',
    validFrom: Date.parse('2026-02-02T10:25:00Z'),
    validTo: Date.parse('2026-05-03T10:25:00Z'),
    state: 'Created',
    createdAt: 0,
    ...change,
  };
}

function aTypeWithText(text: string): GuestType {
  const [contractor] = DEFAULT_GUEST_TYPES;
  if (!contractor) throw new Error('no default guest type');
  return { ...contractor, expirationNotification: { ...contractor.expirationNotification, text } };
}

describe('composeGuestCredentials', () => {
  it('prints the sample mail line by line', () => {
    expect(composeGuestCredentials({ account: anAccount(), settings: SETTINGS, sponsor: SPONSOR })).toEqual({
      kind: 'composed',
      type: 'guest-credentials',
      from: MAILBOX,
      to: ['testuser@lab.example'],
      cc: [],
      subject: 'Your Guest Account Credentials',
      text: `Hello testuser,

Your guest account details:
Username: 1001
Password: 6299
First Name: testuser
Last Name:${' '}
Mobile Number:
Valid From: 2026-02-02 10:25:00
Valid To: 2026-05-03 10:25:00
Duration: 90 days
Person being visited:
Reason for visit:

If unused, this account will expire on: 05/03/2026 10:25
`,
    });
  });

  it('puts the sponsor into Cc of the same mail for "Copy me"', () => {
    const mail = composeGuestCredentials({ account: anAccount(), settings: SETTINGS, copyTo: SPONSOR.emailAddress });
    expect(mail).toMatchObject({ to: ['testuser@lab.example'], cc: ['sponsoruser@lab.example'] });
  });

  it('prints times in the zone asked for', () => {
    const mail = composeGuestCredentials({ account: anAccount(), settings: SETTINGS, timeZone: 'Asia/Kolkata' });
    expect(mail).toMatchObject({ text: expect.stringContaining('Valid From: 2026-02-02 15:55:00') });
  });

  it('greets a guest without a first name by the user name', () => {
    const mail = composeGuestCredentials({ account: anAccount({ firstName: '' }), settings: SETTINGS });
    expect(mail).toMatchObject({ text: expect.stringMatching(/^Hello 1001,\n/) });
  });

  it('takes names as they are: no HTML entities, no template language', () => {
    const account = anAccount({ firstName: "O'Neil & <b>", company: 'x', reasonForVisit: '{{password}}' });
    const mail = composeGuestCredentials({ account, settings: SETTINGS });
    expect(mail).toMatchObject({ text: expect.stringContaining("Hello O'Neil & <b>,") });
    expect(mail).toMatchObject({ text: expect.stringContaining('Reason for visit:{{password}}\n') });
  });

  it('refuses a guest without an address', () => {
    const refusal = composeGuestCredentials({ account: anAccount({ emailAddress: '' }), settings: SETTINGS });
    expect(refusal).toMatchObject({ kind: 'refused', code: 'notification.no-recipient' });
  });

  it('refuses when notifications to guests are off', () => {
    const settings = { ...SETTINGS, enabled: false };
    const type = aTypeWithText('');
    expect(composeGuestCredentials({ account: anAccount(), settings })).toMatchObject({
      code: 'notification.disabled',
    });
    expect(composeGuestExpiry({ account: anAccount(), settings, type })).toMatchObject({
      code: 'notification.disabled',
    });
  });
});

describe('composeGuestExpiry', () => {
  it('tells the end of the account in the words of the guest type', () => {
    const type = aTypeWithText('Time is nearly up.\r\nAsk your sponsor.');
    expect(composeGuestExpiry({ account: anAccount(), settings: SETTINGS, type })).toMatchObject({
      type: 'guest-expiry',
      from: MAILBOX,
      to: ['testuser@lab.example'],
      text: `Hello testuser,

Your guest account 1001 expires on 05/03/2026 10:25.

Time is nearly up.
Ask your sponsor.
`,
    });
  });
});

describe('composeSponsorSummary', () => {
  it('lists the accounts to the sponsor, without passwords', () => {
    const accounts = [anAccount(), anAccount({ username: '1002', firstName: 'second', password: '4711' })];
    const mail = composeSponsorSummary({ action: 'created', accounts, sponsor: SPONSOR, settings: SETTINGS });
    expect(mail).toMatchObject({
      to: ['sponsoruser@lab.example'],
      subject: 'Summary of guest accounts created',
      text: `Hello sponsoruser,

2 guest accounts created:
1001 | testuser | testuser@lab.example | Contractor (default) | Created | 2026-02-02 10:25:00 to 2026-05-03 10:25:00
1002 | second | testuser@lab.example | Contractor (default) | Created | 2026-02-02 10:25:00 to 2026-05-03 10:25:00
`,
    });
  });

  it('goes to the address typed in the dialog, and is refused if there is none at all', () => {
    const options = { action: 'resent', accounts: [anAccount()], sponsor: SPONSOR, settings: SETTINGS } as const;
    expect(composeSponsorSummary({ ...options, to: 'typed@lab.example' })).toMatchObject({ to: ['typed@lab.example'] });
    expect(composeSponsorSummary({ ...options, sponsor: { username: 'nobody' } })).toMatchObject({
      code: 'notification.no-recipient',
    });
  });
});

describe('composeTestMail', () => {
  it("has ISE's placeholder data", () => {
    expect(composeTestMail({ to: 'admin@lab.example', settings: SETTINGS })).toMatchObject({
      type: 'test',
      from: MAILBOX,
      to: ['admin@lab.example'],
      subject: 'Your Guest Account Credentials',
      text: `Hello firstname,

Your guest account details:
Username: username
Password: password
First Name: firstname
Last Name: lastname
Mobile Number:NA
Valid From: 2014-11-12 02:06:00
Valid To: 2016-11-12 02:06:00
Person being visited:
Reason for visit:
`,
    });
  });
});

describe('fromAddress', () => {
  it('is the sponsor if so set and known, else the default', () => {
    const bySponsor: GuestEmailSettings = { ...SETTINGS, from: 'sponsor' };
    expect(fromAddress(bySponsor, SPONSOR)).toBe('sponsoruser@lab.example');
    expect(fromAddress(bySponsor, { username: 'without-address' })).toBe(MAILBOX);
    expect(fromAddress(bySponsor)).toBe(MAILBOX);
    expect(fromAddress(SETTINGS, SPONSOR)).toBe(MAILBOX);
  });
});
