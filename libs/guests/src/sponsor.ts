import { scryptSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { lifeCycleState, type GuestAccount } from './guest-account.ts';
import type { GuestRefusal } from './guest-refusal.ts';
import type { GuestOperation } from './life-cycle.ts';

/** Somebody who creates accounts in the sponsor portal. Plain JSON: it is replicated. */
export interface Sponsor {
  readonly username: string;
  readonly emailAddress?: string;
  /** `salt:hash`, of `hashSponsorPassword`; without it the sponsor can't sign in. */
  readonly passwordHash?: string;
  /** Names of sponsor groups; absent: `ALL_ACCOUNTS (default)`. */
  readonly groups?: readonly string[];
}

const flag = (byDefault: boolean) => z.boolean().default(byDefault);
const limit = z.int().min(1).max(10_000).default(200);

/** What the members of a group may do besides creating accounts (fact sheet ise 5.2). Defaults are ours. */
const otherPermissionsSchema = z.strictObject({
  canUpdateGuestContactInfo: flag(true),
  canViewGuestPasswords: flag(true),
  canSendSmsNotifications: flag(false),
  canResetGuestPasswords: flag(true),
  canExtendGuestAccounts: flag(true),
  canDeleteGuestAccounts: flag(true),
  canSuspendGuestAccounts: flag(true),
  requireSuspensionReason: flag(false),
  canReinstateSuspendedAccounts: flag(true),
  canApproveSelfregGuests: flag(true),
  /** Only requests that name the sponsor as the person being visited. */
  limitApprovalToSponsorsGuests: flag(false),
  canAccessViaRest: flag(false),
});

export const sponsorGroupSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  description: z.string().max(512).default(''),
  isEnabled: flag(true),
  /** Whose accounts its members manage: everybody's, those of members of the same group, their own. */
  managePermission: z.enum(['ALLACCOUNTS', 'GROUPACCOUNTS', 'OWNACCOUNTS']).default('ALLACCOUNTS'),
  otherPermissions: otherPermissionsSchema.prefault({}),
  importBatchSizeLimit: limit,
  randomBatchSizeLimit: limit,
  /** Guests of a batch are mailed as soon as they are created. */
  autoNotification: flag(false),
  /** Names of guest types that its members may give; absent: all. */
  guestTypes: z.array(z.string()).optional(),
});
export type SponsorGroup = Readonly<z.infer<typeof sponsorGroupSchema>>;

/** The groups every deployment begins with (fact sheet ise 5.2). */
export const DEFAULT_SPONSOR_GROUPS: readonly SponsorGroup[] = [
  sponsorGroupSchema.parse({ name: 'ALL_ACCOUNTS (default)', managePermission: 'ALLACCOUNTS' }),
  sponsorGroupSchema.parse({ name: 'GROUP_ACCOUNTS (default)', managePermission: 'GROUPACCOUNTS' }),
  sponsorGroupSchema.parse({ name: 'OWN_ACCOUNTS (default)', managePermission: 'OWNACCOUNTS' }),
];

const GROUPS_WITHOUT_ANY = ['ALL_ACCOUNTS (default)'];

/** The enabled groups that a sponsor is a member of. */
function groupsOf(sponsor: Sponsor, groups: readonly SponsorGroup[]): SponsorGroup[] {
  const names = sponsor.groups ?? GROUPS_WITHOUT_ANY;
  return groups.filter(({ name, isEnabled }) => isEnabled && names.includes(name));
}

/** The permission that an operation needs; Resend, Create and the guest's own operations need none. */
const NEEDED: Readonly<Partial<Record<GuestOperation, keyof SponsorGroup['otherPermissions']>>> = {
  edit: 'canUpdateGuestContactInfo',
  resetPassword: 'canResetGuestPasswords',
  extend: 'canExtendGuestAccounts',
  delete: 'canDeleteGuestAccounts',
  suspend: 'canSuspendGuestAccounts',
  reinstate: 'canReinstateSuspendedAccounts',
  approve: 'canApproveSelfregGuests',
  deny: 'canApproveSelfregGuests',
};

/** A sponsor with the groups that say what he may do: of several groups, one that allows is enough. */
export class SponsorRights {
  private readonly groups: readonly SponsorGroup[];

  constructor(
    readonly sponsor: Sponsor,
    allGroups: readonly SponsorGroup[],
    private readonly sponsors: readonly Sponsor[],
  ) {
    this.groups = groupsOf(sponsor, allGroups);
  }

  get importBatchSizeLimit(): number {
    return Math.max(0, ...this.groups.map((group) => group.importBatchSizeLimit));
  }

