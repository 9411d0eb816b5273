import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createPlainServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { SimulatedNetwork } from '#libs/network';
import { Journal, Random, VirtualClock } from '#libs/simulation';
import { NodeTrust, type TlsFailure, TlsError, type TrustedCertificate } from '#libs/trust';
import { LabPki } from '#mocks/pki';
import { START } from './microsoft-lab.ts';

const HOST = 'smtp.office365.com';
const DAY_MS = 86_400_000;
/** When the leaf of a PKI issued at START ends: a year after 30 days before. */
const LEAF_ENDS_AT = START + 335 * DAY_MS;

interface TrustLab {
  clock: VirtualClock;
  journal: Journal;
  store: TrustedCertificate[];
  authority(kind: 'root' | 'issuing', peer?: 'smtp' | 'token-endpoint'): TrustedCertificate;
  /** TLS from node psn1 to the server, which is certified for smtp.office365.com among others. */
  secure(host?: string): Promise<Awaited<ReturnType<NodeTrust['secure']>>>;
  /** What the server was sent inside of TLS. */
  received: Buffer[];
}

function inTrustLab(test: (lab: TrustLab) => Promise<void>, settings: { issuedAt?: number } = {}): Promise<void> {
  return VirtualClock.run({ startAt: START }, async (clock) => {
    const journal = new Journal(clock);
    const pki = await LabPki.issue({ validFrom: settings.issuedAt ?? START, clock });
    const { keyPem: key, certificateChainPem: cert } = pki.serverCredentials('smtp');
    const received: Buffer[] = [];
    const server = createTlsServer({ key, cert }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => received.push(chunk));
    }).listen(0, '127.0.0.1');
    server.on('tlsClientError', () => undefined);
    await once(server, 'listening');
    const network = new SimulatedNetwork({ clock, journal, random: new Random('7'), latencyMs: { min: 5, max: 5 } });
    network.addHost({ name: 'psn1', address: '10.20.0.13', zone: 'inside' });
    network.addHost({ name: HOST, address: '203.0.113.25', zone: 'internet' }, [HOST, 'mail.lab.example']);
    network.listen(HOST, 587, { host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    const store: TrustedCertificate[] = [];
    const trust = new NodeTrust({ node: 'psn1', clock, journal, store: () => store });
    const secure: TrustLab['secure'] = async (host = HOST) =>
      trust.secure(await network.viewOf('psn1').dial({ host, port: 587, timeoutMs: 1_000 }), host, 1_000);
    const authority: TrustLab['authority'] = (wanted, peer = 'smtp') => {
      const { name = '', certificatePem: pem = '' } =
        pki.authorities.find((each) => each.kind === wanted && each.peer === peer) ?? {};
      return { name, pem, infrastructure: true, enabled: true };
    };
    try {
      await test({ clock, journal, store, authority, secure, received });
    } finally {
      network.close();
      server.close();
    }
  });
}

/** The dial and the handshake fail with a `TlsError`, of which the server saw nothing but the handshake. */
async function refusalOf(lab: TrustLab, host = HOST): Promise<TlsError> {
  const outcome: unknown = await lab.secure(host).catch((error: unknown) => error);
  if (!(outcome instanceof TlsError)) throw new Error(`no TlsError but ${String(outcome)}`);
  await lab.clock.sleep(1_000);
  expect(lab.received).toEqual([]);
  return outcome;
}

const lastRecord = ({ journal }: TrustLab) => journal.records.findLast(({ kind }) => kind.startsWith('tls.'));

