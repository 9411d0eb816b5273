import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { connect, createServer } from 'node:tls';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { RealClock } from '#libs/simulation';
import { LabPki } from '#mocks/pki';
import { figure, roundsMs, roundsPerSecond, type Figure } from './figure.ts';

const GROUP = 'limits of this machine';
const ROUNDS = 7;
const SIGNATURES = 200;
const HANDSHAKES = 100;
const PEER_MAILS = 200;
/** Of the round with smtp-server's own wait before each greeting: ten connections at a time, ten mails each. */
const WAITING_CONNECTIONS = 10;

export interface Limits {
  /** A whole process that does nothing. */
  node: Figure;
  /** Of `node:crypto`, in one thread. */
  signatures: Figure;
  /** With an RSA-2048 certificate, over loopback, client and server in one thread. */
  handshakes: Figure;
  /** nodemailer into smtp-server: one connection for each mail, as a node of ours does, and no wait before greetings. */
  peer: Figure;
  all: Figure[];
}

/** What the machine and the libraries can do without isebed: measured in the same run, to compare with. */
export async function measureLimits(): Promise<Limits> {
  const node = figure(GROUP, 'node -e 0', 'ms', await roundsMs(15, nodeProcess));
  const signatures = figure(GROUP, 'RSA-2048 signatures', '1/s', await signaturesPerSecond());
  const handshakes = figure(GROUP, 'TLS 1.3 handshakes', '1/s', await handshakesPerSecond());
  const peer = figure(GROUP, 'bare SMTP peer', '1/s', await peerMailsPerSecond({ waits: false, atOnce: 1 }));
  const waiting = figure(
    GROUP,
    `the same with its 100 ms wait, ${WAITING_CONNECTIONS} at a time`,
    '1/s',
    await peerMailsPerSecond({ waits: true, atOnce: WAITING_CONNECTIONS }),
  );
  return { node, signatures, handshakes, peer, all: [node, signatures, handshakes, peer, waiting] };
}

function nodeProcess(): void {
  execFileSync(process.execPath, ['-e', '0']);
}

function signaturesPerSecond(): Promise<number[]> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const data = Buffer.alloc(500, 'a');
  return roundsPerSecond(ROUNDS, SIGNATURES, () => {
    for (let i = 0; i < SIGNATURES; i += 1) sign('RSA-SHA256', data, privateKey);
  });
}

/** With the chain that the simulated Microsoft presents: leaf and issuing CA, verified against the root. */
async function handshakesPerSecond(): Promise<number[]> {
  const clock = new RealClock();
  const pki = await LabPki.issue({ validFrom: clock.now(), clock });
  const { keyPem: key, certificateChainPem: cert } = pki.serverCredentials('smtp');
  const ca = pki.authorities.map(({ certificatePem }) => certificatePem);
  const server = createServer({ key, cert, minVersion: 'TLSv1.3' }, (socket) => socket.end());
  const port = await listening(server);
  const handshake = async (): Promise<void> => {
    const socket = connect({ host: '127.0.0.1', port, ca, servername: 'smtp.office365.com' });
    await once(socket, 'secureConnect');
    socket.destroy();
  };
  try {
    return await roundsPerSecond(ROUNDS, HANDSHAKES, async () => {
      for (let i = 0; i < HANDSHAKES; i += 1) await handshake();
    });
  } finally {
    server.close();
  }
}

/** nodemailer into a bare smtp-server that drops what it gets: neither TLS nor AUTH. */
async function peerMailsPerSecond({ waits, atOnce }: { waits: boolean; atOnce: number }): Promise<number[]> {
  const options = {
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onData: (stream: NodeJS.ReadableStream, _session: unknown, done: () => void): void => {
      stream.resume().once('end', done);
    },
  };
  const smtp = waits ? new SMTPServer(options) : new PromptSmtpServer(options);
  smtp.listen(0, '127.0.0.1');
  await once(smtp.server, 'listening');
  const transport = createTransport({ host: '127.0.0.1', port: portOf(smtp.server), ignoreTLS: true });
  const mail = {
    from: 'ise@lab.example',
    to: 'guest@lab.example',
    subject: 'Bench',
    text: 'A short text.\n'.repeat(20),
  };
  const sendSome = async (): Promise<void> => {
    for (let i = 0; i < PEER_MAILS / atOnce; i += 1) await transport.sendMail(mail);
  };
  try {
    return await roundsPerSecond(waits ? 2 : ROUNDS, PEER_MAILS, () =>
      Promise.all(Array.from({ length: atOnce }, sendSome)),
    );
  } finally {
    transport.close();
    await new Promise<void>((resolve) => smtp.close(resolve));
  }
}

/** smtp-server without its wait of 100 ms for early talkers, which would hide everything else. */
class PromptSmtpServer extends SMTPServer {
  override connect(socket: ConstructorParameters<typeof SMTPConnection>[1]): void {
    const connection = new PromptSmtpConnection(this, socket);
    this.connections.add(connection);
    connection.on('error', (error: Error) => this._onError(error));
    connection.init();
  }
}

class PromptSmtpConnection extends SMTPConnection {
  override init(): void {
    this._setListeners(() => this.connectionReady());
  }
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return portOf(server);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
