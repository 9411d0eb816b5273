import fc from 'fast-check';
import type { ActiveFault, WireFault } from '#libs/fault';
import { TrafficShaper, type Piece } from './traffic-shaper.ts';

const NOW = 1_000_000;

function active(fault: WireFault): ActiveFault {
  return {
    name: fault.type,
    fault,
    stage: undefined,
    latencyMs: fault.type === 'latency' ? fault.ms : 0,
    holds: true,
  };
}

const number = (min: number, max: number) => fc.integer({ min, max });

/** Faults that let every byte through. */
const slowing = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('latency' as const), ms: number(0, 5_000) }),
    fc.record({ type: fc.constant('bandwidth' as const), kbps: number(1, 1_000) }),
    fc.record({ type: fc.constant('slicer' as const), bytes: number(1, 700), delayMs: number(0, 50) }),
  ),
  { maxLength: 4 },
);

/** What was sent, and when, in milliseconds after the one before. */
const sendings = fc.array(
  fc.record({ bytes: fc.uint8Array({ minLength: 1, maxLength: 3_000 }), after: number(0, 500) }),
  {
    minLength: 1,
    maxLength: 6,
  },
);

function bytesOf(pieces: readonly Piece[]): Buffer {
  return Buffer.concat(pieces.map(({ bytes }) => bytes));
}

describe('TrafficShaper', () => {
  it('delays bytes without losing, changing or reordering any', () => {
    fc.assert(
      fc.property(slowing, sendings, (faults, sent) => {
        const shaper = new TrafficShaper();
        const inForce = faults.map(active);
        let now = NOW;
        const pieces = sent.flatMap(({ bytes, after }) => {
          now += after;
          const shaped = shaper.shape(Buffer.from(bytes), inForce, now);
          for (const piece of shaped.pieces) expect(piece.dueAt).toBeGreaterThanOrEqual(now);
          return shaped.pieces;
        });
        expect(bytesOf(pieces)).toEqual(Buffer.concat(sent.map(({ bytes }) => bytes)));
        const times = pieces.map(({ dueAt }) => dueAt);
        expect(times).toEqual(times.toSorted((one, other) => one - other));
      }),
    );
  });

  it('is never faster than the bandwidth, and no more than a millisecond slower', () => {
    fc.assert(
      fc.property(number(1, 1_000), number(1, 5_000), (kbps, size) => {
        const faults = [active({ type: 'bandwidth', kbps })];
        const { pieces } = new TrafficShaper().shape(Buffer.alloc(size), faults, NOW);
        const took = (pieces.at(-1)?.dueAt ?? NOW) - NOW;
        expect(took).toBeGreaterThanOrEqual((size * 8) / kbps - 1e-6);
        expect(took).toBeLessThan((size * 8) / kbps + 1 + 1e-6);
      }),
    );
  });

  it.each(['limit', 'reset'] as const)('%s lets exactly so many bytes through, however they come', (type) => {
    fc.assert(
      fc.property(number(1, 6_000), sendings, (bound, sent) => {
        const shaper = new TrafficShaper();
        const faults = [active(type === 'limit' ? { type, bytes: bound } : { type, afterBytes: bound })];
        let passed = 0;
        let broken: string | undefined;
        for (const { bytes } of sent) {
          if (broken) break;
          const { pieces, breakage } = shaper.shape(Buffer.from(bytes), faults, NOW);
          passed += bytesOf(pieces).length;
          broken = breakage?.how;
        }
        const total = sent.reduce((sum, { bytes }) => sum + bytes.length, 0);
        expect(passed).toBe(Math.min(total, bound));
        expect(broken).toBe(total >= bound ? (type === 'limit' ? 'close' : 'reset') : undefined);
      }),
    );
  });

  it('takes the stricter of two bounds', () => {
    const faults = [active({ type: 'limit', bytes: 7 }), active({ type: 'reset', afterBytes: 3 })];
    const { pieces, breakage } = new TrafficShaper().shape(Buffer.from('0123456789'), faults, NOW);
    expect(bytesOf(pieces).toString()).toBe('012');
    expect(breakage).toEqual({ how: 'reset', dueAt: NOW + 1 });
  });

  it('stays silent for good once it was, also without the fault', () => {
    const shaper = new TrafficShaper();
    expect(shaper.shape(Buffer.from('a'), [active({ type: 'timeout', afterMs: 0 })], NOW).pieces).toEqual([]);
    expect(shaper.shape(Buffer.from('b'), [], NOW).pieces).toEqual([]);
  });
});
