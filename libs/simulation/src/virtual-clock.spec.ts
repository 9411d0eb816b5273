import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import type { AddressInfo } from 'node:net';
import { SimulationStalledError } from './simulation.error.ts';
import { VirtualClock } from './virtual-clock.ts';

const START = Date.parse('2026-02-02T05:00:00Z');

describe('VirtualClock', () => {
  it('skips a minute of waiting in far less than a second', async () => {
    const realStart = performance.now();
    const elapsed = await VirtualClock.run({ startAt: START }, async (clock) => {
      await clock.sleep(60_000);
      return clock.now() - START;
    });
    expect(elapsed).toBe(60_000);
    expect(performance.now() - realStart).toBeLessThan(1_000);
  });

  it('does not skip while bytes travel over a real socket', async () => {
    await VirtualClock.run({ startAt: START }, async (clock) => {
      const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      const timeout = clock.after(1, () => socket.destroy(new Error('skipped')));
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      timeout.cancel();
      expect(chunk.toString()).toBe('hello');
      expect(clock.now()).toBe(START);
      server.close();
    });
  });

  it('does not skip while the kernel keeps bytes back', async () => {
    await VirtualClock.run({ startAt: START }, async (clock) => {
      const server = createServer((socket) => socket.on('data', (octets) => octets.length > 1 && socket.write('ok')));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      // A dialogue: from now on the server's acknowledgements wait for its next answer, or for 40 ms.
      for (let turns = 0; turns < 20; turns += 1) {
        socket.write('hello');
        await once(socket, 'data');
      }
      // Nagle's algorithm sends the rest only once the first octet is acknowledged.
      socket.write('h');
      socket.write('ello');
      let skipped = false;
      const timeout = clock.after(1, () => (skipped = true));
      await once(socket, 'data');
      timeout.cancel();
      expect(skipped).toBe(false);
      socket.destroy();
      server.close();
    });
  });

  it('does not skip over work that is held', async () => {
    await VirtualClock.run({ startAt: START }, async (clock) => {
      let skipped = false;
      clock.after(1, () => (skipped = true));
      await clock.hold(() => crypto.subtle.digest('SHA-256', new Uint8Array(4_000_000)));
      expect(skipped).toBe(false);
    });
  });

  it('gives the real timers back, also after a failure', async () => {
    const before = [globalThis.setTimeout, globalThis.Date];
    await expect(
      VirtualClock.run({ startAt: START }, async (clock) => {
        await clock.sleep(5);
        throw new Error('boom');
      }),
    ).rejects.toThrow('boom');
    expect([globalThis.setTimeout, globalThis.Date]).toEqual(before);
  });

  it('waits for months, which is more than a timer of Node can', async () => {
    await VirtualClock.run({ startAt: START }, async (clock) => {
      await clock.sleep(90 * 86_400_000);
      expect(clock.now()).toBe(START + 90 * 86_400_000);
    });
  });

  it('ends a sleep at once when it is aborted', async () => {
    await VirtualClock.run({ startAt: START }, async (clock) => {
      const abort = new AbortController();
      const sleeping = clock.sleep(60_000, abort.signal);
      clock.after(10, () => abort.abort(new Error('enough')));
      await expect(sleeping).rejects.toThrow('enough');
      expect(clock.now()).toBe(START + 10);
    });
  });

  it.each([
    ['nothing is due', (): Promise<void> => new Promise(() => undefined)],
    ['work is held', (clock: VirtualClock): Promise<void> => clock.hold(() => new Promise(() => undefined))],
  ])('gives up a run that waits for what can never happen, when %s', async (_when, main) => {
    await expect(VirtualClock.run({ startAt: START, stallMsMax: 100 }, main)).rejects.toThrow(SimulationStalledError);
  });
});
