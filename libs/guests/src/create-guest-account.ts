import type { Random } from '#libs/simulation';
import type { GuestAccount } from './guest-account.ts';
import type { GuestRefusal } from './guest-refusal.ts';
import type { GuestType } from './guest-type.ts';
import { isMailAddress } from './mail-address.ts';

/** What the sponsor fills in. */
export interface GuestAccountRequest {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly emailAddress?: string;
  readonly mobileNumber?: string;
  readonly company?: string;
  readonly personBeingVisited?: string;
  readonly reasonForVisit?: string;
  /** Name of a guest type; default: the first of `guestTypes`. */
  readonly guestType?: string;
  /** User name of the sponsor. */
  readonly sponsor?: string;
  /** Default: the next free number, 1001 upwards. */
  readonly username?: string;
  /** Epoch milliseconds; default: now. */
  readonly validFrom?: number;
  /** Default: as the guest type says. */
  readonly durationMs?: number;
}

export interface GuestCreationContext {
  readonly guestTypes: readonly GuestType[];
  /** The user names that are in use. */
  readonly usernames: readonly string[];
  readonly now: number;
  /** A stream of the caller's own; identifier and password are drawn from it. */
  readonly random: Random;
}

export type GuestCreation =
  | { readonly kind: 'created'; readonly account: GuestAccount }
  | { readonly kind: 'refused'; readonly refusals: readonly GuestRefusal[] };

/** The first number given as a user name: `1001`, as in the sample mail (fact sheet ise 1.5). */
const FIRST_USERNAME = 1001;

/** Digits of a generated password: four, as in the sample mail (fact sheet ise 1.5). */
const PASSWORD_DIGITS = 4;

/**
 * A new account, or everything that is wrong with the request at once. Nothing is drawn from `random` if it is refused.
 *
 * Simplified: real user names and passwords follow the Guest Username Policy and the Guest Password Policy.
 */
export function createGuestAccount(request: GuestAccountRequest, context: GuestCreationContext): GuestCreation {
  const type = guestTypeOf(request, context.guestTypes);
  const refusals = refusalsOf(request, type, context);
  if (type === undefined || refusals.length > 0) return { kind: 'refused', refusals };

  const validFrom = request.validFrom ?? context.now;
  const account: GuestAccount = {
    id: context.random.uuid(),
    username: request.username ?? nextUsername(context.usernames),
    password: generatePassword(context.random),
    firstName: request.firstName ?? '',
    lastName: request.lastName ?? '',
    emailAddress: request.emailAddress ?? '',
    mobileNumber: request.mobileNumber,
    company: request.company,
    personBeingVisited: request.personBeingVisited,
    reasonForVisit: request.reasonForVisit,
    guestType: type.name,
    sponsor: request.sponsor,
    validFrom,
    validTo: validFrom + (request.durationMs ?? type.defaultDurationMs),
    state: type.allowGuestPortalBypass ? 'Active' : 'Created',
    createdAt: context.now,
  };
  return { kind: 'created', account };
}

function guestTypeOf(request: GuestAccountRequest, types: readonly GuestType[]): GuestType | undefined {
  return request.guestType === undefined ? types[0] : types.find((type) => type.name === request.guestType);
}

function refusalsOf(
  request: GuestAccountRequest,
  type: GuestType | undefined,
  { guestTypes, usernames }: GuestCreationContext,
): GuestRefusal[] {
  const refusals: GuestRefusal[] = [];
  const refuse = (code: GuestRefusal['code'], text: string): void => void refusals.push({ code, text });

  if (type === undefined) {
    const known = guestTypes.map(({ name }) => name).join(', ');
    refuse('guests.type-unknown', `There is no guest type "${request.guestType ?? ''}". Known: ${known}.`);
  } else if (request.durationMs !== undefined && !(request.durationMs > 0)) {
    refuse('guests.duration-not-positive', 'The account must end after it begins.');
  } else if ((request.durationMs ?? type.defaultDurationMs) > type.durationMsMax) {
    refuse('guests.duration-too-long', `Accounts of type ${type.name} last ${days(type.durationMsMax)} at most.`);
  }
  if (request.emailAddress && !isMailAddress(request.emailAddress)) {
    refuse('guests.address-invalid', 'The e-mail address is not valid.');
  }
  if (request.username !== undefined) {
    if (!/^[^\s\p{Cc}]{1,64}$/u.test(request.username)) {
      refuse('guests.username-invalid', 'A user name has 1 to 64 characters and no blanks.');
    } else if (usernames.includes(request.username)) {
      refuse('guests.username-taken', `The user name ${request.username} is in use.`);
    }
  }
  for (const field of SINGLE_LINE_FIELDS) {
    if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(request[field] ?? '')) {
      refuse('guests.field-control-character', `${field} holds a line break or another control character.`);
    }
  }
  return refusals;
}

const SINGLE_LINE_FIELDS = [
  'firstName',
  'lastName',
  'mobileNumber',
  'company',
  'personBeingVisited',
  'reasonForVisit',
] as const satisfies readonly (keyof GuestAccountRequest)[];

function days(durationMs: number): string {
  return `${durationMs / 86_400_000} days`;
}

function nextUsername(taken: readonly string[]): string {
  const numbers = taken.filter((name) => /^[1-9]\d{3,14}$/.test(name)).map(Number);
  return String(numbers.reduce((next, number) => Math.max(next, number + 1), FIRST_USERNAME));
}

function generatePassword(random: Random): string {
  return String(random.integer(0, 10 ** PASSWORD_DIGITS - 1)).padStart(PASSWORD_DIGITS, '0');
}
