// Classic pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng), in either byte order.

/** One frame as it was captured. */
export interface Frame {
  linkType: number;
  /** Epoch milliseconds. */
  at: number;
  bytes: Buffer;
}

const PCAP_MAGIC: Readonly<Record<string, { littleEndian: boolean; perSecond: number }>> = {
  a1b2c3d4: { littleEndian: false, perSecond: 1e6 },
  d4c3b2a1: { littleEndian: true, perSecond: 1e6 },
  a1b23c4d: { littleEndian: false, perSecond: 1e9 },
  '4d3cb2a1': { littleEndian: true, perSecond: 1e9 },
};
const PCAPNG_MAGIC = '0a0d0d0a';
const BLOCK = { section: 0x0a0d0d0a, interface: 1, simplePacket: 3, packet: 6 } as const;
const TIME_RESOLUTION = 9;
/** No frame and no block of use is larger; what claims to be is damaged. */
const BLOCK_BYTES_MAX = 16 * 1024 * 1024;
const INTERFACES_MAX = 1_000;

export function isCapture(head: Buffer): boolean {
  const magic = head.toString('hex', 0, 4);
  return magic === PCAPNG_MAGIC || magic in PCAP_MAGIC;
}

/** Takes a capture in pieces and gives its frames. What is damaged or cut off ends it without complaint. */
export class CaptureBlocks {
  private rest = Buffer.alloc(0);
  private format: { littleEndian: boolean; perSecond: number; linkType: number } | 'pcapng' | undefined;
  private isOver = false;
  private littleEndian = true;
  private interfaces: { linkType: number; perSecond: number }[] = [];

  constructor(private readonly onFrame: (frame: Frame) => void) {}

  feed(chunk: Buffer): void {
    if (this.isOver) return;
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    for (;;) {
      const length = this.take(bytes.subarray(at));
      if (length === 0) break;
      at += length;
    }
    this.rest = Buffer.from(bytes.subarray(at));
  }

  /** Octets used up; 0 when more are needed, or none is of use any more. */
  private take(bytes: Buffer): number {
    if (this.isOver || bytes.length < 12) return 0;
    if (this.format === undefined) return this.begin(bytes);
    return this.format === 'pcapng' ? this.block(bytes) : this.record(bytes, this.format);
  }

  private begin(bytes: Buffer): number {
    const known = PCAP_MAGIC[bytes.toString('hex', 0, 4)];
    if (!known) {
      this.format = 'pcapng';
      return this.block(bytes);
    }
    if (bytes.length < 24) return 0;
    this.format = { ...known, linkType: this.u32(bytes, 20, known.littleEndian) & 0xffff };
    return 24;
  }

  private record(
    bytes: Buffer,
    { littleEndian, perSecond, linkType }: Exclude<typeof this.format, 'pcapng' | undefined>,
  ): number {
    if (bytes.length < 16) return 0;
    const length = this.u32(bytes, 8, littleEndian);
    if (length > BLOCK_BYTES_MAX) return this.over();
    if (bytes.length < 16 + length) return 0;
    const at = this.u32(bytes, 0, littleEndian) * 1_000 + (this.u32(bytes, 4, littleEndian) * 1_000) / perSecond;
    this.onFrame({ linkType, at, bytes: bytes.subarray(16, 16 + length) });
    return 16 + length;
  }

  private block(bytes: Buffer): number {
    const isSection = bytes.readUInt32BE(0) === BLOCK.section;
    if (isSection) this.littleEndian = bytes.readUInt32BE(8) !== 0x1a2b3c4d;
    const length = this.u32(bytes, 4, this.littleEndian);
    if (length < 12 || length % 4 !== 0 || length > BLOCK_BYTES_MAX) return this.over();
    if (bytes.length < length) return 0;
    const body = bytes.subarray(8, length - 4);
    if (isSection) this.interfaces = [];
    else this.content(this.u32(bytes, 0, this.littleEndian), body);
    return length;
  }

  private content(type: number, body: Buffer): void {
    if (type === BLOCK.interface && body.length >= 8 && this.interfaces.length < INTERFACES_MAX) {
      const linkType = this.littleEndian ? body.readUInt16LE(0) : body.readUInt16BE(0);
      this.interfaces.push({ linkType, perSecond: this.resolutionIn(body.subarray(8)) });
    }
    if (type === BLOCK.packet && body.length >= 20) {
      const known = this.interfaces[this.u32(body, 0, this.littleEndian)];
      if (!known) return;
      const ticks = this.u32(body, 4, this.littleEndian) * 2 ** 32 + this.u32(body, 8, this.littleEndian);
      const length = this.u32(body, 12, this.littleEndian);
      this.onFrame({
        linkType: known.linkType,
        at: (ticks / known.perSecond) * 1_000,
        bytes: body.subarray(20, 20 + Math.min(length, body.length - 20)),
      });
    }
    const [first] = this.interfaces;
    if (type === BLOCK.simplePacket && first && body.length > 4) {
      this.onFrame({ linkType: first.linkType, at: 0, bytes: body.subarray(4) });
    }
  }

  private resolutionIn(options: Buffer): number {
    for (let at = 0; at + 4 <= options.length;) {
      const [code, length] = this.littleEndian
        ? [options.readUInt16LE(at), options.readUInt16LE(at + 2)]
        : [options.readUInt16BE(at), options.readUInt16BE(at + 2)];
      const value = options[at + 4];
      if (code === TIME_RESOLUTION && value !== undefined) return value < 128 ? 10 ** value : 2 ** (value - 128);
      if (code === 0) break;
      at += 4 + Math.ceil(length / 4) * 4;
    }
    return 1e6;
  }

  private u32(bytes: Buffer, at: number, littleEndian: boolean): number {
    return littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  private over(): number {
    this.isOver = true;
    return 0;
  }
}
