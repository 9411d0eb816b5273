import fc from 'fast-check';
import { DEFAULT_GUEST_TYPES, type GuestAccount } from '#libs/guests';
import { compose, multiLine, type Draft } from './composition.ts';
import { composeGuestCredentials, composePasswordExpiry, composeSponsorSummary, type Composition } from './index.ts';

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

function aDraft(change: Partial<Draft> = {}): Draft {
  return { type: 'test', from: 'ise@lab.example', to: ['to@lab.example'], subject: 'subject', text: 'text', ...change };
}

/** Line breaks and other control characters are what this text is likely to hold. */
const nastyText = fc
  .array(fc.oneof(fc.constantFrom('\r\n', '\n', '\r', '\0', '\u0085', '\u2028', '\nBcc: x@evil.example'), fc.string()))
  .map((parts) => parts.join(''));
const nastyAddress = fc.oneof(
  nastyText,
  fc.tuple(fc.constantFrom('a@lab.example'), nastyText).map(([address, text]) => address + text),
);

function headerText(mail: Composition): string {
  return mail.kind === 'refused' ? mail.reason : [mail.from, ...mail.to, ...mail.cc, mail.subject].join(' ');
}

describe('compose', () => {
  it('lets no control character into a header or into a reason, whatever it is given', () => {
    fc.assert(
      fc.property(nastyAddress, nastyAddress, nastyAddress, nastyText, (from, to, cc, subject) => {
        expect(headerText(compose(aDraft({ from, to: [to], cc: [cc], subject })))).not.toMatch(CONTROL);
        expect(headerText(compose(aDraft({ from, subject })))).not.toMatch(CONTROL);
        expect(headerText(compose(aDraft({ subject })))).not.toMatch(CONTROL);
      }),
    );
  });

  it('makes one line of a subject with line breaks', () => {
    expect(compose(aDraft({ subject: 'a\r\nBcc: b@evil.example\t\0' }))).toMatchObject({
      subject: 'a Bcc: b@evil.example',
    });
  });

  it.each<[string, Partial<Draft>, string]>([
    ['a recipient', { to: ['to@lab.example', 'a@b\r\nBcc: c'] }, 'notification.recipient-address-invalid'],
    ['a Cc', { cc: ['x@lab.example,y@lab.example'] }, 'notification.recipient-address-invalid'],
    ['the sender', { from: 'ISE <ise@lab.example>' }, 'notification.sender-address-invalid'],
    ['nobody', { to: [undefined, ''] }, 'notification.no-recipient'],
  ])('refuses when %s is no address', (_what, change, code) => {
    expect(compose(aDraft(change))).toMatchObject({ kind: 'refused', code });
  });

  it('leaves in a body no control character but single line feeds', () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        const body = multiLine(text);
        expect(body.replaceAll('\n', '')).not.toMatch(CONTROL);
        expect(body.endsWith('\n')).toBe(true);
      }),
    );
  });
});

describe('names', () => {
  const settings = { enabled: true, defaultFrom: 'ise@lab.example', from: 'default' } as const;
  const account = (name: string): GuestAccount => ({
    id: 'id',
    username: '1001',
    password: '6299',
    firstName: name,
    lastName: name,
    emailAddress: 'guest@lab.example',
    reasonForVisit: name,
    guestType: DEFAULT_GUEST_TYPES[0]?.name ?? '',
    validFrom: 0,
    validTo: 86_400_000,
    state: 'Created',
    createdAt: 0,
  });
  const linesOf = (mail: Composition): number => (mail.kind === 'composed' ? mail.text.split('\n').length : 0);

  it('add no line to a mail and none to its headers', () => {
    const plain = composeGuestCredentials({ account: account('name'), settings });
    fc.assert(
      fc.property(nastyText, (name) => {
        const mail = composeGuestCredentials({ account: account(name), settings });
        expect(linesOf(mail)).toBe(linesOf(plain));
        const sponsor = { username: name, emailAddress: 'sponsor@lab.example' };
        const summary = composeSponsorSummary({ action: 'created', accounts: [account(name)], sponsor, settings });
        const user = {
          kind: 'internal',
          username: 'anna',
          accountNameAlias: name,
          emailAddress: 'anna@lab.example',
          passwordChangedAt: 0,
          enabled: true,
        } as const;
        const reminder = composePasswordExpiry({ reminder: { key: '', user, expiresAt: 0 }, from: 'ise@lab.example' });
        for (const composed of [mail, summary, reminder]) {
          expect(composed.kind).toBe('composed');
          expect(headerText(composed)).not.toMatch(CONTROL);
        }
        expect(linesOf(summary)).toBe(5);
        expect(linesOf(reminder)).toBe(5);
      }),
    );
  });
});
