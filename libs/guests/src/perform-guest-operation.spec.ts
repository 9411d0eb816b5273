import { Random } from '#libs/simulation';
import {
  createGuestAccount,
  DEFAULT_GUEST_TYPES,
  GUEST_STATES,
  operationRefusal,
  type GuestAccount,
  type GuestState,
} from './index.ts';

const NOW = Date.parse('2026-02-02T10:25:00Z');

function anAccount(change: Partial<GuestAccount>): GuestAccount {
  const random = new Random('resend');
  const creation = createGuestAccount({}, { guestTypes: DEFAULT_GUEST_TYPES, usernames: [], now: NOW, random });
  if (creation.kind === 'refused') throw new Error('the default account is refused');
  return { ...creation.account, ...change };
}

describe('operationRefusal of Resend', () => {
  it('lets Created and Active accounts be resent, and no others', () => {
    const allowed = GUEST_STATES.filter(
      (state: GuestState) => operationRefusal(anAccount({ state }), 'resend', NOW) === undefined,
    );
    expect(allowed).toEqual(['Created', 'Active', 'Approved']);
    expect(operationRefusal(anAccount({ state: 'Denied' }), 'resend', NOW)?.code).toBe('guests.resend-state');
  });

  it('refuses an account whose end has come, though its state still says Active', () => {
    const account = anAccount({ state: 'Active' });
    expect(operationRefusal(account, 'resend', account.validTo - 1)).toBeUndefined();
    expect(operationRefusal(account, 'resend', account.validTo)?.text).toContain('is Expired');
  });

  it('refuses when the guest has changed the password, without telling any password', () => {
    const refusal = operationRefusal(anAccount({ passwordChangedByGuest: true, password: '6299' }), 'resend', NOW);
    expect(refusal?.code).toBe('guests.resend-password-changed');
    expect(refusal?.text).not.toContain('6299');
  });
});
