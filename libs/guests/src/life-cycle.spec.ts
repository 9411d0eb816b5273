import { Random } from '#libs/simulation';
import {
  createGuestAccount,
  DEFAULT_GUEST_TYPES,
  GUEST_LIFE_CYCLE,
  GUEST_OPERATIONS,
  GUEST_STATES,
  lifeCycleState,
  performGuestOperation,
  shownState,
  type GuestAccount,
  type GuestCommand,
  type GuestOperation,
  type GuestOperationContext,
  type GuestState,
} from './index.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-02-02T10:25:00Z');
const NOW = START + DAY_MS;

const COMMANDS: Record<GuestOperation, GuestCommand> = {
  edit: { operation: 'edit', changes: { company: 'Example Ltd' } },
  resend: { operation: 'resend' },
  resetPassword: { operation: 'resetPassword' },
  extend: { operation: 'extend', byMs: DAY_MS },
  suspend: { operation: 'suspend', reason: 'badge not returned' },
  reinstate: { operation: 'reinstate' },
  approve: { operation: 'approve', by: 'anna' },
  deny: { operation: 'deny', by: 'anna' },
  delete: { operation: 'delete' },
  firstLogin: { operation: 'firstLogin' },
  changePassword: { operation: 'changePassword', newPassword: '4711' },
};

function context(change: Partial<GuestOperationContext> = {}): GuestOperationContext {
  return { guestTypes: DEFAULT_GUEST_TYPES, now: NOW, random: new Random('life cycle'), ...change };
}

function anAccount(change: Partial<GuestAccount> = {}): GuestAccount {
  const creation = createGuestAccount({}, { ...context({ now: START }), usernames: [] });
  if (creation.kind === 'refused') throw new Error('the default account is refused');
  return { ...creation.account, ...change };
}

/** An account that is in this state at `NOW`. */
function accountIn(state: GuestState): GuestAccount {
  if (state === 'Approved') return anAccount({ approval: { decision: 'approved' } });
  if (state === 'Pending Approval') return anAccount({ state, approval: {} });
  if (state === 'Expired') return anAccount({ validTo: NOW });
  return anAccount({ state, ...(state === 'Active' ? { firstLoginAt: START } : {}) });
}

function perform(account: GuestAccount, command: GuestCommand, change: Partial<GuestOperationContext> = {}) {
  return performGuestOperation(account, command, context(change));
}

function done(account: GuestAccount, command: GuestCommand, change: Partial<GuestOperationContext> = {}): GuestAccount {
  const outcome = perform(account, command, change);
  if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome.refusals));
  return outcome.account;
}

function codes(account: GuestAccount, command: GuestCommand, change: Partial<GuestOperationContext> = {}): string[] {
  const outcome = perform(account, command, change);
  return outcome.kind === 'refused' ? outcome.refusals.map(({ code }) => code) : [];
}

describe.each(GUEST_OPERATIONS)('%s', (operation) => {
  it.each(GUEST_STATES)('does with an account that is %s what the table says', (state) => {
    const account = accountIn(state);
    expect(lifeCycleState(account, NOW)).toBe(state);
    const cell = GUEST_LIFE_CYCLE[operation][state];
    const outcome = perform(account, COMMANDS[operation]);
    if (cell.kind === 'refused') {
      expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ code: cell.refusal.code }] });
      return;
    }
    if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome.refusals));
    const next = outcome.kind === 'deleted' ? 'deleted' : lifeCycleState(outcome.account, NOW);
    expect(cell.next).toContain(next);
    expect(outcome.notices).toEqual(cell.notice === undefined ? [] : [cell.notice]);
  });
});

describe('what the sources say', () => {
  const allowed = (operation: GuestOperation): string[] =>
    GUEST_STATES.filter((state) => GUEST_LIFE_CYCLE[operation][state].kind === 'allowed');

  it('stands in the table', () => {
    expect(allowed('edit')).toEqual(GUEST_STATES);
    expect(allowed('resend')).toEqual(['Created', 'Active', 'Approved']);
    expect(allowed('approve')).toEqual(['Pending Approval', 'Denied']);
    expect(allowed('deny')).toEqual(['Pending Approval', 'Approved']);
    expect(allowed('reinstate')).toContain('Suspended');
  });
});

