import type { Random } from '#libs/simulation';
import type { GuestAccount } from './guest-account.ts';
import {
  DEFAULT_GUEST_PASSWORD_POLICY,
  DEFAULT_GUEST_USERNAME_POLICY,
  generatePassword,
  knownUsername,
  passwordRefusal,
  randomUsername,
  usernameRefusal,
  type GuestPasswordPolicy,
  type GuestUsernamePolicy,
} from './guest-credentials-policy.ts';
import { durationRefusal, fieldRefusals, fieldsOf, findGuestType, type GuestFields } from './guest-fields.ts';
import type { GuestLocation } from './guest-location.ts';
import type { GuestRefusal } from './guest-refusal.ts';
import type { GuestType } from './guest-type.ts';

/** What the sponsor fills in. */
export interface GuestAccountRequest extends GuestFields {
  /** Name of a guest type; default: the first of `guestTypes`. */
  readonly guestType?: string;
  /** User name of the sponsor. */
  readonly sponsor?: string;
  /** Default: as the username policy makes it. */
  readonly username?: string;
  /** A random account: the username policy draws the name, which begins so (may be empty). */
  readonly usernamePrefix?: string;
  /** SECRET. Default: drawn as the password policy says. */
  readonly password?: string;
  /** Identifier of the portal it is created through. */
  readonly portalId?: string;
  /** Epoch milliseconds; default: now. */
  readonly validFrom?: number;
  /** Default: as the guest type says. */
  readonly durationMs?: number;
}

export interface GuestCreationContext {
  readonly guestTypes: readonly GuestType[];
  /** The user names that are in use. */
  readonly usernames: readonly string[];
  /** Absent: locations are not checked. */
  readonly locations?: readonly GuestLocation[];
  readonly usernamePolicy?: GuestUsernamePolicy;
  readonly passwordPolicy?: GuestPasswordPolicy;
  readonly now: number;
  /** A stream of the caller's own; identifier and password are drawn from it. */
  readonly random: Random;
}

export type GuestCreation =
  | { readonly kind: 'created'; readonly account: GuestAccount }
  | { readonly kind: 'refused'; readonly refusals: readonly GuestRefusal[] };

/** All of the accounts, or none and what is wrong with which request (counted from 0). */
export type GuestBatchCreation =
  | { readonly kind: 'created'; readonly accounts: readonly GuestAccount[] }
  | { readonly kind: 'refused'; readonly refusals: readonly (GuestRefusal & { readonly index: number })[] };

/** A new account, or everything that is wrong with the request at once. Nothing is drawn from `random` if it is refused. */
export function createGuestAccount(request: GuestAccountRequest, context: GuestCreationContext): GuestCreation {
  const batch = createGuestAccounts([request], context);
  if (batch.kind === 'refused') {
    return { kind: 'refused', refusals: batch.refusals.map(({ index: _first, ...refusal }) => refusal) };
  }
  const [account] = batch.accounts;
  return account ? { kind: 'created', account } : { kind: 'refused', refusals: [] };
}

/** New accounts, all or nothing. User names are unique among them and those in use, whatever their case. */
export function createGuestAccounts(
  requests: readonly GuestAccountRequest[],
  context: GuestCreationContext,
): GuestBatchCreation {
  const taken = new Set(context.usernames.map((name) => name.toLowerCase()));
  const refusals = requests.flatMap((request, index) => {
    const found = requestRefusals(request, context, taken);
    if (request.username !== undefined) taken.add(request.username.toLowerCase());
    return found.map((refusal) => ({ ...refusal, index }));
  });
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const accounts: GuestAccount[] = [];
  for (const [index, request] of requests.entries()) {
    const username = request.username ?? drawnUsername(request, context, taken);
    if (username === undefined) {
      const text = 'No free user name is left: let the username policy draw longer ones.';
      return { kind: 'refused', refusals: [{ code: 'guests.usernames-used-up', text, index }] };
    }
    taken.add(username.toLowerCase());
    accounts.push(accountOf(request, username, context));
  }
  return { kind: 'created', accounts };
}

function accountOf(request: GuestAccountRequest, username: string, context: GuestCreationContext): GuestAccount {
  const { guestTypes, now, random, passwordPolicy = DEFAULT_GUEST_PASSWORD_POLICY } = context;
  const found = findGuestType(request.guestType, guestTypes);
  if ('refusal' in found) throw new RangeError(found.refusal.text);
  const { type } = found;
  const validFrom = request.validFrom ?? now;
  const durationMs = request.durationMs ?? type.defaultDurationMs;
  return {
    id: random.uuid(),
    username,
    password: request.password ?? generatePassword(passwordPolicy, random),
    firstName: '',
    lastName: '',
    emailAddress: '',
    ...fieldsOf(request),
    guestType: type.name,
    sponsor: request.sponsor,
    portalId: request.portalId,
    validFrom,
    validTo: validFrom + durationMs,
    ...(type.fromFirstLogin && !type.allowGuestPortalBypass ? { fromFirstLoginMs: durationMs } : {}),
    state: type.allowGuestPortalBypass ? 'Active' : 'Created',
    createdAt: now,
  };
}

function drawnUsername(
  request: GuestAccountRequest,
  { usernamePolicy = DEFAULT_GUEST_USERNAME_POLICY, random }: GuestCreationContext,
  taken: ReadonlySet<string>,
): string | undefined {
  return request.usernamePrefix === undefined
    ? knownUsername(usernamePolicy, request, taken)
    : randomUsername(usernamePolicy, request.usernamePrefix, taken, random);
}

function requestRefusals(
  request: GuestAccountRequest,
  context: GuestCreationContext,
  taken: ReadonlySet<string>,
): GuestRefusal[] {
  const { usernamePolicy = DEFAULT_GUEST_USERNAME_POLICY, passwordPolicy = DEFAULT_GUEST_PASSWORD_POLICY } = context;
  const { guestType, durationMs, username, usernamePrefix = '', password } = request;
  const found = findGuestType(guestType, context.guestTypes);
  const candidates = [
    'refusal' in found ? found.refusal : durationRefusal(found.type, durationMs ?? found.type.defaultDurationMs),
    'refusal' in found ? undefined : endRefusal(request, durationMs ?? found.type.defaultDurationMs, context.now),
    ...fieldRefusals(request, context.locations),
    username === undefined ? undefined : usernameRefusal(usernamePolicy, username, taken),
    /^[^\s\p{Cc}/]{0,32}$/u.test(usernamePrefix) ? undefined : PREFIX_INVALID,
    password === undefined ? undefined : passwordRefusal(passwordPolicy, password),
  ];
  return candidates.filter((candidate) => candidate !== undefined);
}

function endRefusal({ validFrom }: GuestAccountRequest, durationMs: number, now: number): GuestRefusal | undefined {
  if (validFrom === undefined || validFrom + durationMs > now) return undefined;
  return { code: 'guests.end-past', text: 'The end of the account is in the past.', field: 'validFrom' };
}

const PREFIX_INVALID: GuestRefusal = {
  code: 'guests.username-invalid',
  text: 'A prefix has at most 32 characters, no blanks or slashes.',
  field: 'usernamePrefix',
};
