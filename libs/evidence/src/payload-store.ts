/** Octets that passed; `bytes` is undefined once they were given up for younger ones. */
export interface Payload {
  readonly length: number;
  readonly bytes: Buffer | undefined;
}

/** Entries at the front that are cut off at once. */
const SPLICE_AT = 1_024;

/** Keeps the youngest octets of a run, so that a long one does not fill the memory. */
export class PayloadStore {
  private readonly kept: { length: number; bytes: Buffer | undefined }[] = [];
  private oldest = 0;
  private keptBytes = 0;
  private leftOut = 0;

  constructor(private readonly bytesMax: number) {}

  /** Octets that were given up. */
  get leftOutBytes(): number {
    return this.leftOut;
  }

  keep(bytes: Buffer): Payload {
    const payload = { length: bytes.length, bytes };
    this.kept.push(payload);
    this.keptBytes += bytes.length;
    while (this.keptBytes > this.bytesMax) this.giveUpOldest();
    return payload;
  }

  private giveUpOldest(): void {
    const payload = this.kept[this.oldest];
    if (!payload) return;
    payload.bytes = undefined;
    this.keptBytes -= payload.length;
    this.leftOut += payload.length;
    this.oldest += 1;
    // Now and then rather than each time: cutting the front off costs as much as the list is long.
    if (this.oldest < SPLICE_AT) return;
    this.kept.splice(0, this.oldest);
    this.oldest = 0;
  }
}
