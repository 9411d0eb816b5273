import { DEFAULT_GUEST_TYPES, type GuestAccount } from '#libs/guests';
import { BUILT_IN_LANGUAGES, guestTextFor, placeholdersOf } from './guest-texts.ts';
import {
  composeApprovalRequest,
  composeGuestApproval,
  composeGuestCredentials,
  composeGuestExpiry,
  composeGuestNotice,
  GUEST_TEXT_KINDS,
  guestTextMistakes,
  printGuestCredentials,
  type PortalTexts,
} from './index.ts';

const SETTINGS = { enabled: true, defaultFrom: 'no-reply@contoso.onmicrosoft.com', from: 'default' } as const;

function anAccount(change: Partial<GuestAccount> = {}): GuestAccount {
  return {
    id: 'id',
    username: '1001',
    password: '6299',
    firstName: 'Rita',
    lastName: 'Gast',
    emailAddress: 'rita@guests.example',
    guestType: 'Contractor (default)',
    validFrom: Date.parse('2026-03-28T23:30:00Z'),
    validTo: Date.parse('2026-03-30T23:30:00Z'),
    state: 'Created',
    createdAt: 0,
    ...change,
  };
}

const credentials = (change: Partial<GuestAccount> = {}, more: { timeZone?: string; texts?: PortalTexts } = {}) =>
  composeGuestCredentials({ account: anAccount(change), settings: SETTINGS, ...more });

describe('built-in texts', () => {
  const kinds = BUILT_IN_LANGUAGES.flatMap((language) => GUEST_TEXT_KINDS.map((kind) => [language, kind] as const));

  it.each(kinds)('in %s for %s hold known placeholders only, and are no copy of the English ones', (language, kind) => {
    const text = guestTextFor(kind, language);
    expect(guestTextMistakes(kind, text)).toEqual([]);
    if (language !== 'English') expect(text).not.toEqual(guestTextFor(kind, 'English'));
  });

  it.each(kinds)('in %s for %s name the account, or say who asks', (language, kind) => {
    const { body } = guestTextFor(kind, language);
    expect(body).toMatch(kind === 'approval-request' ? /\{\{approveLink\}\}[^]*\{\{denyLink\}\}/ : /\{\{greeting\}\}/);
  });
});

describe('the language of a mail', () => {
  it('is the one of the account, and English where there is none of it', () => {
    const subjects = ['German', 'Spanish', 'Klingon', undefined].map((notificationLanguage) => {
      const mail = credentials({ notificationLanguage });
      return mail.kind === 'composed' ? mail.subject : mail.reason;
    });
    expect(subjects).toEqual([
      'Ihre Zugangsdaten als Gast',
      'Credenciales de su cuenta de invitado',
      'Your Guest Account Credentials',
      'Your Guest Account Credentials',
    ]);
  });

  it('goes for durations, and for the text of the guest type', () => {
    expect(credentials({ notificationLanguage: 'German' })).toMatchObject({
      text: expect.stringContaining('Dauer: 2 Tage'),
    });
    expect(credentials({ notificationLanguage: 'Spanish' })).toMatchObject({
      text: expect.stringContaining('Duración: 2 días'),
    });
    const [base] = DEFAULT_GUEST_TYPES;
    if (!base) throw new Error('no default guest type');
    const notification = { ...base.expirationNotification, text: 'Ask.', texts: { German: 'Fragen Sie.' } };
    const mail = (notificationLanguage: string) =>
      composeGuestExpiry({
        account: anAccount({ notificationLanguage }),
        settings: SETTINGS,
        type: { ...base, expirationNotification: notification },
      });
    expect(mail('German')).toMatchObject({ text: expect.stringMatching(/Fragen Sie\.\n$/) });
    expect(mail('Spanish')).toMatchObject({ text: expect.stringMatching(/Ask\.\n$/) });
  });
});

