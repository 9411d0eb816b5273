import type { Random } from '#libs/simulation';
import { lifeCycleState, type GuestAccount } from './guest-account.ts';
import {
  DEFAULT_GUEST_PASSWORD_POLICY,
  generatePassword,
  passwordRefusal,
  type GuestPasswordPolicy,
} from './guest-credentials-policy.ts';
import { durationRefusal, fieldRefusals, fieldsOf, findGuestType, type GuestFields } from './guest-fields.ts';
import type { GuestLocation } from './guest-location.ts';
import type { GuestRefusal } from './guest-refusal.ts';
import type { GuestType } from './guest-type.ts';
import { GUEST_LIFE_CYCLE, type GuestNotice, type GuestOperation } from './life-cycle.ts';

/** An operation with what is typed into its dialog. Instants are epoch milliseconds. */
export type GuestCommand =
  | { readonly operation: 'edit'; readonly changes: GuestChanges }
  | { readonly operation: 'resend' | 'resetPassword' | 'reinstate' | 'delete' }
  | { readonly operation: 'firstLogin' }
  /** A new end, or so much longer: from the present end on, or from now if that is past. */
  | { readonly operation: 'extend'; readonly validTo?: number; readonly byMs?: number }
  | { readonly operation: 'suspend' | 'deny'; readonly reason?: string; readonly by?: string }
  | { readonly operation: 'approve'; readonly by?: string }
  | { readonly operation: 'changePassword'; readonly newPassword: string };

/** What Edit may change; what is absent stays. Fields are emptied with an empty text. */
export interface GuestChanges extends GuestFields {
  readonly guestType?: string;
  readonly validFrom?: number;
  readonly validTo?: number;
}

export interface GuestOperationContext {
  readonly guestTypes: readonly GuestType[];
  /** Absent: locations are not checked. */
  readonly locations?: readonly GuestLocation[];
  readonly passwordPolicy?: GuestPasswordPolicy;
  /** Of the sponsor group: `requireSuspensionReason`. */
  readonly requireSuspensionReason?: boolean;
  readonly now: number;
  /** A stream of the caller's own; new passwords are drawn from it. */
  readonly random: Random;
}

export type GuestOperationOutcome =
  | { readonly kind: 'done'; readonly account: GuestAccount; readonly notices: readonly GuestNotice[] }
  /** `account` as it was. */
  | { readonly kind: 'deleted'; readonly account: GuestAccount; readonly notices: readonly GuestNotice[] }
  | { readonly kind: 'refused'; readonly refusals: readonly GuestRefusal[] };

/** Does with the account what the command says, if `GUEST_LIFE_CYCLE` allows it and the input is good. */
export function performGuestOperation(
  account: GuestAccount,
  command: GuestCommand,
  context: GuestOperationContext,
): GuestOperationOutcome {
  const refusal = operationRefusal(account, command.operation, context.now);
  if (refusal) return { kind: 'refused', refusals: [refusal] };
  const changed = change(account, command, context);
  if ('refusals' in changed) return { kind: 'refused', refusals: changed.refusals };
  const cell = GUEST_LIFE_CYCLE[command.operation][lifeCycleState(account, context.now)];
  const notices = cell.kind === 'allowed' && cell.notice !== undefined ? [cell.notice] : [];
  return { kind: command.operation === 'delete' ? 'deleted' : 'done', account: changed.account, notices };
}

/** Why the account's state forbids the operation, whatever is typed; `undefined` if it does not. */
export function operationRefusal(
  account: GuestAccount,
  operation: GuestOperation,
  now: number,
): GuestRefusal | undefined {
  const cell = GUEST_LIFE_CYCLE[operation][lifeCycleState(account, now)];
  if (cell.kind === 'refused') {
    const { code, text } = cell.refusal;
    return { code, text: text.replace('The account', `The account ${account.username}`) };
  }
  if (operation === 'resend' && account.passwordChangedByGuest) {
    const text = `The guest ${account.username} has changed the password; reset it instead.`;
    return { code: 'guests.resend-password-changed', text };
  }
  return undefined;
}

type Changed = { readonly account: GuestAccount } | { readonly refusals: readonly GuestRefusal[] };

function change(account: GuestAccount, command: GuestCommand, context: GuestOperationContext): Changed {
  const { now, random, passwordPolicy = DEFAULT_GUEST_PASSWORD_POLICY } = context;
  switch (command.operation) {
    case 'edit':
      return edit(account, command.changes, context);
    case 'resend':
    case 'delete':
      return { account };
    case 'resetPassword': {
      const password = generatePassword(passwordPolicy, random);
      return { account: { ...account, password, passwordChangedByGuest: false } };
    }
    case 'extend':
      return extend(account, command, context);
    case 'suspend':
      return suspend(account, command.reason, context);
    case 'reinstate':
      return reinstate(account, context);
    case 'approve':
      return { account: approved(account, command.by, context) };
    case 'deny': {
      const refusals = reasonRefusals(command.reason);
      if (refusals.length > 0) return { refusals };
      const approval = { decision: 'denied', decidedBy: command.by } as const;
      return { account: { ...account, state: 'Denied', statusReason: command.reason, approval } };
    }
    case 'firstLogin':
      return firstLogin(account, now);
    case 'changePassword': {
      const refusal = passwordRefusal(passwordPolicy, command.newPassword);
      if (refusal) return { refusals: [refusal] };
      return { account: { ...account, password: command.newPassword, passwordChangedByGuest: true } };
    }
  }
}

