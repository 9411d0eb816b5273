import {
  DEFAULT_PASSWORD_POLICIES,
  hashPassword,
  isPassword,
  reasonToDisable,
  remindersDue,
  signInRefusal,
  withoutPasswordHash,
  type AdminUser,
  type InternalUser,
} from './index.ts';

const DAY_MS = 86_400_000;
const CHANGED = Date.parse('2026-01-01T00:00:00Z');
const ADMIN_END = CHANGED + 45 * DAY_MS;

function anAdmin(change: Partial<AdminUser> = {}): AdminUser {
  return {
    kind: 'admin',
    username: 'ops',
    includeSystemAlarmsInEmails: false,
    passwordChangedAt: CHANGED,
    enabled: true,
    ...change,
  };
}

function anInternalUser(change: Partial<InternalUser> = {}): InternalUser {
  return { kind: 'internal', username: 'anna', passwordChangedAt: CHANGED, enabled: true, ...change };
}

const because = (user: AdminUser | InternalUser, now: number, policies = DEFAULT_PASSWORD_POLICIES) =>
  reasonToDisable(user, policies, now);

describe('an account', () => {
  it('is disabled with the end of its password, to the millisecond', () => {
    expect([ADMIN_END - 1, ADMIN_END].map((now) => because(anAdmin(), now))).toEqual([undefined, 'password-expired']);
  });

  it('stays where its password never expires, or the policy leaves it', () => {
    expect(because(anAdmin({ passwordNeverExpires: true }), ADMIN_END)).toBeUndefined();
    const admin = { lifetimeDays: 45, reminderDays: 30, disableAtEnd: false };
    expect(because(anAdmin(), ADMIN_END, { ...DEFAULT_PASSWORD_POLICIES, admin })).toBeUndefined();
  });

  it('lasts through its last day', () => {
    const user = anInternalUser({ expiryDate: '2026-01-10', expiryDateEnabled: true });
    const midnight = Date.parse('2026-01-11T00:00:00Z');
    expect([midnight - 1, midnight].map((now) => because(user, now))).toEqual([undefined, 'account-expired']);
    expect(because({ ...user, expiryDateEnabled: false }, midnight)).toBeUndefined();
  });
});

describe('the sign-in of an administrator', () => {
  const refusal = (admin: AdminUser, now: number) => signInRefusal(admin, DEFAULT_PASSWORD_POLICIES, now);

  it('is refused with the audit code from the end of the password on, also before anybody disabled the account', () => {
    expect(refusal(anAdmin(), ADMIN_END - 1)).toBeUndefined();
    expect(refusal(anAdmin(), ADMIN_END)).toMatchObject({ code: 'admin.password-expired', auditCode: '51007' });
    const disabled = anAdmin({ enabled: false, disabledBecause: 'password-expired' });
    expect(refusal(disabled, CHANGED)).toMatchObject({ code: 'admin.password-expired' });
  });

  it('is refused to an account that somebody disabled, without that code', () => {
    expect(refusal(anAdmin({ enabled: false }), CHANGED)).toEqual({
      code: 'admin.account-disabled',
      message: 'the account ops is disabled',
      remedy: expect.stringContaining('enable the account'),
    });
  });
});

describe('a stored password', () => {
  it('is told from another, and does not show in what is handed out', () => {
    const passwordHash = hashPassword('Right-1', '00ff');
    expect(['Right-1', 'right-1', ''].map((typed) => isPassword(typed, passwordHash))).toEqual([true, false, false]);
    expect(JSON.stringify(passwordHash)).not.toContain('Right-1');
    expect(withoutPasswordHash(anAdmin({ passwordHash }))).toEqual(anAdmin());
  });
});

describe('several reminders', () => {
  const policies = {
    ...DEFAULT_PASSWORD_POLICIES,
    internal: { lifetimeDays: 60, reminderDays: 30, furtherReminderDays: [7, 1] },
  };

  it('come each once, evaluated daily', () => {
    const sent: string[] = [];
    const days: number[] = [];
    for (let day = 0; day < 70; day += 1) {
      const due = remindersDue([anInternalUser()], policies, CHANGED + day * DAY_MS, new Set(sent));
      sent.push(...due.map(({ key }) => key));
      if (due.length > 0) days.push(60 - day);
    }
    expect(days).toEqual([30, 7, 1]);
  });

  it('come as one, the nearest to the end, where several passed while nobody evaluated', () => {
    const now = CHANGED + 55 * DAY_MS;
    const [reminder, ...more] = remindersDue([anInternalUser()], policies, now, new Set());
    expect([reminder?.key, more]).toEqual([`internal/anna/${CHANGED}/7`, []]);
    expect(remindersDue([anInternalUser()], policies, now, new Set([reminder?.key ?? '']))).toEqual([]);
  });
});