describe('expiry', () => {
  it('needs nobody to mark it: Created, Active and Suspended accounts are Expired from their end on', () => {
    for (const state of ['Created', 'Active', 'Suspended'] as const) {
      const account = anAccount({ state });
      expect(shownState(account, account.validTo - 1)).toBe(state);
      expect(shownState(account, account.validTo)).toBe('Expired');
    }
    const waiting = anAccount({ state: 'Pending Approval' });
    expect(shownState(waiting, waiting.validTo)).toBe('Pending Approval');
  });

  it('is what Approve finds when the time ran out while the request waited', () => {
    const account = accountIn('Pending Approval');
    expect(done(account, COMMANDS.approve, { now: account.validTo }).state).toBe('Expired');
    expect(done(account, COMMANDS.approve, { now: account.validTo - 1 }).state).toBe('Created');
  });

  it('is undone by an extension, from now on, and keeps who had signed in Active', () => {
    const expired = anAccount({ validTo: NOW - 1, firstLoginAt: START, state: 'Active' });
    const extended = done(expired, COMMANDS.extend);
    expect(extended).toMatchObject({ state: 'Active', validTo: NOW + DAY_MS });
    expect(done(extended, COMMANDS.extend).validTo).toBe(NOW + 2 * DAY_MS);
  });
});

describe('operations', () => {
  it('extend no further than the type allows, counted from now', () => {
    const account = anAccount({ guestType: 'Daily (default)', validTo: NOW + 1 });
    const to = (validTo: number): GuestCommand => ({ operation: 'extend', validTo });
    expect(done(account, to(NOW + 5 * DAY_MS)).validTo).toBe(NOW + 5 * DAY_MS);
    expect(codes(account, to(NOW + 5 * DAY_MS + 1))).toEqual(['guests.duration-too-long']);
    expect(codes(account, to(NOW))).toEqual(['guests.duration-not-positive']);
    expect(codes(account, { operation: 'extend', byMs: -1 })).toEqual(['guests.duration-not-positive']);
  });

  it('suspend with a reason that may be required, and forget it when the account is reinstated', () => {
    const required = { requireSuspensionReason: true };
    expect(codes(accountIn('Active'), { operation: 'suspend', reason: ' ' }, required)).toEqual([
      'guests.suspension-reason-required',
    ]);
    expect(codes(accountIn('Active'), { operation: 'suspend', reason: 'a\r\nb' })).toEqual([
      'guests.field-control-character',
    ]);
    const suspended = done(accountIn('Active'), COMMANDS.suspend, required);
    expect(suspended.statusReason).toBe('badge not returned');
    expect(done(suspended, COMMANDS.reinstate)).toMatchObject({ state: 'Active', statusReason: undefined });
    expect(done({ ...suspended, firstLoginAt: undefined }, COMMANDS.reinstate).state).toBe('Created');
  });

  it('reset a password of the guest to one that can be resent again', () => {
    const changed = done(accountIn('Active'), COMMANDS.changePassword);
    expect(changed).toMatchObject({ password: '4711', passwordChangedByGuest: true });
    expect(codes(changed, COMMANDS.resend)).toEqual(['guests.resend-password-changed']);
    const reset = done(changed, COMMANDS.resetPassword);
    expect(reset.password).toMatch(/^\d{4}$/);
    expect(codes(reset, COMMANDS.resend)).toEqual([]);
  });

  it('refuse a password that the policy does not allow', () => {
    expect(codes(accountIn('Active'), { operation: 'changePassword', newPassword: 'no' })).toEqual([
      'guests.password-policy',
    ]);
  });

  it('edit nothing if one field is wrong, and name them all', () => {
    const changes = { emailAddress: 'nowhere', location: 'Atlantis', validTo: START - 1 };
    expect(codes(accountIn('Active'), { operation: 'edit', changes }, { locations: [] })).toEqual([
      'guests.address-invalid',
      'guests.location-unknown',
      'guests.duration-not-positive',
    ]);
  });

  it('begin the duration with the first login where the type says so', () => {
    const guestTypes = DEFAULT_GUEST_TYPES.map((type) => ({ ...type, fromFirstLogin: true }));
    const creation = createGuestAccount(
      { durationMs: 2 * DAY_MS },
      { ...context({ now: START, guestTypes }), usernames: [] },
    );
    if (creation.kind === 'refused') throw new Error('refused');
    const used = done(creation.account, COMMANDS.firstLogin);
    expect(used).toMatchObject({ state: 'Active', firstLoginAt: NOW, validFrom: NOW, validTo: NOW + 2 * DAY_MS });
    expect(done(used, COMMANDS.firstLogin, { now: NOW + DAY_MS })).toEqual(used);
  });

  it('refuse a login before the account begins', () => {
    const account = anAccount({ validFrom: NOW + 1 });
    expect(codes(account, COMMANDS.firstLogin)).toEqual(['guests.not-yet-valid']);
    expect(codes(account, COMMANDS.firstLogin, { now: NOW + 1 })).toEqual([]);
  });
});
