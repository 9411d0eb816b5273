import {
  DEFAULT_PASSWORD_POLICIES,
  displayNameOf,
  passwordExpiresAt,
  passwordReminderDueAt,
  remindersDue,
  type AdminUser,
  type InternalUser,
} from './index.ts';

const DAY_MS = 86_400_000;
const CHANGED = Date.parse('2026-01-01T00:00:00Z');

function anInternalUser(change: Partial<InternalUser> = {}): InternalUser {
  return { kind: 'internal', username: 'anna', passwordChangedAt: CHANGED, enabled: true, ...change };
}

function anAdmin(change: Partial<AdminUser> = {}): AdminUser {
  return {
    kind: 'admin',
    username: 'admin',
    includeSystemAlarmsInEmails: false,
    passwordChangedAt: CHANGED,
    enabled: true,
    ...change,
  };
}

describe('displayNameOf', () => {
  it('is the account name alias, else the login name', () => {
    expect(displayNameOf(anInternalUser({ accountNameAlias: 'Anna A.' }))).toBe('Anna A.');
    expect(displayNameOf(anInternalUser({ accountNameAlias: ' ' }))).toBe('anna');
    expect(displayNameOf(anAdmin())).toBe('admin');
  });
});

describe('a password', () => {
  it('lasts 45 days for an administrator and 60 for an internal user by default', () => {
    expect(passwordExpiresAt(anAdmin(), DEFAULT_PASSWORD_POLICIES.admin)).toBe(CHANGED + 45 * DAY_MS);
    expect(passwordExpiresAt(anInternalUser(), DEFAULT_PASSWORD_POLICIES.internal)).toBe(CHANGED + 60 * DAY_MS);
  });

  it('that never expires has neither end nor reminder', () => {
    const user = anInternalUser({ passwordNeverExpires: true });
    expect(passwordExpiresAt(user, DEFAULT_PASSWORD_POLICIES.internal)).toBeUndefined();
    expect(passwordReminderDueAt(user, DEFAULT_PASSWORD_POLICIES.internal)).toBeUndefined();
  });

  it('is not reminded of before it was set', () => {
    expect(passwordReminderDueAt(anAdmin(), { lifetimeDays: 7, reminderDays: 30 })).toBe(CHANGED);
  });
});

describe('remindersDue', () => {
  const policies = { ...DEFAULT_PASSWORD_POLICIES, internal: { lifetimeDays: 60, reminderDays: 10 } };
  const usersDue = (users: readonly (InternalUser | AdminUser)[], now: number, sent: readonly string[] = []) =>
    remindersDue(users, policies, now, new Set(sent));

  it('begins at the due instant and ends with the password', () => {
    const due = CHANGED + 50 * DAY_MS;
    const end = CHANGED + 60 * DAY_MS;
    expect([due - 1, due, end - 1, end].map((now) => usersDue([anInternalUser()], now).length)).toEqual([0, 1, 1, 0]);
  });

  it('reminds exactly once per password, also when evaluated every hour and after a pause', () => {
    const sent: string[] = [];
    let user = anInternalUser();
    for (let hour = 0; hour < 120 * 24; hour += 1) {
      const now = CHANGED + hour * 3_600_000;
      if (hour === 55 * 24) user = { ...user, passwordChangedAt: now };
      const pan = hour < 49 * 24 || hour > 52 * 24 ? 'up' : 'down';
      if (pan === 'up') sent.push(...usersDue([user], now, sent).map(({ key }) => key));
    }
    expect(sent).toEqual([`internal/anna/${CHANGED}/10`, `internal/anna/${CHANGED + 55 * DAY_MS}/10`]);
  });

  it('keeps an administrator apart from an internal user of the same name, the earlier end first', () => {
    const now = CHANGED + 44 * DAY_MS;
    const users = [
      anInternalUser({ username: 'same', passwordChangedAt: CHANGED - 14 * DAY_MS }),
      anAdmin({ username: 'same' }),
    ];
    const reminders = usersDue(users, now);
    expect(reminders.map(({ user, expiresAt }) => [user.kind, (expiresAt - now) / DAY_MS])).toEqual([
      ['admin', 1],
      ['internal', 2],
    ]);
    expect(usersDue(users, now, [reminders[0]?.key ?? '']).map(({ user }) => user.kind)).toEqual(['internal']);
  });

  it('passes over disabled users', () => {
    expect(usersDue([anInternalUser({ enabled: false })], CHANGED + 55 * DAY_MS)).toEqual([]);
  });
});
