import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Journal, VirtualClock } from '#libs/simulation';
import { ProxyMock, type ProxyMockOptions } from '#mocks/proxy';

const START = Date.parse('2026-02-02T05:00:00Z');

interface ProxyLab {
  clock: VirtualClock;
  journal: Journal;
  port: number;
  close: () => Promise<void>;
}

/** A proxy whose every target is a server that greets and then repeats what it is told. */
async function behindProxy(options: Partial<ProxyMockOptions>, test: (lab: ProxyLab) => Promise<void>): Promise<void> {
  await VirtualClock.run({ startAt: START }, async (clock) => {
    const journal = new Journal(clock);
    const target = createServer((socket) => {
      socket.write('220 ready\r\n');
      socket.pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(target, 'listening');
    const address = target.address();
    if (address === null || typeof address === 'string') throw new TypeError('not listening on TCP');
    const connectTo = async (): Promise<Duplex> => {
      const socket = connect(address.port, '127.0.0.1');
      await once(socket, 'connect');
      journal.record({ kind: 'test.target-dialled' });
      return socket;
    };
    const proxy = await new ProxyMock({ connectTo, clock, journal, ...options }).start();
    try {
      await test({ clock, journal, port: proxy.port, close: () => proxy.close() });
    } finally {
      await proxy.close().catch(() => undefined);
      target.close();
    }
  });
}

async function askForTunnel(lab: ProxyLab, authority: string, headers: Record<string, string> = {}) {
  const dial = lab.journal.record({ kind: 'test.dialled' });
  const asking = request({ host: '127.0.0.1', port: lab.port, method: 'CONNECT', path: authority, headers });
  asking.on('socket', (socket) => socket.once('connect', () => lab.journal.linkPeer(socket, dial.seq)));
  asking.end();
  const [response, socket, head]: [IncomingMessage, Socket, Buffer] = await new Promise((resolve, reject) => {
    asking.once('connect', (...answer: [IncomingMessage, Socket, Buffer]) => resolve(answer));
    asking.once('error', reject);
  });
  return { response, socket, head, dial };
}

describe('proxy mock', () => {
  it('carries bytes both ways once it is connected, as a consequence of the dial', async () => {
    await behindProxy({}, async (lab) => {
      const { response, socket, head, dial } = await askForTunnel(lab, 'smtp.office365.com:587');
      expect(response.statusCode).toBe(200);
      let received = head.toString();
      socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
      socket.write('EHLO psn1\r\n');
      while (!received.includes('EHLO psn1')) await once(socket, 'data');
      expect(received).toBe('220 ready\r\nEHLO psn1\r\n');
      socket.destroy();
      expect(lab.journal.records.slice(1)).toMatchObject([
        { kind: 'test.target-dialled', cause: dial.seq },
        { kind: 'proxy.connected', cause: dial.seq, host: 'smtp.office365.com', port: 587 },
      ]);
    });
  });

  it('asks for credentials, and accepts the right ones', async () => {
    const policy = { credentials: { user: 'ise', password: 'secret-of-the-proxy' } };
    await behindProxy({ policy }, async (lab) => {
      const { response } = await askForTunnel(lab, 'smtp.office365.com:587');
      expect(response.statusCode).toBe(407);
      expect(response.headers['proxy-authenticate']).toBe('Basic realm="proxy"');
      expect(lab.journal.records.at(-1)).toMatchObject({ kind: 'proxy.refused', reason: 'credentials-missing' });

      const authorization = `Basic ${Buffer.from('ise:secret-of-the-proxy').toString('base64')}`;
      const again = await askForTunnel(lab, 'smtp.office365.com:587', { 'Proxy-Authorization': authorization });
      expect(again.response.statusCode).toBe(200);
      again.socket.destroy();
      expect(lab.journal.toJsonLines()).not.toContain('secret-of-the-proxy');
    });
  });

  it('answers 502 when the target cannot be reached', async () => {
    await behindProxy({ connectTo: () => Promise.reject(new Error('refused')) }, async (lab) => {
      const { response } = await askForTunnel(lab, 'smtp.office365.com:587');
      expect(response.statusCode).toBe(502);
      expect(lab.journal.records.at(-1)).toMatchObject({
        kind: 'proxy.refused',
        host: 'smtp.office365.com',
        port: 587,
        status: 502,
        reason: 'target-unreachable',
      });
    });
  });

  it('answers 504 after half a minute when the target is silent', async () => {
    await behindProxy({ connectTo: () => new Promise(() => undefined) }, async (lab) => {
      const { response } = await askForTunnel(lab, 'smtp.office365.com:587');
      expect(response.statusCode).toBe(504);
      expect(lab.clock.now() - START).toBe(30_000);
    });
  });

  it('refuses any request but CONNECT', async () => {
    await behindProxy({}, async (lab) => {
      const asking = request({ host: '127.0.0.1', port: lab.port, path: 'http://lab.example/', agent: false }).end();
      const [response]: IncomingMessage[] = await once(asking, 'response');
      expect(response?.statusCode).toBe(405);
      expect(lab.journal.records.at(-1)).toMatchObject({ kind: 'proxy.refused', reason: 'method' });
      response?.resume();
    });
  });

  it('ends the other side when one side of a tunnel goes away', async () => {
    await behindProxy({}, async (lab) => {
      const { socket } = await askForTunnel(lab, 'smtp.office365.com:587');
      const closed = once(socket, 'close');
      await lab.close();
      await closed;
      expect(lab.clock.now()).toBe(START);
    });
  });
});
