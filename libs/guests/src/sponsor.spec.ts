import {
  DEFAULT_SPONSOR_GROUPS,
  hashSponsorPassword,
  isSponsorPassword,
  sponsorGroupSchema,
  SponsorRights,
  type GuestAccount,
  type GuestOperation,
  type Sponsor,
  type SponsorGroup,
} from './index.ts';

const ACCOUNT: GuestAccount = {
  id: 'id',
  username: '1001',
  password: '6299',
  firstName: '',
  lastName: '',
  emailAddress: '',
  guestType: 'Contractor (default)',
  sponsor: 'anna',
  validFrom: 0,
  validTo: 1,
  state: 'Active',
  createdAt: 0,
};
const WAITING: GuestAccount = { ...ACCOUNT, sponsor: undefined, state: 'Pending Approval', approval: {} };

const ALL = 'ALL_ACCOUNTS (default)';
const GROUP = 'GROUP_ACCOUNTS (default)';
const OWN = 'OWN_ACCOUNTS (default)';

function rights(
  groups: readonly string[] | undefined,
  more: readonly SponsorGroup[] = [],
  others: readonly Sponsor[] = [],
) {
  const sponsor: Sponsor = { username: 'otto', emailAddress: 'otto@lab.example', groups };
  return new SponsorRights(sponsor, [...DEFAULT_SPONSOR_GROUPS, ...more], [sponsor, ...others]);
}

describe('SponsorRights', () => {
  it('let members of ALL_ACCOUNTS manage any account, those of OWN_ACCOUNTS their own', () => {
    const own = { ...ACCOUNT, sponsor: 'otto' };
    expect([rights([ALL]).manages(ACCOUNT), rights(undefined).manages(ACCOUNT)]).toEqual([true, true]);
    expect([rights([OWN]).manages(ACCOUNT), rights([OWN]).manages(own)]).toEqual([false, true]);
  });

  it('let members of GROUP_ACCOUNTS manage those of the sponsors of the same group', () => {
    const anna = (groups: string[]): Sponsor => ({ username: 'anna', groups });
    expect(rights([GROUP], [], [anna([GROUP])]).manages(ACCOUNT)).toBe(true);
    expect(rights([GROUP], [], [anna([OWN])]).manages(ACCOUNT)).toBe(false);
    expect(rights([GROUP]).manages(ACCOUNT)).toBe(false);
  });

  it('are none without a group, or in one that is switched off', () => {
    const off = sponsorGroupSchema.parse({ name: 'Off', isEnabled: false });
    for (const none of [rights([]), rights(['gone']), rights(['Off'], [off])]) {
      expect(none.manages(ACCOUNT)).toBe(false);
      expect(none.creationRefusal(undefined)?.code).toBe('guests.not-permitted');
      expect([none.importBatchSizeLimit, none.randomBatchSizeLimit]).toEqual([0, 0]);
    }
  });

  it.each<[GuestOperation, string]>([
    ['edit', 'canUpdateGuestContactInfo'],
    ['resetPassword', 'canResetGuestPasswords'],
    ['extend', 'canExtendGuestAccounts'],
    ['delete', 'canDeleteGuestAccounts'],
    ['suspend', 'canSuspendGuestAccounts'],
    ['reinstate', 'canReinstateSuspendedAccounts'],
    ['approve', 'canApproveSelfregGuests'],
    ['deny', 'canApproveSelfregGuests'],
  ])('allow %s only with %s', (operation, permission) => {
    const without = sponsorGroupSchema.parse({ name: 'Without', otherPermissions: { [permission]: false } });
    expect(rights(['Without'], [without]).operationRefusal(operation, WAITING)?.text).toContain(permission);
    expect(rights(['Without', ALL], [without]).operationRefusal(operation, WAITING)).toBeUndefined();
    expect(rights(['Without'], [without]).operationRefusal('resend', ACCOUNT)).toBeUndefined();
  });

  it('let a sponsor decide on requests of others, unless his group limits him to his own guests', () => {
    const limited = sponsorGroupSchema.parse({
      name: 'Limited',
      otherPermissions: { limitApprovalToSponsorsGuests: true },
    });
    expect(rights([OWN]).operationRefusal('approve', WAITING)).toBeUndefined();
    const refusal = (personBeingVisited: string) =>
      rights(['Limited'], [limited]).operationRefusal('approve', { ...WAITING, personBeingVisited });
    expect(refusal('anna@lab.example')?.code).toBe('guests.not-permitted');
    expect([refusal('Otto@lab.example'), refusal('otto')]).toEqual([undefined, undefined]);
  });

  it('demand a reason for a suspension only if every group does', () => {
    const strict = sponsorGroupSchema.parse({ name: 'Strict', otherPermissions: { requireSuspensionReason: true } });
    expect(rights(['Strict'], [strict]).requireSuspensionReason).toBe(true);
    expect(rights(['Strict', ALL], [strict]).requireSuspensionReason).toBe(false);
  });

  it('allow the guest types that a group lists', () => {
    const daily = sponsorGroupSchema.parse({ name: 'Daily', guestTypes: ['Daily (default)'] });
    expect(rights(['Daily'], [daily]).creationRefusal('Daily (default)')).toBeUndefined();
    expect(rights(['Daily'], [daily]).creationRefusal('Contractor (default)')?.code).toBe('guests.not-permitted');
  });
});

describe('a sponsor password', () => {
  const sponsor: Sponsor = { username: 'otto', passwordHash: hashSponsorPassword('isebed-Sponsor-1', 'a1b2') };

  it('is known by its hash', () => {
    expect(isSponsorPassword(sponsor, 'isebed-Sponsor-1')).toBe(true);
    expect(isSponsorPassword(sponsor, 'isebed-Sponsor-2')).toBe(false);
    expect(sponsor.passwordHash).not.toContain('isebed');
  });

  it('is never right for nobody, or for a sponsor without one', () => {
    expect([isSponsorPassword(undefined, ''), isSponsorPassword({ username: 'otto' }, '')]).toEqual([false, false]);
  });
});
