const NOTHING = Buffer.alloc(0);

export type InputLine = { kind: 'line'; text: string } | { kind: 'too-long' };

/** What a client sent and nobody has taken yet: by lines or by octets. An endless line takes no memory. */
export class ClientInput {
  private pending: Buffer = NOTHING;
  private isSkippingLine = false;

  /** `lineBytesMax`: octets of a line, its end not included. */
  constructor(private readonly lineBytesMax: number) {}

  push(octets: Buffer): void {
    this.pending = this.pending.length === 0 ? octets : Buffer.concat([this.pending, octets]);
  }

  /** The next line without its end, CRLF or a bare LF; `too-long` once for a line that is. */
  nextLine(): InputLine | undefined {
    let end = this.pending.indexOf(0x0a);
    if (this.isSkippingLine) {
      this.pending = end < 0 ? NOTHING : this.pending.subarray(end + 1);
      if (end < 0) return undefined;
      this.isSkippingLine = false;
      end = this.pending.indexOf(0x0a);
    }
    const octets = end < 0 ? this.pending.length : end;
    if (octets > this.lineBytesMax + 1) {
      this.isSkippingLine = true;
      return { kind: 'too-long' };
    }
    if (end < 0) return undefined;
    const text = this.pending.toString('utf8', 0, this.pending[end - 1] === 0x0d ? end - 1 : end);
    this.pending = this.pending.subarray(end + 1);
    return { kind: 'line', text };
  }

  takeUpTo(octets: number): Buffer {
    const taken = this.pending.subarray(0, octets);
    this.pending = this.pending.subarray(taken.length);
    return taken;
  }

  /** Everything, for a reader that gives back the rest with `push`. */
  takeAll(): Buffer {
    return this.takeUpTo(this.pending.length);
  }

  clear(): void {
    this.pending = NOTHING;
    this.isSkippingLine = false;
  }
}