function edit(account: GuestAccount, changes: GuestChanges, context: GuestOperationContext): Changed {
  const { guestType = account.guestType, validFrom = account.validFrom, validTo = account.validTo } = changes;
  const refusals = fieldRefusals(changes, context.locations);
  const found = findGuestType(guestType, context.guestTypes);
  const isTimeEdited = [changes.guestType, changes.validFrom, changes.validTo].some((each) => each !== undefined);
  if (isTimeEdited) {
    const refusal = 'refusal' in found ? found.refusal : durationRefusal(found.type, validTo - validFrom);
    if (refusal) refusals.push(refusal);
  }
  if (refusals.length > 0) return { refusals };
  const edited = { ...account, ...fieldsOf(changes), guestType, validFrom, validTo };
  return { account: account.state === 'Expired' && validTo > context.now ? usable(edited, context) : edited };
}

/** The new end counts from now: an extension begins a new period of at most what the type allows (our choice). */
function extend(
  account: GuestAccount,
  { validTo, byMs }: { validTo?: number; byMs?: number },
  context: GuestOperationContext,
): Changed {
  const { now } = context;
  const end = validTo ?? Math.max(account.validTo, now) + (byMs ?? 0);
  const found = findGuestType(account.guestType, context.guestTypes);
  if ('refusal' in found) return { refusals: [found.refusal] };
  const refusal =
    validTo === undefined && !((byMs ?? 0) > 0)
      ? durationRefusal(found.type, 0)
      : durationRefusal(found.type, end - Math.max(now, account.validFrom));
  if (refusal) return { refusals: [refusal] };
  const extended = { ...account, validTo: end };
  return { account: account.state === 'Expired' ? usable(extended, context) : extended };
}

function suspend(account: GuestAccount, reason: string | undefined, context: GuestOperationContext): Changed {
  const text = reason?.trim();
  if (context.requireSuspensionReason && !text) {
    const refusal = 'A reason for the suspension is required.';
    return { refusals: [{ code: 'guests.suspension-reason-required', text: refusal, field: 'reason' }] };
  }
  const refusals = reasonRefusals(text);
  if (refusals.length > 0) return { refusals };
  return { account: { ...account, state: 'Suspended', statusReason: text || undefined } };
}

/** A reason is one line, as the other fields are. */
function reasonRefusals(reason: string | undefined): GuestRefusal[] {
  return fieldRefusals({ reasonForVisit: reason }, undefined).map(({ code, text }) => ({
    code,
    text: text.replace('reasonForVisit', 'reason'),
    field: 'reason',
  }));
}

/** An expired account begins anew with the default duration of its type (our choice). */
function reinstate(account: GuestAccount, context: GuestOperationContext): Changed {
  const { now } = context;
  const again = usable({ ...account, statusReason: undefined }, context);
  if (lifeCycleState(account, now) !== 'Expired') return { account: again };
  const found = findGuestType(account.guestType, context.guestTypes);
  if ('refusal' in found) return { refusals: [found.refusal] };
  return { account: { ...again, validTo: now + found.type.defaultDurationMs } };
}

/** Approval does not move the end: time that ran out while waiting is gone (fact sheet ise 5.1). */
function approved(account: GuestAccount, by: string | undefined, context: GuestOperationContext): GuestAccount {
  const decided: GuestAccount = {
    ...account,
    statusReason: undefined,
    approval: { decision: 'approved', decidedBy: by },
  };
  return context.now >= account.validTo ? { ...decided, state: 'Expired' } : usable(decided, context);
}

function firstLogin(account: GuestAccount, now: number): Changed {
  if (now < account.validFrom) {
    return { refusals: [{ code: 'guests.not-yet-valid', text: `The account ${account.username} is not valid yet.` }] };
  }
  if (account.firstLoginAt !== undefined) return { account };
  const { fromFirstLoginMs, ...rest } = account;
  const period = fromFirstLoginMs === undefined ? {} : { validFrom: now, validTo: now + fromFirstLoginMs };
  return { account: { ...rest, ...period, state: 'Active', firstLoginAt: now } };
}

/** Active if it was used before or need not pass the portal, else Created. */
function usable(account: GuestAccount, { guestTypes }: GuestOperationContext): GuestAccount {
  const bypass = guestTypes.find(({ name }) => name === account.guestType)?.allowGuestPortalBypass ?? false;
  return { ...account, state: bypass || account.firstLoginAt !== undefined ? 'Active' : 'Created' };
}
