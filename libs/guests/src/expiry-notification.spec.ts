import {
  DEFAULT_GUEST_TYPES,
  expiryNotificationDueAt,
  expiryNotificationsDue,
  isExpired,
  type GuestAccount,
  type GuestType,
} from './index.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-02-02T00:00:00Z');
const END = START + 90 * DAY_MS;

function anAccount(change: Partial<GuestAccount> = {}): GuestAccount {
  return {
    id: 'id',
    username: '1001',
    password: '6299',
    firstName: 'testuser',
    lastName: '',
    emailAddress: 'testuser@lab.example',
    guestType: 'Contractor (default)',
    validFrom: START,
    validTo: END,
    state: 'Active',
    createdAt: START,
    ...change,
  };
}

function aType(notification: Partial<GuestType['expirationNotification']> = {}): GuestType {
  const [contractor] = DEFAULT_GUEST_TYPES;
  if (!contractor) throw new Error('no default guest type');
  const expirationNotification = { ...contractor.expirationNotification, enabled: true, ...notification };
  return { ...contractor, expirationNotification };
}

describe('expiryNotificationDueAt', () => {
  it('is the advance before the end', () => {
    expect(expiryNotificationDueAt(anAccount(), aType())).toBe(END - 3 * DAY_MS);
    expect(expiryNotificationDueAt(anAccount(), aType({ advanceMs: 90_000 }))).toBe(END - 90_000);
  });

  it('is the beginning of an account that is shorter than the advance', () => {
    expect(expiryNotificationDueAt(anAccount({ validTo: START + DAY_MS }), aType())).toBe(START);
  });

  it.each([
    ['the type does not notify', {}, { enabled: false }],
    ['the type does not notify by e-mail', {}, { sendEmail: false }],
    ['the guest was told of this end', { expiryNotifiedFor: END }, {}],
    ['the account is suspended', { state: 'Suspended' }, {}],
    ['the account awaits approval', { state: 'Pending Approval' }, {}],
  ] as const)('is never if %s', (_reason, account, notification) => {
    expect(expiryNotificationDueAt(anAccount(account), aType(notification))).toBeUndefined();
  });

  it('comes again after an extension', () => {
    const extended = anAccount({ expiryNotifiedFor: END, validTo: END + 10 * DAY_MS });
    expect(expiryNotificationDueAt(extended, aType())).toBe(END + 7 * DAY_MS);
  });
});

describe('expiryNotificationsDue', () => {
  const due = END - 3 * DAY_MS;

  it('begins at the due instant, ends before the end of the account', () => {
    const dueAt = (now: number) => expiryNotificationsDue([anAccount()], [aType()], now).length;
    expect([due - 1, due, END - 1, END].map(dueAt)).toEqual([0, 1, 1, 0]);
  });

  it('lists each account once when it is marked, the one that ends first coming first', () => {
    const accounts = [anAccount({ username: 'later' }), anAccount({ username: 'sooner', validTo: END - 1 })];
    const first = expiryNotificationsDue(accounts, [aType()], due);
    expect(first.map(({ username }) => username)).toEqual(['sooner', 'later']);
    const marked = accounts.map((account) => ({ ...account, expiryNotifiedFor: account.validTo }));
    expect(expiryNotificationsDue(marked, [aType()], due)).toEqual([]);
  });

  it('passes over accounts whose type is gone', () => {
    expect(expiryNotificationsDue([anAccount({ guestType: 'gone' })], [aType()], due)).toEqual([]);
  });
});

describe('isExpired', () => {
  it('is so from the end on, and whenever the state says so', () => {
    expect(isExpired(anAccount(), END - 1)).toBe(false);
    expect(isExpired(anAccount(), END)).toBe(true);
    expect(isExpired(anAccount({ state: 'Expired' }), START)).toBe(true);
  });
});