  get randomBatchSizeLimit(): number {
    return Math.max(0, ...this.groups.map((group) => group.randomBatchSizeLimit));
  }

  get autoNotification(): boolean {
    return this.groups.some((group) => group.autoNotification);
  }

  /** Every group demands it: else the sponsor acts by the one that does not. */
  get requireSuspensionReason(): boolean {
    return this.groups.length > 0 && this.groups.every((group) => group.otherPermissions.requireSuspensionReason);
  }

  has(permission: keyof SponsorGroup['otherPermissions']): boolean {
    return this.groups.some((group) => group.otherPermissions[permission]);
  }

  /** Whether the account is among those that the sponsor's list shows. */
  manages(account: GuestAccount): boolean {
    return this.groups.some((group) => this.managesBy(group, account));
  }

  /** Why the sponsor may not create an account of this type, `undefined` if he may. */
  creationRefusal(guestType: string | undefined): GuestRefusal | undefined {
    if (this.groups.length === 0) return this.refusal('is a member of no sponsor group');
    const allowed = this.groups.some(({ guestTypes }) => !guestTypes || !guestType || guestTypes.includes(guestType));
    return allowed ? undefined : this.refusal(`may not create accounts of type ${guestType ?? ''}`);
  }

  /** Why the sponsor may not do this with the account, `undefined` if he may. */
  operationRefusal(operation: GuestOperation, account: GuestAccount): GuestRefusal | undefined {
    const candidates = this.groups.filter((group) => this.managesBy(group, account));
    if (candidates.length === 0) return this.refusal(`may not manage the account ${account.username}`);
    const needed = NEEDED[operation];
    const able = needed === undefined ? candidates : candidates.filter((group) => group.otherPermissions[needed]);
    if (able.length === 0) return this.refusal(`lacks the permission ${needed ?? ''}`);
    const decides = operation === 'approve' || operation === 'deny';
    if (
      decides &&
      !this.isVisited(account) &&
      able.every((group) => group.otherPermissions.limitApprovalToSponsorsGuests)
    ) {
      return this.refusal('may only decide on guests who visit him');
    }
    return undefined;
  }

  /** Requests that wait belong to nobody yet: any sponsor who may approve sees them (our choice). */
  private managesBy(group: SponsorGroup, account: GuestAccount): boolean {
    if (group.managePermission === 'ALLACCOUNTS') return true;
    if (account.approval !== undefined && account.approval.decision === undefined) {
      return group.otherPermissions.canApproveSelfregGuests;
    }
    const { username } = this.sponsor;
    const isOwn = account.sponsor === username || account.approval?.decidedBy === username || this.isVisited(account);
    if (group.managePermission === 'OWNACCOUNTS' || isOwn) return isOwn;
    const owner = this.sponsors.find((each) => each.username === account.sponsor);
    return owner !== undefined && (owner.groups ?? GROUPS_WITHOUT_ANY).includes(group.name);
  }

  private isVisited({ personBeingVisited, approval }: GuestAccount): boolean {
    const { username, emailAddress } = this.sponsor;
    const person = personBeingVisited?.toLowerCase();
    return (
      approval !== undefined &&
      (person === username.toLowerCase() || (!!person && person === emailAddress?.toLowerCase()))
    );
  }

  private refusal(what: string): GuestRefusal {
    return { code: 'guests.not-permitted', text: `The sponsor ${this.sponsor.username} ${what}.` };
  }
}

/** scrypt is made to be slow; a lab signs in by the hundred, so its cost is a small one. */
const SCRYPT = { N: 1_024, r: 8, p: 1 } as const;

/** What is stored of a password. `salt`: hexadecimal, drawn for this sponsor. */
export function hashSponsorPassword(password: string, salt: string): string {
  return `${salt}:${scryptSync(password, salt, 32, SCRYPT).toString('hex')}`;
}

/** Whether this is the sponsor's password. Takes as long for a sponsor who is not there or has none. */
export function isSponsorPassword(sponsor: Sponsor | undefined, password: string): boolean {
  const [salt = '', stored = ''] = (sponsor?.passwordHash ?? '').split(':');
  const expected = Buffer.from(stored, 'hex');
  const actual = scryptSync(password, salt, 32, SCRYPT);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** The state shown for an account whose row the sponsor sees on the page of pending accounts. */
export function isOnPendingPage(account: GuestAccount, now: number): boolean {
  const state = lifeCycleState(account, now);
  return account.approval !== undefined && (state === 'Pending Approval' || state === 'Approved' || state === 'Denied');
}