describe('the trust of a node', () => {
  it.each(['root', 'issuing'] as const)('is given below a trusted %s certificate', async (kind) => {
    await inTrustLab(async (lab) => {
      lab.store.push(lab.authority(kind, 'token-endpoint'), lab.authority(kind));
      const socket = await lab.secure();
      socket.write('EHLO');
      await lab.clock.sleep(1_000);
      expect(Buffer.concat(lab.received).toString()).toBe('EHLO');
      expect(lastRecord(lab)).toMatchObject({ kind: 'tls.established', node: 'psn1', host: HOST });
      expect(lastRecord(lab)?.['anchor']).toBe(lab.authority(kind).name);
    });
  });

  it.each<[string, (lab: TrustLab) => TrustedCertificate[]]>([
    ['the store is empty', () => []],
    ['only the CA of the other peer is trusted', (lab) => [lab.authority('root', 'token-endpoint')]],
  ])('is refused when %s', async (_when, store) => {
    await inTrustLab(async (lab) => {
      lab.store.push(...store(lab));
      const error = await refusalOf(lab);
      expect(error).toMatchObject({ failure: 'no-certification-path', host: HOST });
      expect(lastRecord(lab)).toMatchObject({ kind: 'tls.failed', failure: 'no-certification-path' });
      expect(lastRecord(lab)).not.toHaveProperty('lacking');
    });
  });

  it.each([
    ['disabled', { enabled: false }, 'enabled'],
    ['without the Infrastructure usage', { infrastructure: false }, 'infrastructure'],
  ])('is refused when its CA is %s, and the journal says what lacks', async (_what, changes, lacking) => {
    await inTrustLab(async (lab) => {
      const root = lab.authority('root');
      lab.store.push({ ...root, ...changes });
      expect((await refusalOf(lab)).failure).toBe('no-certification-path');
      expect(lastRecord(lab)).toMatchObject({ kind: 'tls.failed', lacking, trustedBut: root.name });
    });
  });

  it('follows a change of the store at once', async () => {
    await inTrustLab(async (lab) => {
      await refusalOf(lab);
      lab.store.push(lab.authority('root'));
      await lab.secure();
      lab.store.length = 0;
      await refusalOf(lab);
    });
  });

  it('ends with the certificate, by virtual time', async () => {
    await inTrustLab(async (lab) => {
      lab.store.push(lab.authority('root'));
      await lab.clock.sleep(LEAF_ENDS_AT - 1_000 - lab.clock.now());
      (await lab.secure()).destroy();
      await lab.clock.sleep(LEAF_ENDS_AT - lab.clock.now());
      expect(await refusalOf(lab)).toMatchObject({ failure: 'expired', certificate: 'outlook.com' });
      expect(lastRecord(lab)).toMatchObject({ kind: 'tls.failed', failure: 'expired' });
    });
  });

  it('begins with the certificate, by virtual time', async () => {
    const issuedAt = START + 31 * DAY_MS;
    await inTrustLab(
      async (lab) => {
        lab.store.push(lab.authority('root'));
        expect(await refusalOf(lab)).toMatchObject({ failure: 'not-yet-valid', certificate: 'outlook.com' });
        await lab.clock.sleep(START + DAY_MS - lab.clock.now());
        await lab.secure();
      },
      { issuedAt },
    );
  });

  it('is refused to a name that the certificate is not for', async () => {
    await inTrustLab(async (lab) => {
      lab.store.push(lab.authority('root'));
      expect(await refusalOf(lab, 'mail.lab.example')).toMatchObject({
        failure: 'wrong-name',
        certificate: 'outlook.com',
      });
    });
  });
});

/** A fatal alert 70 (RFC 5246, 7.2), in a record of TLS 1.1. */
const PROTOCOL_VERSION = Buffer.from('15030200020246', 'hex');

describe('a handshake that does not come about', () => {
  function withPeer(
    onConnection: (socket: Socket) => void,
    failure: TlsFailure,
    test: (secure: Promise<unknown>, clock: VirtualClock) => Promise<void>,
  ) {
    return VirtualClock.run({ startAt: START }, async (clock) => {
      const sockets: Socket[] = [];
      const server = createPlainServer((socket) => {
        sockets.push(socket);
        socket.on('error', () => undefined);
        onConnection(socket);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const journal = new Journal(clock);
      const network = new SimulatedNetwork({ clock, journal, random: new Random('7'), latencyMs: { min: 5, max: 5 } });
      network.addHost({ name: HOST, address: '203.0.113.25', zone: 'internet' });
      network.listen(HOST, 587, { host: '127.0.0.1', port: (server.address() as AddressInfo).port });
      const trust = new NodeTrust({ node: 'psn1', clock, journal, store: () => [] });
      const connection = await network.viewOf(HOST).dial({ host: HOST, port: 587, timeoutMs: 1_000 });
      try {
        const outcome = trust.secure(connection, HOST, 5_000).catch((error: unknown) => error);
        await test(outcome, clock);
        expect(journal.records.at(-1)).toMatchObject({ kind: 'tls.failed', failure });
      } finally {
        network.close();
        for (const socket of sockets) socket.destroy();
        server.close();
      }
    });
  }

  it('fails after its timeout, to the millisecond, when the server is silent', async () => {
    await withPeer(
      () => undefined,
      'timed-out',
      async (outcome, clock) => {
        const startedAt = clock.now();
        expect(await outcome).toMatchObject({ failure: 'timed-out' });
        expect(clock.now() - startedAt).toBe(5_000);
      },
    );
  });

  it.each<[string, (socket: Socket) => void, TlsFailure]>([
    ['hangs up', (socket) => socket.once('data', () => socket.end()), 'handshake-failed'],
    ['resets', (socket) => socket.once('data', () => socket.resetAndDestroy()), 'connection-reset'],
    ['does not speak TLS', (socket) => socket.write('220 smtp ready\r\n'), 'handshake-failed'],
    ['knows TLS 1.1 alone', (socket) => socket.once('data', () => socket.write(PROTOCOL_VERSION)), 'no-common-version'],
  ])('fails at once when the server %s', async (_what, onConnection, failure) => {
    await withPeer(onConnection, failure, async (outcome, clock) => {
      expect(await outcome).toMatchObject({ failure });
      expect(clock.now() - START).toBeLessThan(1_000);
    });
  });
});
