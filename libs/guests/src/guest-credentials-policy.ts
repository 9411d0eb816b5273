import { z } from 'zod';
import type { Random } from '#libs/simulation';
import type { GuestRefusal } from './guest-refusal.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
const characters = z
  .string()
  .max(100)
  .regex(/^[!-~]*$/, 'printable ASCII characters without blanks');
const amount = z.int().min(0).max(32);

/** The first number given as a user name: `1001`, as in the sample mail (fact sheet ise 1.5). */
const FIRST_USERNAME = 1001;

/** Length of user names, generated or given. */
const USERNAME_LENGTH_MAX = 64;

/** Guest Username Policy. Defaults are ours: known guests are numbered, as in the sample mail (fact sheet ise 1.5). */
export const guestUsernamePolicySchema = z.strictObject({
  /** What the name of a known guest is made from; without names or an address, a number. */
  knownFrom: z.enum(['number', 'names', 'email']).default('number'),
  lengthMin: z.int().min(1).max(32).default(4),
  /** Random accounts: so many characters of each alphabet. */
  randomLetters: amount.default(4),
  randomDigits: amount.default(4),
  randomSpecials: amount.default(0),
  letters: characters.min(1).default(LOWER),
  digits: characters.min(1).default(DIGITS),
  specials: characters.default('-_.'),
});
export type GuestUsernamePolicy = z.infer<typeof guestUsernamePolicySchema>;

/** Guest Password Policy. Default four digits, as in the sample mail (fact sheet ise 1.5). */
export const guestPasswordPolicySchema = z
  .strictObject({
    lengthMin: z.int().min(1).max(64).default(4),
    lowerCaseMin: amount.default(0),
    upperCaseMin: amount.default(0),
    digitsMin: amount.default(4),
    specialsMin: amount.default(0),
    /** What the classes are drawn from; passwords hold no other characters, so `1`, `l` and `I` can be left out. */
    lowerCase: characters.default(LOWER),
    upperCase: characters.default(UPPER),
    digits: characters.default(DIGITS),
    specials: characters.default('!#$%&*+,-./:;=?@^_~'),
  })
  .superRefine((policy, context) => {
    for (const [name, minimum, alphabet] of classesOf(policy)) {
      if (minimum > 0 && alphabet === '') {
        context.addIssue({ code: 'custom', path: [name], message: 'at least one character, since some are required' });
      }
    }
    if (classesOf(policy).every(([, minimum]) => minimum === 0)) {
      context.addIssue({ code: 'custom', path: ['lengthMin'], message: 'at least one required class of characters' });
    }
  });
export type GuestPasswordPolicy = z.infer<typeof guestPasswordPolicySchema>;

export const DEFAULT_GUEST_USERNAME_POLICY: GuestUsernamePolicy = guestUsernamePolicySchema.parse({});
export const DEFAULT_GUEST_PASSWORD_POLICY: GuestPasswordPolicy = guestPasswordPolicySchema.parse({});

function classesOf(
  policy: GuestPasswordPolicy,
): readonly (readonly [name: string, minimum: number, alphabet: string])[] {
  return [
    ['lowerCase', policy.lowerCaseMin, policy.lowerCase],
    ['upperCase', policy.upperCaseMin, policy.upperCase],
    ['digits', policy.digitsMin, policy.digits],
    ['specials', policy.specialsMin, policy.specials],
  ];
}

/** A password that obeys the policy; what the classes leave open is drawn from the classes that are required. */
export function generatePassword(policy: GuestPasswordPolicy, random: Random): string {
  const required = classesOf(policy).filter(([, minimum]) => minimum > 0);
  const drawn = required.flatMap(([, minimum, alphabet]) => draw(alphabet, minimum, random));
  const all = required.map(([, , alphabet]) => alphabet).join('');
  const rest = draw(all, Math.max(0, policy.lengthMin - drawn.length), random);
  return shuffled([...drawn, ...rest], random).join('');
}

