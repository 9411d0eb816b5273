import fc from 'fast-check';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { VirtualClock } from '#libs/simulation';
import { Link } from './link.ts';

const START = Date.parse('2026-02-02T05:00:00Z');

/** A link over a loopback connection, and the server's end of it. */
function withLink<T>(
  test: (link: Link, server: Socket, clock: VirtualClock) => Promise<T>,
  latencyMs = 15,
): Promise<T> {
  return VirtualClock.run({ startAt: START }, async (clock) => {
    const listener = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const wire = connect((listener.address() as AddressInfo).port, '127.0.0.1');
    const [server] = (await once(listener, 'connection')) as [Socket];
    server.on('error', () => undefined);
    const link = new Link(wire, { clock, latencyMs, remoteAddress: '203.0.113.25', remotePort: 587 });
    try {
      return await test(link, server, clock);
    } finally {
      link.cut();
      server.destroy();
      listener.close();
    }
  });
}

/** Bytes in pieces, with pauses of so many milliseconds between them. */
const pieces = fc.array(
  fc.record({ bytes: fc.uint8Array({ maxLength: 3_000 }), pauseMs: fc.constantFrom(0, 0, 1, 20) }),
  { minLength: 1, maxLength: 8 },
);

async function writeInPieces(
  socket: Socket | Link,
  all: readonly { bytes: Uint8Array; pauseMs: number }[],
  clock: VirtualClock,
): Promise<void> {
  for (const { bytes, pauseMs } of all) {
    socket.write(bytes);
    if (pauseMs > 0) await clock.sleep(pauseMs);
  }
  socket.end();
}

async function collect(source: AsyncIterable<Buffer>, between: () => Promise<void> = async () => undefined) {
  const chunks: Buffer[] = [];
  for await (const chunk of source) {
    chunks.push(chunk);
    await between();
  }
  return Buffer.concat(chunks);
}

function setIdleTimeout(link: Link, timeoutMs: number, listener?: () => void): void {
  // eslint-disable-next-line no-restricted-syntax -- a link's own counts the testbed's time
  link.setTimeout(timeoutMs, listener);
}

describe('Link', () => {
  it('brings bytes to the server whole and in order, whatever the pieces and pauses', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (all) => {
        const received = await withLink(async (link, server, clock) => {
          const writing = writeInPieces(link, all, clock);
          const bytes = await collect(server);
          await writing;
          return bytes;
        });
        expect(received.equals(Buffer.concat(all.map(({ bytes }) => bytes)))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('brings bytes to the node whole and in order, also to a reader that takes its time', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.constantFrom(0, 1, 50), async (all, readerMs) => {
        const received = await withLink(async (link, server, clock) => {
          const writing = writeInPieces(server, all, clock);
          const bytes = await collect(link, async () => (readerMs > 0 ? clock.sleep(readerMs) : undefined));
          await writing;
          return bytes;
        });
        expect(received.equals(Buffer.concat(all.map(({ bytes }) => bytes)))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('carries more than any buffer holds to a slow reader', async () => {
    const sent = Buffer.alloc(1_000_000, 'isebed');
    const received = await withLink(async (link, server, clock) => {
      server.end(sent);
      return collect(link, () => clock.sleep(5));
    });
    expect(received.equals(sent)).toBe(true);
  });

  it('says whom it is connected to', async () => {
    await withLink(async (link) => {
      expect([link.remoteAddress, link.remotePort]).toEqual(['203.0.113.25', 587]);
    });
  });

  it('times out in the time of the testbed, counted from the last byte', async () => {
    await withLink(async (link, server, clock) => {
      let timedOutAt = 0;
      link.resume();
      setIdleTimeout(link, 1_000, () => (timedOutAt = clock.now() - START));
      await clock.sleep(900);
      server.write('x');
      await clock.sleep(15 + 999);
      expect(timedOutAt).toBe(0);
      await clock.sleep(1);
      expect(timedOutAt).toBe(900 + 15 + 1_000);
    });
  });

  it('does not time out once that is switched off, or after its end', async () => {
    await withLink(async (link, _server, clock) => {
      let timeouts = 0;
      link.on('timeout', () => (timeouts += 1));
      setIdleTimeout(link, 100);
      setIdleTimeout(link, 0);
      await clock.sleep(200);
      setIdleTimeout(link, 100);
      link.destroy();
      await clock.sleep(200);
      expect(timeouts).toBe(0);
    });
  });

  it('ends both directions at once when it is cut', async () => {
    await withLink(async (link, server, clock) => {
      link.write('never arrives');
      link.cut();
      server.resume();
      await once(server, 'end');
      expect(clock.now()).toBe(START);
      expect(server.bytesRead).toBe(0);
    });
  });
});
