import fc from 'fast-check';
import { Random } from './random.ts';

const seeds = fc.string();

function draws(random: Random, count = 20): number[] {
  return Array.from({ length: count }, () => random.integer(0, 1_000_000));
}

describe('Random', () => {
  it('gives the same values for the same seed and calls', () => {
    fc.assert(fc.property(seeds, (seed) => expect(draws(new Random(seed))).toEqual(draws(new Random(seed)))));
  });

  it('gives other values for another seed', () => {
    expect(draws(new Random('7'))).not.toEqual(draws(new Random('8')));
  });

  it('gives a stream the same values however much was drawn before', () => {
    const random = new Random('7');
    const before = draws(random.stream('network'));
    draws(random);
    expect(draws(random.stream('network'))).toEqual(before);
  });

  it('gives streams of different names different values', () => {
    const random = new Random('7');
    expect(draws(random.stream('network'))).not.toEqual(draws(random.stream('vault')));
  });

  it('keeps whole numbers within both bounds', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: -1_000, max: 1_000 }), fc.nat({ max: 50 }), (seed, min, span) => {
        const value = new Random(seed).integer(min, min + span);
        expect(Number.isInteger(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(min);
        expect(value).toBeLessThanOrEqual(min + span);
      }),
    );
  });

  it('reaches both bounds', () => {
    const random = new Random('7');
    const values = new Set(Array.from({ length: 200 }, () => random.integer(3, 5)));
    expect([...values].sort()).toEqual([3, 4, 5]);
  });

  it('takes no chance at 0 and every chance at 1', () => {
    const random = new Random('7');
    const at = (probability: number): boolean[] => Array.from({ length: 500 }, () => random.chance(probability));
    expect(at(0)).not.toContain(true);
    expect(at(1)).not.toContain(false);
  });

  it('takes a chance about as often as asked', () => {
    const random = new Random('7');
    const taken = Array.from({ length: 10_000 }, () => random.chance(0.25)).filter(Boolean).length;
    expect(taken).toBeGreaterThan(2_250);
    expect(taken).toBeLessThan(2_750);
  });

  it('picks one of the values', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.string(), { minLength: 1 }), (seed, values) => {
        expect(values).toContain(new Random(seed).pick(values));
      }),
    );
  });

  it('says so when there is nothing to pick from', () => {
    expect(() => new Random('7').pick([])).toThrow(RangeError);
  });

  it('gives as many bytes and hexadecimal digits as asked, also an odd number', () => {
    fc.assert(
      fc.property(seeds, fc.nat({ max: 65 }), (seed, count) => {
        expect(new Random(seed).bytes(count)).toHaveLength(count);
        expect(new Random(seed).hex(count)).toMatch(new RegExp(`^[0-9a-f]{${count}}$`));
      }),
    );
  });

  it('gives UUIDs of version 4', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(new Random(seed).uuid()).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });
});
