import fc from 'fast-check';
import { Random } from '#libs/simulation';
import {
  createGuestAccount,
  DEFAULT_GUEST_TYPES,
  withoutPassword,
  type GuestAccount,
  type GuestAccountRequest,
  type GuestType,
} from './index.ts';

const NOW = Date.parse('2026-02-02T10:25:00Z');
const DAY_MS = 86_400_000;

function create(request: GuestAccountRequest, options: { usernames?: string[]; guestTypes?: GuestType[] } = {}) {
  return createGuestAccount(request, {
    guestTypes: options.guestTypes ?? DEFAULT_GUEST_TYPES,
    usernames: options.usernames ?? [],
    now: NOW,
    random: new Random('guests').stream('test'),
  });
}

function created(...args: Parameters<typeof create>): GuestAccount {
  const creation = create(...args);
  if (creation.kind === 'refused') throw new Error(JSON.stringify(creation.refusals));
  return creation.account;
}

function codesOf(...args: Parameters<typeof create>): string[] {
  const creation = create(...args);
  return creation.kind === 'refused' ? creation.refusals.map(({ code }) => code) : [];
}

describe('createGuestAccount', () => {
  it('makes an account as the sample mail shows it: user 1001, four digits, 90 days from now', () => {
    const account = created({ firstName: 'testuser', emailAddress: 'testuser@lab.example', sponsor: 'sponsoruser' });
    expect(account).toMatchObject({
      username: '1001',
      password: expect.stringMatching(/^\d{4}$/),
      guestType: 'Contractor (default)',
      state: 'Created',
      validFrom: NOW,
      validTo: Date.parse('2026-05-03T10:25:00Z'),
      createdAt: NOW,
    });
  });

  it('draws the same account from the same seed', () => {
    expect(created({})).toEqual(created({}));
  });

  it('counts user names up from the highest number in use and skips other names', () => {
    expect(created({}, { usernames: ['1001', '1007', 'anna', '12', '99999999999999999999'] }).username).toBe('1008');
  });

  it('takes a given user name unless it is in use', () => {
    expect(created({ username: 'anna' }, { usernames: ['otto'] }).username).toBe('anna');
    expect(codesOf({ username: 'otto' }, { usernames: ['otto'] })).toEqual(['guests.username-taken']);
    expect(codesOf({ username: 'an na' })).toEqual(['guests.username-invalid']);
  });

  it('begins in state Active if the type may bypass the guest portal', () => {
    const guestTypes = DEFAULT_GUEST_TYPES.map((type) => ({ ...type, allowGuestPortalBypass: true }));
    expect(created({}, { guestTypes }).state).toBe('Active');
  });

  it.each([
    ['Contractor (default)', 365],
    ['Daily (default)', 5],
    ['Weekly (default)', 14],
    ['SocialLogin (default)', 5],
  ])('lets %s last %d days and not a millisecond longer', (guestType, days) => {
    expect(created({ guestType, durationMs: days * DAY_MS }).validTo).toBe(NOW + days * DAY_MS);
    expect(codesOf({ guestType, durationMs: days * DAY_MS + 1 })).toEqual(['guests.duration-too-long']);
  });

  it.each([0, -1, Number.NaN])('refuses a duration of %d', (durationMs) => {
    expect(codesOf({ durationMs })).toEqual(['guests.duration-not-positive']);
  });

  it('refuses an account that would be over already, and makes one that has a moment left', () => {
    expect(codesOf({ validFrom: NOW - DAY_MS, durationMs: DAY_MS })).toEqual(['guests.end-past']);
    expect(created({ validFrom: NOW - DAY_MS, durationMs: DAY_MS + 1 }).validTo).toBe(NOW + 1);
  });

  it('names everything that is wrong at once', () => {
    expect(
      codesOf({ guestType: 'VIP', emailAddress: 'nowhere', username: '', firstName: 'a\r\nBcc: b', company: '\0' }),
    ).toEqual([
      'guests.type-unknown',
      'guests.address-invalid',
      'guests.field-control-character',
      'guests.field-control-character',
      'guests.username-invalid',
    ]);
  });

  it('lets no control character into any field', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, address) => {
        const creation = create({ firstName: name, username: name, emailAddress: address });
        if (creation.kind === 'created') {
          const { firstName, username, emailAddress } = creation.account;
          expect(firstName + username + emailAddress).not.toMatch(/\p{Cc}/u);
        }
      }),
    );
  });
});

describe('withoutPassword', () => {
  it('leaves out the password and nothing else', () => {
    const account = created({ firstName: 'testuser' });
    expect({ ...withoutPassword(account), password: account.password }).toEqual(account);
    expect(withoutPassword(account)).not.toHaveProperty('password');
  });
});
