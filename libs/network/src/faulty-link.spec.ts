import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FaultPlan, type FaultTrigger, type WireFault } from '#libs/fault';
import { Journal, Random, VirtualClock } from '#libs/simulation';
import { lossOf, markStage } from './connection-loss.ts';
import { SimulatedNetwork, type DialRequest } from './simulated-network.ts';

const START = Date.parse('2026-02-02T05:00:00Z');
const REQUEST: DialRequest = { host: 'smtp.office365.com', port: 587, timeoutMs: 60_000 };

interface Lab {
  clock: VirtualClock;
  plan: FaultPlan;
  network: SimulatedNetwork;
  dial: (request?: Partial<DialRequest>) => Promise<Duplex>;
  /** What the server has received. */
  received: () => string;
}

/** One node, and a server that answers each line with `ok <line>`; one-way latency 10 ms. */
async function inLab(test: (lab: Lab) => Promise<void>, latencyMs = 10): Promise<void> {
  await VirtualClock.run({ startAt: START }, async (clock) => {
    const journal = new Journal(clock);
    const random = new Random('7');
    const faults = new FaultPlan({ clock, journal, random });
    const network = new SimulatedNetwork({
      clock,
      journal,
      random,
      latencyMs: { min: latencyMs, max: latencyMs },
      faults,
    });
    let received = '';
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        received += chunk.toString();
        socket.write(`ok ${chunk.toString()}`);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    network.addHost({ name: 'psn1', address: '10.0.0.1', zone: 'inside', personas: ['Policy Service'] });
    network.addHost({ name: 'smtp.office365.com', address: '203.0.113.25', zone: 'internet', peer: 'smtp' });
    network.listen('smtp.office365.com', 587, { host: '127.0.0.1', port });
    const view = network.viewOf('psn1');
    try {
      await test({
        clock,
        plan: faults,
        network,
        dial: (request) => view.dial({ ...REQUEST, ...request }),
        received: () => received,
      });
    } finally {
      network.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
}

/** The first `bytes` that arrive, and how long they take from now. */
function read(clock: VirtualClock, connection: Duplex, bytes: number): Promise<{ text: string; ms: number }> {
  const startedAt = clock.now();
  return new Promise((resolve) => {
    let text = '';
    const collect = (chunk: Buffer): void => {
      text += chunk.toString();
      if (text.length < bytes) return;
      connection.off('data', collect);
      resolve({ text, ms: clock.now() - startedAt });
    };
    connection.on('data', collect);
  });
}

async function outcomeOf(connection: Duplex): Promise<string> {
  return new Promise((resolve) => {
    connection.once('error', (error) => resolve(lossOf(error)));
    connection.once('close', () => resolve('closed'));
    connection.resume();
  });
}

async function strike(lab: Lab, fault: WireFault, trigger: FaultTrigger = {}): Promise<Duplex> {
  lab.plan.add({ name: 'f', fault, trigger });
  return lab.dial();
}

describe('a link with faults', () => {
  it.each<[string, WireFault, number]>([
    ['nothing', { type: 'latency', ms: 0 }, 20],
    ['latency, in both directions', { type: 'latency', ms: 100 }, 220],
    ['bandwidth: 8 bits a millisecond, 100 bytes out and 103 back', { type: 'bandwidth', kbps: 8 }, 223],
    // The server answers each of two slices with one of 53 bytes, which is two slices in its turn.
    ['slices of 50 bytes, 30 ms apart', { type: 'slicer', bytes: 50, delayMs: 30 }, 80],
  ])('takes the time of %s', async (_case, fault, ms) => {
    await inLab(async (lab) => {
      const connection = await strike(lab, fault);
      connection.write('x'.repeat(99) + '\n');
      const answer = await read(lab.clock, connection, fault.type === 'slicer' ? 106 : 103);
      expect(answer.ms).toBe(ms);
      expect(lab.received()).toBe('x'.repeat(99) + '\n');
    });
  });

  it('resets at once when its step begins', async () => {
    await inLab(async (lab) => {
      const connection = await strike(lab, { type: 'reset' }, { stage: 'auth' });
      markStage(connection, 'ehlo');
      connection.write('EHLO\n');
      expect((await read(lab.clock, connection, 8)).text).toBe('ok EHLO\n');
      markStage(connection, 'auth');
      expect(await outcomeOf(connection)).toBe('connection-reset');
    });
  });

  it.each<[WireFault, string]>([
    [{ type: 'reset', afterBytes: 5 }, 'connection-reset'],
    [{ type: 'limit', bytes: 5 }, 'closed'],
    [{ type: 'down' }, 'closed'],
    [{ type: 'timeout', afterMs: 500 }, 'closed'],
  ])('ends with %j', async (fault, outcome) => {
    await inLab(async (lab) => {
      const connection = await lab.dial();
      lab.plan.add({ name: 'f', fault });
      const ended = outcomeOf(connection);
      connection.write('1234567890');
      expect(await ended).toBe(outcome);
      expect(lab.received()).toBe('bytes' in fault || 'afterBytes' in fault ? '12345' : '');
    });
  });

  it('says nothing for ever when it is silent', async () => {
    await inLab(async (lab) => {
      const connection = await strike(lab, { type: 'timeout', afterMs: 0 });
      connection.write('EHLO\n');
      await lab.clock.sleep(3_600_000);
      expect(lab.received()).toBe('');
      expect(connection.destroyed).toBe(false);
    });
  });

  it('holds everything back while it is stalled, and lets it go afterwards, in order', async () => {
    await inLab(async (lab) => {
      const connection = await strike(lab, { type: 'stall' }, { stage: 'data' });
      connection.write('mail,');
      markStage(connection, 'data');
      connection.write('body,');
      await lab.clock.sleep(50_000);
      expect(lab.received()).toBe('mail,');
      connection.write('dot');
      lab.plan.remove('f');
      await lab.clock.sleep(50_000);
      expect(lab.received()).toBe('mail,body,dot');
    });
  });

  it('never delivers what a stall held when the client gave up', async () => {
    await inLab(async (lab) => {
      const connection = await strike(lab, { type: 'stall' });
      connection.write('late');
      await lab.clock.sleep(1_000);
      connection.destroy();
      lab.plan.remove('f');
      await lab.clock.sleep(1_000);
      expect(lab.received()).toBe('');
    });
  });

  it('works without latency too', async () => {
    await inLab(async (lab) => {
      const connection = await strike(lab, { type: 'latency', ms: 100 });
      connection.write('hi');
      expect(await read(lab.clock, connection, 5)).toEqual({ text: 'ok hi', ms: 200 });
    }, 0);
  });
});

describe('a dial with faults and rules', () => {
  it.each<[WireFault, string, number]>([
    [{ type: 'down' }, 'connection-refused', 10],
    [{ type: 'reset' }, 'connection-reset', 10],
    [{ type: 'timeout', afterMs: 0 }, 'connect-timeout', 60_000],
    [{ type: 'stall' }, 'connect-timeout', 60_000],
    [{ type: 'latency', ms: 60_000 }, 'connect-timeout', 60_000],
  ])('fails under %j', async (fault, failure, ms) => {
    await inLab(async (lab) => {
      const startedAt = lab.clock.now();
      await expect(strike(lab, fault, { stage: 'dial' })).rejects.toMatchObject({ failure });
      expect(lab.clock.now() - startedAt).toBe(ms);
    });
  });

  it('comes about once the stall is over', async () => {
    await inLab(async (lab) => {
      const dialled = strike(lab, { type: 'stall' }, { stage: 'dial', until: START + 5_000 });
      await dialled;
      expect(lab.clock.now()).toBe(START + 5_000);
    });
  });

  it('tells the port that is blocked from the one that is open', async () => {
    await inLab(async ({ network, dial }) => {
      network.block(587);
      await expect(dial()).rejects.toMatchObject({ failure: 'connect-timeout' });
      network.unblock(587);
      network.block(25);
      await expect(dial()).resolves.toBeDefined();
    });
  });

  it('is refused while the service is stopped', async () => {
    await inLab(async ({ network, dial }) => {
      network.stopServices('smtp.office365.com');
      await expect(dial()).rejects.toMatchObject({ failure: 'connection-refused' });
      network.startServices('smtp.office365.com');
      await expect(dial()).resolves.toBeDefined();
    });
  });

  it('follows the name table of the node alone', async () => {
    await inLab(async ({ network, dial }) => {
      network.viewOf('psn1').setName(REQUEST.host, null);
      await expect(dial()).rejects.toMatchObject({ failure: 'dns-failure' });
      network.viewOf('psn1').setName(REQUEST.host, undefined);
      await expect(dial()).resolves.toBeDefined();
    });
  });

  it('is diverted for hosts inside', async () => {
    await inLab(async ({ network, dial }) => {
      const other = createServer((socket) => socket.end('other')).listen(0, '127.0.0.1');
      await once(other, 'listening');
      network.divert(REQUEST.host, 587, { host: '127.0.0.1', port: (other.address() as AddressInfo).port });
      const [greeting] = (await once(await dial(), 'data')) as [Buffer];
      expect(greeting.toString()).toBe('other');
      other.close();
    });
  });
});
