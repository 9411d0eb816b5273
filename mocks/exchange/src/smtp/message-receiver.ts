const CRLF_DOT = Buffer.from('\r\n.');
const END_OF_HEADER = Buffer.from('\r\n\r\n');

/** The octets of a message as they come in; keeps nothing once it is larger than allowed. */
export class MessageBuffer {
  private chunks: Buffer[] = [];
  private octets = 0;

  constructor(private readonly bytesMax: number) {}

  append(chunk: Buffer): void {
    this.octets += chunk.length;
    if (this.isTooLarge) this.chunks = [];
    else if (chunk.length > 0) this.chunks.push(Buffer.from(chunk));
  }

  get isTooLarge(): boolean {
    return this.octets > this.bytesMax;
  }

  /** The message; empty when it is too large. */
  take(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** Octets of the header, the blank line that ends it not included; all of a message without one. */
export function headerBytes(raw: Buffer): number {
  const end = raw.indexOf(END_OF_HEADER);
  return end < 0 ? raw.length : end;
}

/**
 * Takes the lines that follow DATA until CRLF.CRLF and undoes dot-stuffing (RFC 5321, 4.5.2), however the octets are
 * cut into pieces. Bare LF ends no line: a lone `\n.\n` is part of the message, which prevents smuggling.
 */
export class DotStuffedReader {
  /** The octets that may be the beginning of CRLF.CRLF; DATA itself ended a line, so they start with its CRLF. */
  private carry: Buffer = Buffer.from('\r\n');
  private toDrop = 2;

  constructor(private readonly into: MessageBuffer) {}

  /** Gives what follows the end of the message, or undefined while that is still to come. */
  read(chunk: Buffer): Buffer | undefined {
    const buffer = Buffer.concat([this.carry, chunk]);
    let from = 0;
    for (;;) {
      const at = buffer.indexOf(CRLF_DOT, from);
      if (at < 0) return this.keep(buffer, from, buffer.length - beginningOfCrlf(buffer, from));
      const after = buffer.toString('latin1', at + 3, at + 5);
      if (after === '\r\n') {
        this.emit(buffer.subarray(from, at + 2));
        return Buffer.from(buffer.subarray(at + 5));
      }
      if (after === '' || after === '\r') return this.keep(buffer, from, at);
      this.emit(buffer.subarray(from, at + 2));
      from = at + 3;
    }
  }

  private keep(buffer: Buffer, from: number, to: number): undefined {
    this.emit(buffer.subarray(from, to));
    this.carry = Buffer.from(buffer.subarray(to));
  }

  private emit(octets: Buffer): void {
    const dropped = Math.min(this.toDrop, octets.length);
    this.toDrop -= dropped;
    this.into.append(octets.subarray(dropped));
  }
}

/** How many octets at the end could begin a CRLF. */
function beginningOfCrlf(buffer: Buffer, from: number): number {
  const end = buffer.toString('latin1', Math.max(from, buffer.length - 2));
  if (end.endsWith('\r\n')) return 2;
  return end.endsWith('\r') ? 1 : 0;
}