describe('times in a mail', () => {
  it('are those of the time zone, on both sides of the change to summer time', () => {
    // The clocks of Berlin go forward on 2026-03-29 at 02:00: what lasts two days ends an hour later by the clock.
    expect(credentials({}, { timeZone: 'Europe/Berlin' })).toMatchObject({
      text: expect.stringMatching(/Valid From: 2026-03-29 00:30:00\nValid To: 2026-03-31 01:30:00\nDuration: 2 days/),
    });
    expect(credentials({}, { timeZone: 'America/New_York' })).toMatchObject({
      text: expect.stringContaining('expire on: 03/30/2026 19:30'),
    });
  });
});

describe('edited texts', () => {
  const texts: PortalTexts = {
    German: { credentials: { subject: 'Zugang für {{firstName}}', body: '{{username}} / {{password}}' } },
  };

  it('replace the built-in ones of their language and kind alone', () => {
    expect(credentials({ notificationLanguage: 'German' }, { texts })).toMatchObject({
      subject: 'Zugang für Rita',
      text: '1001 / 6299\n',
    });
    expect(credentials({}, { texts })).toMatchObject({ subject: 'Your Guest Account Credentials' });
  });

  it('are refused with an unknown placeholder, its line and the nearest name', () => {
    const text = { subject: '{{frstName}}', body: 'Hello\n{{pasword}} {{username}}' };
    expect(guestTextMistakes('credentials', text)).toEqual([
      'subject, line 1: there is no placeholder {{frstName}} here. Did you mean "firstName"?',
      'body, line 2: there is no placeholder {{pasword}} here. Did you mean "password"?',
    ]);
  });

  it.each([
    '{{#if username}}x{{/if}}',
    '{{{username}}}',
    '{{lookup this "password"}}',
    '{{> part}}',
    '{{username',
    '{{../x}}',
  ])('are refused with anything but plain placeholders: %s', (body) =>
    expect(guestTextMistakes('credentials', { subject: 'x', body })).toHaveLength(1),
  );

  it('hold the password in the two mails that hand it over, and in no other', () => {
    const withPassword = GUEST_TEXT_KINDS.filter((kind) => placeholdersOf(kind).includes('password'));
    expect(withPassword).toEqual(['credentials', 'approved']);
  });
});

describe('notices', () => {
  it('tell what became of the account, without its password', () => {
    const account = anAccount({ statusReason: 'Badge not returned' });
    for (const kind of ['denied', 'extended', 'suspended', 'reinstated'] as const) {
      const mail = composeGuestNotice(kind, { account, settings: SETTINGS });
      expect(mail).toMatchObject({ type: 'guest-notice', to: ['rita@guests.example'] });
      expect(JSON.stringify(mail)).not.toContain('6299');
    }
    expect(composeGuestApproval({ account, settings: SETTINGS })).toMatchObject({
      type: 'guest-credentials',
      text: expect.stringContaining('Password: 6299'),
    });
  });

  it('ask all approvers in one mail, and nobody if the portal names none', () => {
    const account = anAccount({ approval: { linksValidTo: Date.parse('2026-04-01T00:00:00Z') } });
    const links = { approve: 'https://psn1/a', deny: 'https://psn1/d' };
    const ask = (approvers: string[]) => composeApprovalRequest({ account, settings: SETTINGS, approvers, links });
    expect(ask(['a@lab.example', 'b@lab.example'])).toMatchObject({
      type: 'approval-request',
      to: ['a@lab.example', 'b@lab.example'],
      text: expect.stringMatching(/Approve: https:\/\/psn1\/a\nDeny: https:\/\/psn1\/d\n[^]*until 2026-04-01 00:00:00/),
    });
    expect(JSON.stringify(ask(['a@lab.example']))).not.toContain('6299');
    expect(ask([])).toMatchObject({ kind: 'refused', code: 'notification.no-recipient' });
  });
});

describe('the print view', () => {
  it('is the mail as a page in its language, with nothing in it that could be markup', () => {
    const account = anAccount({ firstName: '<script>alert(1)</script>', notificationLanguage: 'German' });
    const page = printGuestCredentials({ account, texts: {} });
    expect(page).toMatch(/^<!doctype html>\n<html lang="de">/);
    expect(page).toContain('Passwort: 6299<br>');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script');
    const texts = { German: { credentials: { subject: '<b>', body: '<img src=x>' } } };
    expect(printGuestCredentials({ account, texts })).not.toMatch(/<b>|<img/);
  });
});
