import type { TcpSegment } from './packets.ts';

export type Side = 'client' | 'server';

export interface Turn {
  by: Side;
  data: Buffer;
  /** Number of the packet it began with. */
  packet: number;
  at: number;
}

/** What tells why a mail failed stands at the beginning of a conversation. */
const STREAM_BYTES_MAX = 256 * 1024;
const WAITING_MAX = 64;

interface Stream {
  next: number | undefined;
  bytes: number;
  waiting: Map<number, Buffer>;
}

/** One TCP connection, put together from its segments in either direction. */
export class TcpFlow {
  readonly turns: Turn[] = [];
  syns = 0;
  isAnswered = false;
  resetBy: { side: Side; packet: number; at: number } | undefined;
  finBy: { side: Side; packet: number; at: number } | undefined;
  lastAt: number;
  private readonly streams: Record<Side, Stream> = { client: fresh(), server: fresh() };

  constructor(
    readonly server: { address: string; port: number },
    readonly began: { packet: number; at: number },
  ) {
    this.lastAt = began.at;
  }

  add(segment: TcpSegment, packet: number, at: number): void {
    const side: Side = segment.toPort === this.server.port && segment.to === this.server.address ? 'client' : 'server';
    this.lastAt = at;
    if (segment.isSyn) {
      if (side === 'client') this.syns += 1;
      else this.isAnswered = true;
      this.streams[side].next = (segment.sequence + 1) >>> 0;
      return;
    }
    if (side === 'server' && !segment.isReset) this.isAnswered = true;
    if (segment.data.length > 0) this.receive(side, segment, packet, at);
    if (segment.isReset) this.resetBy ??= { side, packet, at };
    if (segment.isFin) this.finBy ??= { side, packet, at };
  }

  private receive(side: Side, { sequence, data }: TcpSegment, packet: number, at: number): void {
    const stream = this.streams[side];
    stream.next ??= sequence;
    if (stream.waiting.size < WAITING_MAX) stream.waiting.set(sequence, data);
    for (;;) {
      const taken = this.nextOf(stream);
      if (!taken) return;
      if (stream.bytes >= STREAM_BYTES_MAX) continue;
      stream.bytes += taken.length;
      const last = this.turns.at(-1);
      if (last?.by === side) last.data = Buffer.concat([last.data, taken]);
      else this.turns.push({ by: side, data: Buffer.from(taken), packet, at });
    }
  }

  /** Data that continues what is there, without what was sent twice. */
  private nextOf(stream: Stream): Buffer | undefined {
    for (const [sequence, data] of stream.waiting) {
      const behind = ((stream.next ?? 0) - sequence) | 0;
      if (behind < 0) continue;
      stream.waiting.delete(sequence);
      if (behind >= data.length) continue;
      stream.next = (sequence + data.length) >>> 0;
      return data.subarray(behind);
    }
    return undefined;
  }
}

function fresh(): Stream {
  return { next: undefined, bytes: 0, waiting: new Map() };
}
