import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * Seeded chance. The same seed and the same sequence of calls give the same values, on any machine.
 *
 * Draw from a `stream` of one's own rather than from a shared instance: then a further draw in one part of the
 * testbed does not shift the values of another.
 */
export class Random {
  private readonly generator: RandomGenerator;

  constructor(private readonly seed: string) {
    this.generator = xoroshiro128plus(createHash('sha256').update(seed).digest().readInt32BE());
  }

  /** An independent generator, determined by this one's seed and `name` alone, however much was drawn before. */
  stream(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }

  /** A whole number, both bounds included. */
  integer(min: number, max: number): number {
    return uniformInt(this.generator, min, max);
  }

  /** True with the given probability (0 never, 1 always). */
  chance(probability: number): boolean {
    return this.integer(0, 999_999) < probability * 1_000_000;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.integer(0, values.length - 1)];
    if (value === undefined) throw new RangeError('pick needs at least one value');
    return value;
  }

  bytes(count: number): Buffer {
    const bytes = Buffer.alloc(count);
    for (let i = 0; i < count; i += 1) bytes[i] = this.integer(0, 255);
    return bytes;
  }

  /** `count` lower-case hexadecimal digits. */
  hex(count: number): string {
    return this.bytes(Math.ceil(count / 2))
      .toString('hex')
      .slice(0, count);
  }

  /** A UUID of version 4 (RFC 9562, 5.4) in lower case. */
  uuid(): string {
    const bytes = this.bytes(16);
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}
