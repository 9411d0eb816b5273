import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { LoopbackTraffic } from './loopback-traffic.ts';

interface Wire {
  traffic: LoopbackTraffic;
  client: Socket;
  server: Socket;
}

/** A connection both ends of which are known. */
async function overWire(test: (wire: Wire) => Promise<void>): Promise<void> {
  await watching(async (traffic, listener) => {
    const client = connect((listener.address() as AddressInfo).port, '127.0.0.1');
    const [[server]] = (await Promise.all([once(listener, 'connection'), once(client, 'connect')])) as [[Socket], []];
    await test({ traffic, client, server });
    client.destroy();
    server.destroy();
  });
}

async function watching(test: (traffic: LoopbackTraffic, listener: Server) => Promise<void>): Promise<void> {
  const traffic = new LoopbackTraffic();
  traffic.start();
  const listener = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  try {
    await test(traffic, listener);
  } finally {
    traffic.stop();
    listener.close();
  }
}

describe('LoopbackTraffic', () => {
  it('knows of a connection that is being opened, until both ends have it', async () => {
    await watching(async (traffic, listener) => {
      const client = connect((listener.address() as AddressInfo).port, '127.0.0.1');
      expect(traffic.isUnderWay()).toBe(true);
      const [[server]] = (await Promise.all([once(listener, 'connection'), once(client, 'connect')])) as [[Socket], []];
      expect(traffic.isUnderWay()).toBe(false);
      client.destroy();
      server.destroy();
    });
  });

  it('knows of no connection that was refused', async () => {
    await watching(async (traffic, listener) => {
      const { port } = listener.address() as AddressInfo;
      listener.close();
      await once(listener, 'close');
      const client = connect(port, '127.0.0.1');
      await once(client, 'error');
      expect(traffic.isUnderWay()).toBe(false);
    });
  });

  it.each(['client', 'server'] as const)(
    'knows of octets from the %s until the other end has read them',
    async (end) => {
      await overWire(async ({ traffic, ...ends }) => {
        const [from, to] = end === 'client' ? [ends.client, ends.server] : [ends.server, ends.client];
        from.write('EHLO');
        expect(traffic.isUnderWay()).toBe(true);
        await once(to, 'data');
        expect(traffic.isUnderWay()).toBe(false);
      });
    },
  );

  it('knows of an end until it was received', async () => {
    await overWire(async ({ traffic, client, server }) => {
      server.resume();
      client.destroy();
      expect(traffic.isUnderWay()).toBe(true);
      await once(server, 'end');
      expect(traffic.isUnderWay()).toBe(false);
    });
  });

  it('does not wait for a receiver that has paused', async () => {
    await overWire(async ({ traffic, client, server }) => {
      server.pause();
      client.write('EHLO');
      await turn();
      expect(traffic.isUnderWay()).toBe(false);
      server.resume();
      expect(traffic.isUnderWay()).toBe(true);
      await once(server, 'data');
      expect(traffic.isUnderWay()).toBe(false);
    });
  });

  it('does not wait for ever for a receiver that leaves octets unread', async () => {
    await overWire(async ({ traffic, client }) => {
      client.write(Buffer.alloc(1_000_000));
      expect(traffic.isUnderWay()).toBe(true);
      while (traffic.isUnderWay()) await turn();
    });
  });
});
