import type { ActiveFault } from '#libs/fault';

/** Largest piece that a slow link delivers at once: what a small packet carries. */
const PACKET_BYTES = 536;

/** Bytes and the moment they arrive, epoch milliseconds. */
export interface Piece {
  bytes: Buffer;
  dueAt: number;
}

/** How a fault ends a connection: with RST, or in good order. */
export type Breakage = 'reset' | 'close';

export interface Shaped {
  /** In order, and never one due before its predecessor. */
  pieces: Piece[];
  /** After the last piece. */
  breakage?: { how: Breakage; dueAt: number };
}

/**
 * What the faults of a connection make of the bytes of one direction. It depends on the bytes and on when they came,
 * not on how the kernel cut them: whatever comes at one moment is to be handed over at once.
 */
export class TrafficShaper {
  private readonly passed = new WeakMap<ActiveFault, number>();
  private freeAt = 0;
  private lastDueAt = 0;
  private silent = false;

  shape(bytes: Buffer, faults: readonly ActiveFault[], now: number): Shaped {
    this.silent ||= faults.some(({ fault }) => fault.type === 'timeout');
    if (this.silent) return { pieces: [] };
    const { kept, how } = this.cut(bytes, faults);
    const latencyMs = faults.reduce((sum, active) => sum + active.latencyMs, 0);
    let pieces = this.pace([{ bytes: kept, dueAt: now + latencyMs }], faults);
    for (const { fault } of faults) if (fault.type === 'slicer') pieces = slice(pieces, fault.bytes, fault.delayMs);
    for (const piece of pieces) {
      this.lastDueAt = Math.max(this.lastDueAt, Math.ceil(piece.dueAt));
      piece.dueAt = this.lastDueAt;
    }
    pieces = pieces.filter((piece) => piece.bytes.length > 0);
    // A moment later: the last bytes get through, a reset would take them back.
    return how ? { pieces, breakage: { how, dueAt: Math.max(this.lastDueAt, now) + 1 } } : { pieces };
  }

  /** What may still pass, and how the connection ends if that is not all. */
  private cut(bytes: Buffer, faults: readonly ActiveFault[]): { kept: Buffer; how?: Breakage } {
    let kept = bytes;
    let how: Breakage | undefined;
    for (const active of faults) {
      const bound = boundOf(active);
      if (!bound) continue;
      const passed = this.passed.get(active) ?? 0;
      this.passed.set(active, passed + bytes.length);
      const room = Math.max(bound.bytes - passed, 0);
      if (bytes.length < room || (how && room > kept.length)) continue;
      kept = kept.subarray(0, room);
      how = bound.how;
    }
    return how ? { kept, how } : { kept };
  }

  private pace(pieces: Piece[], faults: readonly ActiveFault[]): Piece[] {
    const rates = faults.flatMap(({ fault }) => (fault.type === 'bandwidth' ? [fault.kbps] : []));
    if (rates.length === 0) return pieces;
    const msPerByte = 8 / Math.min(...rates);
    return pieces.flatMap(({ bytes, dueAt }) =>
      partsOf(bytes, PACKET_BYTES).map((part) => {
        this.freeAt = Math.max(this.freeAt, dueAt) + part.length * msPerByte;
        return { bytes: part, dueAt: this.freeAt };
      }),
    );
  }
}

function boundOf({ fault }: ActiveFault): { bytes: number; how: Breakage } | undefined {
  if (fault.type === 'limit') return { bytes: fault.bytes, how: 'close' };
  return fault.type === 'reset' && fault.afterBytes ? { bytes: fault.afterBytes, how: 'reset' } : undefined;
}

function slice(pieces: readonly Piece[], size: number, delayMs: number): Piece[] {
  let earliest = -Infinity;
  return pieces.flatMap(({ bytes, dueAt }) =>
    partsOf(bytes, size).map((part) => {
      const at = Math.max(dueAt, earliest);
      earliest = at + delayMs;
      return { bytes: part, dueAt: at };
    }),
  );
}

function partsOf(bytes: Buffer, size: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += size) parts.push(bytes.subarray(start, start + size));
  return parts;
}
