import type { IncomingMessage } from 'node:http';

/** The body as text; undefined when it is longer than `bytesMax`. The rest of a long body is read and dropped. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= bytesMax) chunks.push(chunk);
  }
  return length <= bytesMax ? Buffer.concat(chunks).toString('utf8') : undefined;
}
