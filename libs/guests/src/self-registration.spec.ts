import { Random } from '#libs/simulation';
import {
  DEFAULT_GUEST_TYPES,
  followApprovalLink,
  performGuestOperation,
  registerGuest,
  selfRegistrationPortalSchema,
  withoutPassword,
  type Registration,
} from './index.ts';

const NOW = Date.parse('2026-02-02T10:25:00Z');
const HOUR_MS = 3_600_000;
const GUEST = { firstName: 'Rita', emailAddress: 'rita@guests.example', personBeingVisited: 'host@lab.example' };

function register(portal: object, registration: Registration = GUEST) {
  const context = { guestTypes: DEFAULT_GUEST_TYPES, usernames: [], now: NOW, random: new Random('registration') };
  return registerGuest(registration, selfRegistrationPortalSchema.parse(portal), context);
}

function pending(portal: object = {}) {
  const outcome = register({
    requireGuestApproval: true,
    approveDenyLinksTimeUnits: 'HOURS',
    approveDenyLinksValidFor: 2,
    ...portal,
  });
  if (outcome.kind === 'refused' || !outcome.approval) throw new Error('nobody has to approve');
  return { account: outcome.account, ...outcome.approval };
}

function codes(portal: object, registration: Registration): string[] {
  const outcome = register(portal, registration);
  return outcome.kind === 'refused' ? outcome.refusals.map(({ code }) => code) : [];
}

describe('registerGuest', () => {
  it('makes an account for the time that the portal gives, usable at once without approval', () => {
    const outcome = register({ accountValidityDuration: 12, accountValidityTimeUnits: 'HOURS' });
    expect(outcome).toMatchObject({
      kind: 'registered',
      account: { state: 'Created', validTo: NOW + 12 * HOUR_MS, guestType: 'Contractor (default)' },
    });
    expect(outcome).not.toHaveProperty('approval');
  });

  it('has the documented defaults, oddity included', () => {
    expect(selfRegistrationPortalSchema.parse({})).toMatchObject({
      requireGuestApproval: false,
      approveDenyLinksValidFor: 1440,
      approveDenyLinksTimeUnits: 'DAYS',
      accountValidityDuration: 1,
    });
  });

  it('asks the addresses of the portal, or the person being visited', () => {
    const addresses = ['a@lab.example', 'b@lab.example'];
    expect(pending({ approvalEmailAddresses: addresses }).approvers).toEqual(addresses);
    expect(pending({ sendApprovalRequestTo: 'PERSONBEINGVISITED' }).approvers).toEqual(['host@lab.example']);
  });

  it('refuses guests by the domain of their address, the deny list winning', () => {
    const at = (domain: string): Registration => ({ emailAddress: `guest@${domain}` });
    const lists = {
      guestEmailDomainsAllowed: ['good.example', 'both.example'],
      guestEmailDomainsDenied: ['Both.example'],
    };
    expect(codes(lists, at('GOOD.example'))).toEqual([]);
    expect(codes(lists, at('both.example'))).toEqual(['guests.address-domain-refused']);
    expect(codes(lists, at('other.example'))).toEqual(['guests.address-domain-refused']);
    expect(codes({}, {})).toEqual(['guests.address-missing']);
  });

  it('needs the address of the person who is to approve', () => {
    const portal = { requireGuestApproval: true, sendApprovalRequestTo: 'PERSONBEINGVISITED' };
    expect(codes(portal, { ...GUEST, personBeingVisited: 'Mr Host' })).toEqual(['guests.person-being-visited-missing']);
    expect(codes({ requireGuestApproval: true }, { ...GUEST, personBeingVisited: 'Mr Host' })).toEqual([]);
  });
});

describe('the links of an approval mail', () => {
  it('lead to the account and decide what they say, until they end', () => {
    const { account, tokens } = pending();
    const follow = (token: string, after: number) => followApprovalLink(token, [account], NOW + after);
    expect(follow(tokens.approve, 2 * HOUR_MS - 1)).toMatchObject({ kind: 'found', operation: 'approve' });
    expect(follow(tokens.deny, 0)).toMatchObject({ kind: 'found', operation: 'deny' });
    expect(follow(tokens.approve, 2 * HOUR_MS)).toMatchObject({ refusal: { code: 'guests.approval-link-expired' } });
    expect(follow('guessed', 0)).toMatchObject({ refusal: { code: 'guests.approval-link-invalid' } });
    expect(follow('', 0)).toMatchObject({ refusal: { code: 'guests.approval-link-invalid' } });
  });

  it('are both spent by any decision', () => {
    const { account, tokens } = pending();
    const context = { guestTypes: DEFAULT_GUEST_TYPES, now: NOW, random: new Random('decision') };
    const decided = performGuestOperation(account, { operation: 'deny', by: 'link' }, context);
    const accounts = decided.kind === 'refused' ? [] : [decided.account];
    expect(accounts).toMatchObject([{ state: 'Denied' }]);
    for (const token of [tokens.approve, tokens.deny]) {
      expect(followApprovalLink(token, accounts, NOW)).toMatchObject({
        refusal: { code: 'guests.approval-link-invalid' },
      });
    }
  });

  it('stand nowhere in the account, and their hashes in nothing that is shown', () => {
    const { account, tokens } = pending();
    expect(JSON.stringify(account)).not.toContain(tokens.approve);
    expect(JSON.stringify(withoutPassword(account))).not.toContain('Hash');
  });
});
