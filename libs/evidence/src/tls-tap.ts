import type { TLSSocket } from 'node:tls';

/** What a TLS socket tells those who listen in on it. */
export interface TlsListener {
  /** A line of the key log, in the form that `SSLKEYLOGFILE` made usual; without line end. */
  key(line: string): void;
  said(bytes: Buffer): void;
  heard(bytes: Buffer): void;
}

/**
 * Listens to the plain text of a TLS socket without taking part in its flow: a `data` listener would start it. The three
 * methods are those that Node's streams offer for overriding.
 */
export function listenIn(socket: TLSSocket, listener: TlsListener): void {
  socket.on('keylog', (line: Buffer) => listener.key(line.toString('latin1').trimEnd()));
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (Buffer.isBuffer(chunk)) listener.heard(chunk);
    return push(chunk, encoding);
  };
  const write = socket._write.bind(socket);
  socket._write = (chunk: unknown, encoding, done) => {
    listener.said(asBytes(chunk, encoding));
    write(chunk, encoding, done);
  };
  const writev = socket._writev?.bind(socket);
  if (!writev) return;
  socket._writev = (chunks: { chunk: unknown; encoding: BufferEncoding }[], done) => {
    for (const { chunk, encoding } of chunks) listener.said(asBytes(chunk, encoding));
    writev(chunks, done);
  };
}

function asBytes(chunk: unknown, encoding: BufferEncoding): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.alloc(0);
}
