import { Random } from '#libs/simulation';
import {
  createGuestAccount,
  DEFAULT_GUEST_TYPES,
  GUEST_STATES,
  resendRefusal,
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

describe('resendRefusal', () => {
  it('lets Created and Active accounts be resent, and no others', () => {
    const allowed = GUEST_STATES.filter((state: GuestState) => resendRefusal(anAccount({ state }), NOW) === undefined);
    expect(allowed).toEqual(['Created', 'Active']);
    expect(resendRefusal(anAccount({ state: 'Denied' }), NOW)?.code).toBe('guests.resend-state');
  });

  it('refuses an account whose end has come, though its state still says Active', () => {
    const account = anAccount({ state: 'Active' });
    expect(resendRefusal(account, account.validTo - 1)).toBeUndefined();
    expect(resendRefusal(account, account.validTo)?.text).toContain('is Expired');
  });

  it('refuses when the guest has changed the password, without telling any password', () => {
    const refusal = resendRefusal(anAccount({ passwordChangedByGuest: true, password: '6299' }), NOW);
    expect(refusal?.code).toBe('guests.resend-password-changed');
    expect(refusal?.text).not.toContain('6299');
  });
});
