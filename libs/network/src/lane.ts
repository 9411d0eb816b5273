import type { ActiveFault, ConnectionFaults } from '#libs/fault';
import type { Clock, Timer } from '#libs/simulation';
import { TrafficShaper, type Breakage } from './traffic-shaper.ts';

/** Bytes under way in one direction beyond which the sender has to wait. */
const UNDER_WAY_BYTES_MAX = 1_048_576;

const NO_FAULTS: readonly ActiveFault[] = [];

/** What is under way, in order. `arriving`: what faults have yet to shape, then all that was sent at one moment. */
type Item =
  | { kind: 'arriving'; sentAt: number; dueAt: number; chunks: Buffer[]; faults: readonly ActiveFault[] }
  | { kind: 'piece'; dueAt: number; bytes: Buffer; faults: readonly ActiveFault[] }
  | { kind: 'action'; dueAt: number; run: () => void };

/** One direction of a connection: bytes and the end travel in order, after the latency, and as the faults let them. */
export class Lane {
  private readonly queue: Item[] = [];
  private readonly shaper = new TrafficShaper();
  private timer: Timer | undefined;
  private underWay = 0;
  private whenRoomAgain: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly latencyMs: number,
    private readonly faults: ConnectionFaults | undefined,
    private readonly ends: { deliver: (bytes: Buffer) => void; breakOff: (how: Breakage) => void },
  ) {}

  send(bytes: Buffer): void {
    const faults = this.faults?.inForce ?? NO_FAULTS;
    if (this.latencyMs === 0 && faults.length === 0 && this.queue.length === 0) return this.ends.deliver(bytes);
    this.underWay += bytes.length;
    const sentAt = this.clock.now();
    const last = this.queue.at(-1);
    const isFaulty = faults.length > 0;
    if (isFaulty && last?.kind === 'arriving' && last.sentAt === sentAt && last.faults === faults) {
      last.chunks.push(bytes);
      return;
    }
    this.queue.push({ kind: 'arriving', sentAt, dueAt: sentAt + this.latencyMs, chunks: [bytes], faults });
    this.wake();
  }

  /** Does something at the other end once all that was sent before has arrived there. */
  afterwards(run: () => void): void {
    if (this.latencyMs === 0 && this.queue.length === 0) return run();
    this.queue.push({ kind: 'action', dueAt: this.clock.now() + this.latencyMs, run });
    this.wake();
  }

  /** Whether more may be sent now. */
  get hasRoom(): boolean {
    return this.underWay <= UNDER_WAY_BYTES_MAX;
  }

  /** Calls back as soon as more may be sent; at once, if it may now. */
  whenRoom(proceed: () => void): void {
    if (this.hasRoom) proceed();
    else this.whenRoomAgain = proceed;
  }

  /** Whether a stall holds something back. */
  get isStalled(): boolean {
    return this.queue.some(isStalled);
  }

  /** To be called when faults came or went. */
  wake(): void {
    const head = this.queue[0];
    if (this.timer || !head) return;
    this.timer = this.clock.after(Math.max(head.dueAt - this.clock.now(), 0), () => {
      this.timer = undefined;
      this.advance();
    });
  }

  /** Forgets whatever is under way. */
  clear(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.queue.length = 0;
  }

  private advance(): void {
    for (let head = this.queue[0]; head; head = this.queue[0]) {
      if (head.dueAt > this.clock.now()) return this.wake();
      if (head.kind !== 'arriving' && isStalled(head)) return;
      this.queue.shift();
      switch (head.kind) {
        case 'arriving':
          this.shape(Buffer.concat(head.chunks), head.faults);
          break;
        case 'piece':
          this.arrived(head.bytes.length);
          this.ends.deliver(head.bytes);
          break;
        case 'action':
          head.run();
          break;
      }
    }
  }

  private shape(bytes: Buffer, faults: readonly ActiveFault[]): void {
    const { pieces, breakage } = this.shaper.shape(bytes, faults, this.clock.now());
    this.arrived(bytes.length - pieces.reduce((sum, piece) => sum + piece.bytes.length, 0));
    const next: Item[] = pieces.map((piece) => ({ kind: 'piece', ...piece, faults }));
    if (breakage) {
      next.push({ kind: 'action', dueAt: breakage.dueAt, run: () => this.ends.breakOff(breakage.how) });
    }
    this.queue.unshift(...next);
  }

  private arrived(bytes: number): void {
    this.underWay -= bytes;
    const proceed = this.whenRoomAgain;
    if (!proceed || !this.hasRoom) return;
    this.whenRoomAgain = undefined;
    proceed();
  }
}

function isStalled(item: Item): boolean {
  return item.kind !== 'action' && item.faults.some(({ fault, holds }) => fault.type === 'stall' && holds);
}
