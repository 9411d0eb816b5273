import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isMail, readMail } from './mail-parts.ts';

/** Of what was packed; a kilobyte can hold megabytes of nothing. */
const UNPACKED_BYTES_MAX = 128 * 1024 * 1024;
/** A mail with more attached than Exchange would take (fact sheet microsoft 4.1). */
const MAIL_BYTES_MAX = 160 * 1024 * 1024;
/** Enough to tell what it is. */
const HEAD_BYTES = 4_096;
/** A mail with a packed log in it, forwarded in another mail. */
const DEPTH_MAX = 4;

/**
 * What is in a gzip file or in a mail (RFC 5322, decoded, with its attachments), and anything else as it is. Bounded:
 * what is packed beyond 128 MB is not read; what is damaged ends where it is damaged.
 *
 * @param onCut called when something was left out for its size
 */
export async function* unpacked(
  stream: AsyncIterable<Uint8Array>,
  onCut: () => void = () => undefined,
  depth = 0,
): AsyncGenerator<Buffer> {
  const iterator = stream[Symbol.asyncIterator]();
  const head = await headOf(iterator);
  const whole = rejoined(head, iterator);
  try {
    if (depth < DEPTH_MAX && head[0] === 0x1f && head[1] === 0x8b) {
      yield* unpacked(gunzipped(whole, onCut), onCut, depth + 1);
    } else if (depth < DEPTH_MAX && isMail(head)) {
      for (const part of await readMail(await collected(whole, onCut))) {
        yield* unpacked(Readable.from([part]), onCut, depth + 1);
      }
    } else {
      yield* whole;
    }
  } finally {
    // Who stops early leaves no file open.
    await iterator.return?.();
  }
}

async function headOf(iterator: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* rejoined(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    const { buffer, byteOffset, byteLength } = next.value;
    yield Buffer.from(buffer, byteOffset, byteLength);
  }
}

async function* gunzipped(packed: AsyncIterable<Buffer>, onCut: () => void): AsyncGenerator<Buffer> {
  const source = Readable.from(packed);
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  let bytes = 0;
  try {
    for await (const chunk of gunzip) {
      if (!Buffer.isBuffer(chunk)) continue;
      bytes += chunk.length;
      if (bytes > UNPACKED_BYTES_MAX) return onCut();
      yield chunk;
    }
  } catch (error) {
    // Cut off or damaged: what came before is as good as ever.
    if (!isDamage(error)) throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function isDamage(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_');
}

async function collected(stream: AsyncIterable<Buffer>, onCut: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAIL_BYTES_MAX) {
      onCut();
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
