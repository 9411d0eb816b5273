import fc from 'fast-check';
import { Random } from '#libs/simulation';
import {
  generatePassword,
  guestPasswordPolicySchema,
  guestUsernamePolicySchema,
  knownUsername,
  passwordRefusal,
  randomUsername,
  usernameRefusal,
} from './guest-credentials-policy.ts';

const NOBODY = new Set<string>();
const random = (): Random => new Random('policy');

describe('Guest Password Policy', () => {
  const minimum = fc.integer({ min: 0, max: 5 });

  it('is obeyed by every generated password', () => {
    const policies = fc
      .record({
        lengthMin: fc.integer({ min: 1, max: 20 }),
        lowerCaseMin: minimum,
        upperCaseMin: minimum,
        digitsMin: minimum,
        specialsMin: minimum,
      })
      .filter(({ lengthMin: _length, ...minima }) => Object.values(minima).some((each) => each > 0));
    fc.assert(
      fc.property(policies, fc.string(), (given, seed) => {
        const policy = guestPasswordPolicySchema.parse(given);
        expect(passwordRefusal(policy, generatePassword(policy, new Random(seed)))).toBeUndefined();
      }),
    );
  });

  it('refuses what is too short, lacks a class, or holds another character', () => {
    const policy = guestPasswordPolicySchema.parse({ lengthMin: 6, digitsMin: 2, upperCaseMin: 1, lowerCase: 'abc' });
    const isRefused = (password: string): boolean => passwordRefusal(policy, password) !== undefined;
    expect(['abcA12', 'bbbbA99'].map(isRefused)).toEqual([false, false]);
    expect(['abA12', 'abcA1b', 'abca12', 'abcAd12', 'abcA12 '].map(isRefused)).toEqual([true, true, true, true, true]);
    expect(passwordRefusal(policy, 'topsecret')?.text).not.toContain('topsecret');
  });

  it('can not require a class that has no characters, nor nothing at all', () => {
    expect(guestPasswordPolicySchema.safeParse({ specialsMin: 1, specials: '' }).success).toBe(false);
    expect(guestPasswordPolicySchema.safeParse({ digitsMin: 0 }).success).toBe(false);
  });
});

describe('Guest Username Policy', () => {
  const anna = { firstName: 'Anna', lastName: 'Müller', emailAddress: 'anna@guests.example' };

  it('makes the names of known guests from numbers, names or address', () => {
    const name = (knownFrom: string, taken = NOBODY) =>
      knownUsername(guestUsernamePolicySchema.parse({ knownFrom }), anna, taken);
    expect([name('number'), name('names'), name('email')]).toEqual(['1001', 'amuller', 'anna@guests.example']);
    expect(name('names', new Set(['amuller', 'amuller01']))).toBe('amuller02');
  });

  it('fills up a name that is shorter than it must be', () => {
    const policy = guestUsernamePolicySchema.parse({ knownFrom: 'names', lengthMin: 8 });
    expect(knownUsername(policy, { firstName: 'Bo' }, NOBODY)).toBe('bo000001');
    expect(knownUsername(policy, {}, NOBODY)).toBe('10000001');
  });

  it('draws random names from the alphabets it has, behind the prefix, none twice', () => {
    const policy = guestUsernamePolicySchema.parse({
      randomLetters: 1,
      randomDigits: 1,
      letters: 'x',
      digits: '12',
      lengthMin: 1,
    });
    const taken = new Set(['v1x', 'v2x', 'vx1']);
    expect(randomUsername(policy, 'v', taken, random())).toBe('vx2');
    expect(randomUsername(policy, 'v', new Set([...taken, 'vx2']), random())).toBeUndefined();
  });

  it('refuses names that are too short, taken in another case, or hold a slash', () => {
    const policy = guestUsernamePolicySchema.parse({ lengthMin: 5 });
    const codeOf = (name: string) => usernameRefusal(policy, name, new Set(['annie']))?.code;
    expect(['anna', 'ANNIE', 'an/na', 'annika'].map(codeOf)).toEqual([
      'guests.username-too-short',
      'guests.username-taken',
      'guests.username-invalid',
      undefined,
    ]);
  });
});