/** Why the policy refuses a password that somebody chose; the password itself is not in it. */
export function passwordRefusal(policy: GuestPasswordPolicy, password: string): GuestRefusal | undefined {
  const allowed = classesOf(policy)
    .map(([, , alphabet]) => alphabet)
    .join('');
  const enough = classesOf(policy).every(
    ([, minimum, alphabet]) => [...password].filter((each) => alphabet.includes(each)).length >= minimum,
  );
  const fits = password.length >= policy.lengthMin && password.length <= 128;
  if (fits && enough && [...password].every((each) => allowed.includes(each))) return undefined;
  // ISE's words (fact sheet ise 7.2).
  const text = 'Your password does not meet the password policy requirements.';
  return { code: 'guests.password-policy', text, field: 'password' };
}

/** Why this can't be a user name; `taken` is asked with it in lower case. */
export function usernameRefusal(
  policy: GuestUsernamePolicy,
  username: string,
  taken: { has(name: string): boolean },
): GuestRefusal | undefined {
  const field = 'username';
  if (!/^[^\s\p{Cc}/]{1,64}$/u.test(username)) {
    return {
      code: 'guests.username-invalid',
      text: 'A user name has 1 to 64 characters, no blanks or slashes.',
      field,
    };
  }
  if (username.length < policy.lengthMin) {
    const text = `A user name has at least ${policy.lengthMin} characters.`;
    return { code: 'guests.username-too-short', text, field };
  }
  if (taken.has(username.toLowerCase())) {
    return { code: 'guests.username-taken', text: `The user name ${username} is in use.`, field };
  }
  return undefined;
}

/** A free user name for a known guest: a number from 1001 on, or from names or address with a number if it is taken. */
export function knownUsername(
  policy: GuestUsernamePolicy,
  guest: { firstName?: string | undefined; lastName?: string | undefined; emailAddress?: string | undefined },
  taken: ReadonlySet<string>,
): string {
  const source =
    policy.knownFrom === 'names'
      ? guest.lastName
        ? `${guest.firstName?.[0] ?? ''}${guest.lastName}`
        : guest.firstName
      : policy.knownFrom === 'email'
        ? guest.emailAddress
        : undefined;
  const base = (source ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9@._-]/g, '')
    .slice(0, USERNAME_LENGTH_MAX - 6);
  return base === '' ? nextNumber(policy, taken) : withNumber(base, policy, taken);
}

/** A free user name `prefix` + drawn characters. Bounded: it gives up on an alphabet that is used up. */
export function randomUsername(
  policy: GuestUsernamePolicy,
  prefix: string,
  taken: ReadonlySet<string>,
  random: Random,
): string | undefined {
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    const drawn = [
      ...draw(policy.letters, policy.randomLetters, random),
      ...draw(policy.digits, policy.randomDigits, random),
      ...draw(policy.specials, policy.specials === '' ? 0 : policy.randomSpecials, random),
    ];
    const missing = draw(policy.digits, Math.max(0, policy.lengthMin - prefix.length - drawn.length), random);
    const name = prefix + shuffled([...drawn, ...missing], random).join('');
    if (name !== '' && !taken.has(name.toLowerCase())) return name;
  }
  return undefined;
}

function nextNumber(policy: GuestUsernamePolicy, taken: ReadonlySet<string>): string {
  let next = Math.max(FIRST_USERNAME, 10 ** (policy.lengthMin - 1) + 1);
  for (const name of taken) if (/^[1-9]\d{3,14}$/.test(name)) next = Math.max(next, Number(name) + 1);
  return String(next);
}

function withNumber(base: string, policy: GuestUsernamePolicy, taken: ReadonlySet<string>): string {
  if (base.length >= policy.lengthMin && !taken.has(base)) return base;
  const digits = Math.max(2, policy.lengthMin - base.length);
  let number = 1;
  while (taken.has(base + String(number).padStart(digits, '0'))) number += 1;
  return base + String(number).padStart(digits, '0');
}

function draw(alphabet: string, count: number, random: Random): string[] {
  return Array.from({ length: count }, () => random.pick([...alphabet]));
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(random.integer(0, rest.length - 1), 1));
}
