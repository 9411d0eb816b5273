import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { InvariantError } from '#libs/diagnosis';
import { Journal, Random, VirtualClock, type JournalRecord } from '#libs/simulation';
import { DialError } from './dial.error.ts';
import type { NetworkView } from './network-view.ts';
import { SimulatedNetwork } from './simulated-network.ts';

const START = Date.parse('2026-02-02T05:00:00Z');
const SMTP = { host: 'smtp.office365.com', port: 587, timeoutMs: 60_000 };
const LATENCY_MS = 20;

interface Lab {
  clock: VirtualClock;
  journal: Journal;
  network: SimulatedNetwork;
  psn1: NetworkView;
  /** Sockets that the SMTP server accepted. */
  accepted: Socket[];
  server: Server;
}

/** Two nodes and a proxy inside, an SMTP server on the Internet that greets and then echoes. */
function inLab(test: (lab: Lab) => Promise<void>, latencyMs = { min: LATENCY_MS, max: LATENCY_MS }): Promise<void> {
  return VirtualClock.run({ startAt: START }, async (clock) => {
    const journal = new Journal(clock);
    const network = new SimulatedNetwork({ clock, journal, random: new Random('7'), latencyMs });
    const accepted: Socket[] = [];
    const server = createServer((socket) => {
      accepted.push(socket);
      socket.on('error', () => undefined);
      socket.write('220 ready\r\n');
      socket.pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    network.addHost({ name: 'psn1', address: '10.20.1.13', zone: 'inside' }, ['psn1.lab.example']);
    network.addHost({ name: 'psn2', address: '10.20.1.14', zone: 'inside' });
    network.addHost({ name: 'proxy', address: '10.20.0.5', zone: 'inside', mayLeave: true });
    network.addHost({ name: SMTP.host, address: '203.0.113.25', zone: 'internet' });
    const loopback = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    network.listen(SMTP.host, SMTP.port, loopback);
    network.listen('psn2', 12_001, loopback);
    try {
      await test({ clock, journal, network, psn1: network.viewOf('psn1'), accepted, server });
    } finally {
      network.close();
      for (const socket of accepted) socket.destroy();
      server.close();
    }
  });
}

async function failureOf(dialling: Promise<unknown>): Promise<DialError> {
  const outcome: unknown = await dialling.catch((error: unknown) => error);
  if (!(outcome instanceof DialError)) throw new Error(`no DialError but ${String(outcome)}`);
  return outcome;
}

function last(journal: Journal): JournalRecord | undefined {
  return journal.records.at(-1);
}

describe('a dial that succeeds', () => {
  it('takes a round trip, and says so in the journal', async () => {
    await inLab(async ({ clock, journal, psn1 }) => {
      await psn1.dial(SMTP);
      expect(clock.now() - START).toBeLessThanOrEqual(2 * LATENCY_MS);
      expect(clock.now() - START).toBeGreaterThanOrEqual(LATENCY_MS);
      expect(journal.records).toMatchObject([
        { kind: 'network.dialled', node: 'psn1', host: SMTP.host, port: 587 },
        { kind: 'network.connected', node: 'psn1', cause: 1, address: '203.0.113.25' },
      ]);
    });
  });

  it('never says the ephemeral port, but lets the server name the dial as its cause', async () => {
    await inLab(async ({ journal, psn1, accepted }) => {
      await once(await psn1.dial(SMTP), 'data');
      const { localPort, remotePort } = accepted[0] ?? {};
      expect(journal.causeOfPeer({ localPort, remotePort })).toBe(2);
      expect(journal.toJsonLines()).not.toContain(String(remotePort));
    });
  });

  it('finds names whatever their letter case, and takes addresses as they are', async () => {
    await inLab(async ({ psn1 }) => {
      for (const host of ['SMTP.Office365.com', '203.0.113.25']) {
        expect(String((await once(await psn1.dial({ ...SMTP, host }), 'data'))[0])).toBe('220 ready\r\n');
      }
    });
  });

  it('delays bytes by the latency in both directions', async () => {
    await inLab(async ({ clock, psn1 }) => {
      const link = await psn1.dial(SMTP);
      const connectedAt = clock.now();
      await once(link, 'data');
      expect(clock.now() - connectedAt).toBe(LATENCY_MS);
      link.write('ping');
      const writtenAt = clock.now();
      await once(link, 'data');
      expect(clock.now() - writtenAt).toBe(2 * LATENCY_MS);
    });
  });

  it('draws a latency for each connection, the same ones for the same seed', async () => {
    const seen: number[][] = [];
    for (let run = 0; run < 2; run += 1) {
      await inLab(
        async ({ journal, psn1 }) => {
          for (let i = 0; i < 8; i += 1) await psn1.dial(SMTP);
          seen.push(journal.records.flatMap(({ ms }) => (typeof ms === 'number' ? [ms] : [])));
        },
        { min: 8, max: 35 },
      );
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(new Set(seen[0]).size).toBeGreaterThan(2);
  });

  it('gives the bare socket when there is no latency', async () => {
    await inLab(
      async ({ clock, psn1 }) => {
        const socket = await psn1.dial(SMTP);
        expect(String((await once(socket, 'data'))[0])).toBe('220 ready\r\n');
        expect(clock.now()).toBe(START);
      },
      { min: 0, max: 0 },
    );
  });
});

describe('a dial that fails', () => {
  it('does so after one trip when nobody knows the name', async () => {
    await inLab(async ({ clock, journal, psn1 }) => {
      const error = await failureOf(psn1.dial({ ...SMTP, host: 'smtp.offcie365.com' }));
      expect(error).toMatchObject({ failure: 'dns-failure', code: 'network.dns-failure' });
      expect(clock.now() - START).toBe(LATENCY_MS);
      expect(last(journal)).toMatchObject({ kind: 'network.failed', cause: 1, failure: 'dns-failure', ms: LATENCY_MS });
    });
  });

  it('does so at once when the host is there but nothing listens', async () => {
    await inLab(async ({ clock, psn1 }) => {
      const error = await failureOf(psn1.dial({ ...SMTP, port: 25 }));
      expect(error).toMatchObject({ failure: 'connection-refused', peer: { host: SMTP.host, port: 25 } });
      expect(clock.now() - START).toBeLessThanOrEqual(2 * LATENCY_MS);
    });
  });

  it('is refused too when the listener behind the port is gone', async () => {
    await inLab(async ({ server, psn1 }) => {
      server.close();
      await once(server, 'close');
      expect((await failureOf(psn1.dial(SMTP))).failure).toBe('connection-refused');
    });
  });

  it.each<[string, (lab: Lab) => string]>([
    [
      'the firewall drops what does not come from the proxy',
      ({ network }) => ((network.egress = 'proxy-only'), SMTP.host),
    ],
    ['the node is cut off', ({ network }) => (network.cut('psn1'), SMTP.host)],
    ['the server is cut off', ({ network }) => (network.cut(SMTP.host), SMTP.host)],
    ['nobody has the address', () => '192.0.2.1'],
  ])('does so after its timeout, to the millisecond, when %s', async (_why, arrange) => {
    await inLab(async (lab) => {
      const { clock, journal, psn1 } = lab;
      const error = await failureOf(psn1.dial({ ...SMTP, host: arrange(lab) }));
      expect(error.failure).toBe('connect-timeout');
      expect(clock.now() - START).toBe(60_000);
      expect(last(journal)).toMatchObject({ kind: 'network.failed', failure: 'connect-timeout', ms: 60_000 });
    });
  });

  it('says in its message what could not be reached, and what to do', async () => {
    await inLab(async ({ psn1 }) => {
      const error = await failureOf(psn1.dial({ ...SMTP, port: 25 }));
      expect(error.message).toContain('smtp.office365.com:25');
      expect(error.detail.remedy).not.toBe('');
    });
  });
});

describe('egress only through the proxy', () => {
  it('leaves inside hosts to one another, and the proxy free to leave', async () => {
    await inLab(async ({ network, psn1 }) => {
      network.egress = 'proxy-only';
      await psn1.dial({ ...SMTP, host: 'psn2', port: 12_001 });
      await network.viewOf('proxy').dial(SMTP);
    });
  });
});

describe('a name table of its own', () => {
  it('makes a name unresolvable for one host alone', async () => {
    await inLab(async ({ network, psn1 }) => {
      psn1.setName('SMTP.office365.com', null);
      expect((await failureOf(psn1.dial(SMTP))).failure).toBe('dns-failure');
      await network.viewOf('psn2').dial(SMTP);
    });
  });

  it('sends one host to another address', async () => {
    await inLab(async ({ journal, psn1 }) => {
      psn1.setName('mail.lab.example', '203.0.113.25');
      await psn1.dial({ ...SMTP, host: 'mail.lab.example' });
      expect(last(journal)).toMatchObject({ host: 'mail.lab.example', address: '203.0.113.25' });
    });
  });
});

describe('cut', () => {
  it.each(['psn1', SMTP.host])('breaks the open connections of %s, at both ends', async (host) => {
    await inLab(async ({ network, psn1, accepted }) => {
      const link = await psn1.dial(SMTP);
      await once(link, 'data');
      const closed = [once(link, 'close'), once(accepted[0] ?? link, 'close')];
      network.cut(host);
      await Promise.all(closed);
      expect(link.destroyed).toBe(true);
    });
  });

  it('leaves the connections of others alone', async () => {
    await inLab(async ({ network }) => {
      const link = await network.viewOf('psn2').dial(SMTP);
      await once(link, 'data');
      network.cut('psn1');
      link.write('still here');
      expect(String((await once(link, 'data'))[0])).toBe('still here');
    });
  });

  it('reaches a connection that is being opened', async () => {
    await inLab(async ({ clock, network, psn1 }) => {
      const dialling = failureOf(psn1.dial(SMTP));
      await clock.sleep(LATENCY_MS - 1);
      network.cut('psn1');
      expect((await dialling).failure).toBe('connect-timeout');
      expect(clock.now() - START).toBe(60_000);
    });
  });

  it('ends when the host is healed', async () => {
    await inLab(async ({ network, psn1 }) => {
      network.cut('psn1');
      network.heal('psn1');
      await psn1.dial(SMTP);
    });
  });
});

describe('close', () => {
  it('ends every open connection, the server seeing it', async () => {
    await inLab(async ({ clock, network, psn1, accepted }) => {
      const links = [await psn1.dial(SMTP), await psn1.dial(SMTP)];
      await clock.sleep(LATENCY_MS);
      network.close();
      await Promise.all(accepted.map((socket) => once(socket, 'close')));
      expect(accepted).toHaveLength(2);
      expect(links.map(({ destroyed }) => destroyed)).toEqual([true, true]);
    });
  });
});

describe('a link', () => {
  it('passes the end on behind the bytes, in both directions', async () => {
    await inLab(async ({ psn1 }) => {
      const link = await psn1.dial(SMTP);
      link.end('the last words');
      expect(await text(link)).toBe('220 ready\r\nthe last words');
    });
  });

  it('delivers what was written before it was destroyed', async () => {
    await inLab(async ({ psn1, accepted }) => {
      const link = await psn1.dial(SMTP);
      await once(link, 'data');
      link.write('QUIT\r\n');
      link.destroy();
      expect(await new Promise((resolve) => accepted[0]?.once('data', (chunk: Buffer) => resolve(String(chunk))))).toBe(
        'QUIT\r\n',
      );
    });
  });

  it('closes when the server breaks off', async () => {
    await inLab(async ({ psn1, accepted }) => {
      const link = await psn1.dial(SMTP);
      link.on('error', () => undefined);
      await once(link, 'data');
      const closed = new Promise((resolve) => link.once('close', resolve));
      accepted[0]?.resetAndDestroy();
      await closed;
      expect(link.destroyed).toBe(true);
    });
  });
});

it('knows no host that was not added', async () => {
  await inLab(async ({ network }) => {
    for (const call of [() => network.viewOf('psn9'), () => network.cut('psn9'), () => network.heal('psn9')]) {
      expect(call).toThrow(InvariantError);
    }
  });
});
