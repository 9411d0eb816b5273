import { Transform, type TransformCallback } from 'node:stream';

/** As firewalls with SMTP inspection mask the extensions that they do not know: same length, no meaning. */
const MASKED = 'XXXXXXXA';

/**
 * Takes STARTTLS out of what a server announces (RFC 3207, 6 warns of it). Looks at whole lines, so it does not matter
 * how the kernel cut them.
 */
export class StartTlsMask extends Transform {
  private rest = '';

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const lines = (this.rest + chunk.toString('latin1')).split('\n');
    this.rest = lines.pop() ?? '';
    const masked = lines.map((line) => `${line.replace(/^(250[ -])STARTTLS\b/i, `$1${MASKED}`)}\n`).join('');
    done(null, Buffer.from(masked, 'latin1'));
  }

  override _flush(done: TransformCallback): void {
    done(null, Buffer.from(this.rest, 'latin1'));
  }
}

/** Lines of a stream, one call for each, until `stop`; what comes after stays in the stream. */
export function onLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): { stop: () => void } {
  let rest = '';
  const listener = (chunk: Buffer | string): void => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.trimEnd());
  };
  stream.on('data', listener);
  return { stop: () => stream.off('data', listener) };
}
