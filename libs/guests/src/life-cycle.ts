import { GUEST_STATES, type GuestState } from './guest-account.ts';
import type { GuestRefusal } from './guest-refusal.ts';

/** What can be done with an account that is there: nine by sponsors and approvers, two by the guest. */
export const GUEST_OPERATIONS = [
  'edit',
  'resend',
  'resetPassword',
  'extend',
  'suspend',
  'reinstate',
  'approve',
  'deny',
  'delete',
  'firstLogin',
  'changePassword',
] as const;
export type GuestOperation = (typeof GUEST_OPERATIONS)[number];

/** The notification that an operation calls for, if mails to guests are on and were asked for. */
export const GUEST_NOTICES = ['credentials', 'approved', 'denied', 'extended', 'suspended', 'reinstated'] as const;
export type GuestNotice = (typeof GUEST_NOTICES)[number];

/** One cell of the table. */
export type LifeCycleCell =
  | {
      readonly kind: 'allowed';
      /** What `lifeCycleState` may give afterwards; `deleted`: there is no account any more. */
      readonly next: readonly (GuestState | 'deleted')[];
      readonly notice?: GuestNotice;
    }
  | { readonly kind: 'refused'; readonly refusal: GuestRefusal };

type AllowedFrom = Readonly<Partial<Record<GuestState, readonly (GuestState | 'deleted')[]>>>;

interface OperationRule {
  /** "... can be <done>." */
  readonly done: string;
  readonly notice?: GuestNotice;
  readonly from: AllowedFrom;
}

const LIVE = ['Created', 'Active'] as const;
const ANY: AllowedFrom = Object.fromEntries(GUEST_STATES.map((state) => [state, [state]]));

/**
 * Who may go where: the one table of the life cycle. From fact sheet ise 5.1: Edit, Resend, Approve, Deny, Reinstate
 * from Suspended. Our choices, where it infers or is silent: Reset Password not for Pending Approval and Denied; Extend
 * likewise; Suspend from Created and Active; Reinstate also from Expired; Delete from any state; what guests may do.
 */
const RULES: Readonly<Record<GuestOperation, OperationRule>> = {
  // A new end in the future revives an account that was marked Expired.
  edit: { done: 'edited', from: { ...ANY, Expired: ['Expired', ...LIVE, 'Approved'] } },
  resend: {
    done: 'resent',
    notice: 'credentials',
    from: { Created: ['Created'], Active: ['Active'], Approved: ['Approved'] },
  },
  resetPassword: {
    done: 'given a new password',
    notice: 'credentials',
    from: {
      Created: ['Created'],
      Active: ['Active'],
      Suspended: ['Suspended'],
      Expired: ['Expired'],
      Approved: ['Approved'],
    },
  },
  extend: {
    done: 'extended',
    notice: 'extended',
    from: {
      Created: ['Created'],
      Active: ['Active'],
      Suspended: ['Suspended'],
      Expired: [...LIVE, 'Suspended', 'Approved'],
      Approved: ['Approved'],
    },
  },
  suspend: {
    done: 'suspended',
    notice: 'suspended',
    from: { Created: ['Suspended'], Active: ['Suspended'], Approved: ['Suspended'] },
  },
  reinstate: {
    done: 'reinstated',
    notice: 'reinstated',
    from: { Suspended: [...LIVE, 'Approved'], Expired: [...LIVE, 'Approved'] },
  },
  approve: {
    done: 'approved',
    notice: 'approved',
    from: { 'Pending Approval': ['Approved', 'Expired'], Denied: ['Approved', 'Expired'] },
  },
  deny: { done: 'denied', notice: 'denied', from: { 'Pending Approval': ['Denied'], Approved: ['Denied'] } },
  delete: { done: 'deleted', from: Object.fromEntries(GUEST_STATES.map((state) => [state, ['deleted']])) },
  firstLogin: { done: 'used', from: { Created: ['Active'], Active: ['Active'], Approved: ['Active'] } },
  changePassword: {
    done: 'given a password by the guest',
    from: { Created: ['Created'], Active: ['Active'], Approved: ['Approved'] },
  },
};

/** State × operation: what is allowed and what comes of it, or the refusal. Tests and documents are made from it. */
export const GUEST_LIFE_CYCLE: Readonly<Record<GuestOperation, Readonly<Record<GuestState, LifeCycleCell>>>> = table();

function table(): Record<GuestOperation, Record<GuestState, LifeCycleCell>> {
  return byName(GUEST_OPERATIONS, (operation) => byName(GUEST_STATES, (state) => cellOf(operation, state)));
}

function cellOf(operation: GuestOperation, state: GuestState): LifeCycleCell {
  const { done, from, notice } = RULES[operation];
  const next = from[state];
  if (next) return { kind: 'allowed', next, ...(notice === undefined ? {} : { notice }) };
  const allowed = GUEST_STATES.filter((each) => from[each] && each !== 'Approved');
  const text = `The account is ${state}; only ${inWords(allowed)} accounts can be ${done}.`;
  return { kind: 'refused', refusal: { code: `guests.${kebab(operation)}-state`, text } };
}

function byName<Name extends string, Value>(names: readonly Name[], value: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Value>;
}

function inWords(states: readonly GuestState[]): string {
  return states.length < 2 ? states.join('') : `${states.slice(0, -1).join(', ')} and ${states.at(-1) ?? ''}`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
