import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Journal, Random, VirtualClock } from '#libs/simulation';
import { DialError } from './dial.error.ts';
import type { NetworkView } from './network-view.ts';
import { SimulatedNetwork } from './simulated-network.ts';

const START = Date.parse('2026-02-02T05:00:00Z');
const PROXY = { host: 'proxy.lab.example', port: 3128 };
const TARGET = { host: 'smtp.office365.com', port: 587, timeoutMs: 60_000 };
const LATENCY_MS = 10;

interface Lab {
  clock: VirtualClock;
  journal: Journal;
  network: SimulatedNetwork;
  psn1: NetworkView;
  requests: IncomingMessage[];
}

/** A node behind a proxy that answers CONNECT as told. */
function behindProxy(answer: (tunnel: Duplex) => void, test: (lab: Lab) => Promise<void>): Promise<void> {
  return VirtualClock.run({ startAt: START }, async (clock) => {
    const journal = new Journal(clock);
    const latencyMs = { min: LATENCY_MS, max: LATENCY_MS };
    const network = new SimulatedNetwork({ clock, journal, random: new Random('7'), latencyMs });
    const requests: IncomingMessage[] = [];
    const sockets = new Set<Socket>();
    const server = createServer().listen(0, '127.0.0.1');
    server.on('connection', (socket: Socket) => sockets.add(socket));
    server.on('connect', (request, tunnel) => {
      requests.push(request);
      tunnel.on('error', () => undefined);
      answer(tunnel);
    });
    await once(server, 'listening');
    network.addHost({ name: 'psn1', address: '10.20.1.13', zone: 'inside' });
    network.addHost({ name: PROXY.host, address: '10.20.0.5', zone: 'inside' });
    network.listen(PROXY.host, PROXY.port, { host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    network.egress = 'proxy-only';
    try {
      await test({ clock, journal, network, psn1: network.viewOf('psn1'), requests });
    } finally {
      network.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
}

async function failureOf(dialling: Promise<unknown>): Promise<DialError> {
  const outcome: unknown = await dialling.catch((error: unknown) => error);
  if (!(outcome instanceof DialError)) throw new Error(`no DialError but ${String(outcome)}`);
  return outcome;
}

/** Reads until the text is complete. */
async function read(source: Duplex, length: number): Promise<string> {
  let received = '';
  while (received.length < length) received += String((await once(source, 'data'))[0]);
  return received;
}

describe('a dial through the proxy', () => {
  it('asks for a tunnel to the target, which the proxy resolves', async () => {
    await behindProxy(
      (tunnel) => {
        tunnel.write('HTTP/1.1 200 Connection established\r\n\r\n');
        tunnel.pipe(tunnel);
      },
      async ({ journal, psn1, requests }) => {
        psn1.setName(TARGET.host, null);
        const tunnel = await psn1.dial({ ...TARGET, proxy: PROXY });
        tunnel.write('EHLO');
        expect(await read(tunnel, 4)).toBe('EHLO');
        expect(requests[0]).toMatchObject({ method: 'CONNECT', url: 'smtp.office365.com:587' });
        expect(requests[0]?.headers).not.toHaveProperty('proxy-authorization');
        expect(journal.records[0]).toMatchObject({ host: PROXY.host, proxyFor: 'smtp.office365.com:587' });
      },
    );
  });

  it('hands on what the server said in the same packet as the proxy, before what it says later', async () => {
    await behindProxy(
      (tunnel) => {
        tunnel.write('HTTP/1.1 200 OK\r\n\r\n220 smtp');
        tunnel.once('data', () => tunnel.write('.office365.com ready'));
      },
      async ({ psn1 }) => {
        const tunnel = await psn1.dial({ ...TARGET, proxy: PROXY });
        tunnel.write('?');
        expect(await read(tunnel, 28)).toBe('220 smtp.office365.com ready');
      },
    );
  });

  it('sends credentials where there are some, and writes them nowhere', async () => {
    await behindProxy(
      (tunnel) => tunnel.write('HTTP/1.1 200 OK\r\n\r\n'),
      async ({ journal, psn1, requests }) => {
        await psn1.dial({ ...TARGET, proxy: { ...PROXY, userName: 'ise', password: 'hush:hush' } });
        const encoded = Buffer.from('ise:hush:hush').toString('base64');
        expect(requests[0]?.headers['proxy-authorization']).toBe(`Basic ${encoded}`);
        expect(journal.toJsonLines()).not.toMatch(new RegExp(`hush|${encoded}`));
      },
    );
  });

  it.each([
    [407, 'proxy-authentication-required', PROXY.host],
    [403, 'proxy-forbidden', PROXY.host],
    [502, 'proxy-bad-gateway', TARGET.host],
    [500, 'proxy-bad-gateway', TARGET.host],
  ])('fails when the proxy answers %i', async (status, failure, peer) => {
    await behindProxy(
      (tunnel) => tunnel.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`),
      async ({ clock, psn1 }) => {
        const error = await failureOf(psn1.dial({ ...TARGET, proxy: PROXY }));
        expect(error).toMatchObject({ failure, peer: { host: peer } });
        expect(clock.now() - START).toBeLessThan(100);
      },
    );
  });

  it('fails after the timeout when the proxy takes the connection and never answers', async () => {
    await behindProxy(
      () => undefined,
      async ({ clock, journal, psn1 }) => {
        const dialling = failureOf(psn1.dial({ ...TARGET, proxy: PROXY }));
        await clock.sleep(100);
        const connectedAt = Date.parse(journal.records.at(-1)?.t ?? '');
        expect(await dialling).toMatchObject({ failure: 'connect-timeout', peer: PROXY });
        expect(clock.now() - connectedAt).toBe(60_000);
      },
    );
  });

  it('fails when the proxy breaks off instead of answering', async () => {
    await behindProxy(
      (tunnel) => tunnel.destroy(),
      async ({ clock, psn1 }) => {
        expect(await failureOf(psn1.dial({ ...TARGET, proxy: PROXY }))).toMatchObject({ peer: PROXY });
        expect(clock.now() - START).toBeLessThan(100);
      },
    );
  });

  it.each([
    ['does not exist', 'prxy.lab.example', 3128, 'dns-failure'],
    ['does not listen', PROXY.host, 8080, 'connection-refused'],
  ])('fails as any dial when the proxy %s', async (_what, host, port, failure) => {
    await behindProxy(
      () => undefined,
      async ({ journal, psn1 }) => {
        const error = await failureOf(psn1.dial({ ...TARGET, proxy: { host, port } }));
        expect(error).toMatchObject({ failure, peer: { host, port } });
        expect(journal.records.at(-1)).toMatchObject({ kind: 'network.failed', failure });
      },
    );
  });

  it('breaks when the proxy is cut off', async () => {
    await behindProxy(
      (tunnel) => tunnel.write('HTTP/1.1 200 OK\r\n\r\n'),
      async ({ network, psn1 }) => {
        const tunnel = await psn1.dial({ ...TARGET, proxy: PROXY });
        const closed = once(tunnel, 'close');
        network.cut(PROXY.host);
        await closed;
      },
    );
  });
});
