import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { FaultPlan } from '#libs/fault';
import { Journal, Random, VirtualClock } from '#libs/simulation';
import type { NetworkView } from './network-view.ts';
import { SimulatedNetwork } from './simulated-network.ts';
import type { ConnectionTap, TrafficRecorder } from './traffic-recorder.ts';

const START = Date.parse('2026-02-02T05:00:00Z');
const LATENCY_MS = 20;
const SMTP = { host: 'smtp.office365.com', port: 587, timeoutMs: 60_000 };

interface Lab {
  clock: VirtualClock;
  network: SimulatedNetwork;
  faults: FaultPlan;
  psn1: NetworkView;
  accepted: Socket[];
  /** What was told, each with the milliseconds since the start. */
  told: string[];
}

/** psn1, and an SMTP server that greets and then echoes. */
function inLab(test: (lab: Lab) => Promise<void>, latencyMs = LATENCY_MS): Promise<void> {
  return VirtualClock.run({ startAt: START }, async (clock) => {
    const journal = new Journal(clock);
    const random = new Random('7');
    const faults = new FaultPlan({ clock, journal, random });
    const told: string[] = [];
    const recorder = recorderInto(told, clock);
    const network = new SimulatedNetwork({
      clock,
      journal,
      random,
      faults,
      recorder,
      latencyMs: { min: latencyMs, max: latencyMs },
    });
    const accepted: Socket[] = [];
    const server = createServer((socket) => {
      accepted.push(socket);
      socket.on('error', () => undefined);
      socket.write('220\r\n');
      socket.pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const psn1 = { name: 'psn1', address: '10.20.1.13', zone: 'inside', peer: 'node', personas: ['PSN'] } as const;
    network.addHost(psn1, ['psn1.lab.example']);
    network.addHost({ name: SMTP.host, address: '203.0.113.25', zone: 'internet' });
    network.listen(SMTP.host, SMTP.port, { host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    try {
      await test({ clock, network, faults, psn1: network.viewOf('psn1'), accepted, told });
    } finally {
      network.close();
      for (const socket of accepted) socket.destroy();
      server.close();
    }
  });
}

function recorderInto(told: string[], clock: VirtualClock): TrafficRecorder {
  const tell = (...words: unknown[]): void => void told.push([clock.now() - START, ...words].join(' '));
  const tap: ConnectionTap = {
    resolved: (address, looked) => tell('resolved', address, looked ? 'looked' : 'known'),
    dropped: (reason) => tell('dropped', reason),
    failed: (failure) => tell('failed', failure),
    connected: (latencyMs) => tell('connected', latencyMs),
    sent: (bytes) => tell('sent', bytes.toString().trim()),
    arrived: (count) => tell('arrived', count),
    received: (bytes) => tell('received', bytes.toString().trim()),
    ended: (by, how) => tell('ended', by, how),
    closeArrived: () => tell('close arrived'),
    lost: () => tell('lost'),
    note: (text) => tell('note', text),
  };
  return {
    hostAdded: (host, names) => tell('host', host.name, ...names),
    dialled: (source, { host, port }, beyond) => {
      tell('dialled', source.name, `${host}:${port}`, ...(beyond ? [`for ${beyond.host}`] : []));
      return tap;
    },
  };
}

describe('what a recorder is told', () => {
  it('is each step of a connection, when the dialling host sees it', async () => {
    await inLab(async ({ clock, psn1, told }) => {
      const connection = await psn1.dial(SMTP);
      connection.resume();
      await clock.sleep(50);
      connection.write('EHLO\r\n');
      await clock.sleep(50);
      connection.end();
      await clock.sleep(100);
      expect(told).toEqual([
        '0 host psn1 psn1.lab.example',
        '0 host smtp.office365.com smtp.office365.com',
        '0 dialled psn1 smtp.office365.com:587',
        '20 resolved 203.0.113.25 looked',
        '20 connected 20',
        '40 received 220',
        '70 sent EHLO',
        '90 arrived 6',
        '110 received EHLO',
        '120 ended node close',
        '140 close arrived',
        '160 ended peer close',
        // net.Socket destroys itself once both sides have ended.
        ...told.slice(12),
      ]);
      expect(told.slice(12).every((line) => line.endsWith('ended node close'))).toBe(true);
    });
  });

  it('includes what no packet comes back from', async () => {
    await inLab(async ({ network, psn1, told }) => {
      network.block(SMTP.port);
      await psn1.dial(SMTP).catch(() => undefined);
      await psn1.dial({ ...SMTP, host: 'smtp.typo.example' }).catch(() => undefined);
      network.unblock(SMTP.port);
      network.cut('psn1');
      await psn1.dial({ ...SMTP, timeoutMs: 1_000 }).catch(() => undefined);
      expect(told.filter((line) => !/ (host|dialled) /.test(line))).toEqual([
        '20 resolved 203.0.113.25 looked',
        '20 dropped port-blocked',
        '60000 failed connect-timeout',
        '60020 resolved  looked',
        '60020 failed dns-failure',
        '60040 resolved 203.0.113.25 known',
        '60040 dropped cut-off',
        '61020 failed connect-timeout',
      ]);
    });
  });

  it('names a fault with the step at which it fires, and the end that it brings about', async () => {
    await inLab(async ({ clock, faults, psn1, told }) => {
      faults.add({ name: 'ips', fault: { type: 'reset' } });
      const connection = await psn1.dial(SMTP);
      connection.on('error', () => undefined);
      await clock.sleep(100);
      expect(told.slice(4, 8)).toEqual([
        '20 connected 20',
        '20 note fault "ips" applied: reset at dial',
        '40 ended peer reset',
        '40 ended node close',
      ]);
    });
  });

  it('is a reset when the services of the peer stop, and nothing at all when the host is cut off', async () => {
    await inLab(async ({ clock, network, psn1, told }) => {
      await psn1.dial(SMTP);
      await clock.sleep(100);
      network.stopServices(SMTP.host);
      expect(told.at(-3)).toBe('120 ended peer reset');
      network.startServices(SMTP.host);
      await psn1.dial(SMTP);
      await clock.sleep(100);
      told.length = 0;
      network.cut('psn1');
      expect(told[0]).toMatch(/ lost$/);
    });
  });

  it('is complete without latency, too', async () => {
    await inLab(async ({ clock, psn1, told }) => {
      const connection = await psn1.dial(SMTP);
      connection.resume();
      await clock.sleep(1);
      expect(told.slice(-2)).toEqual(['0 connected 0', expect.stringMatching(/received 220$/)]);
    }, 0);
  });
});
