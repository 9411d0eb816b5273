import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { defineDeployment, LAB_DOMAIN } from '#libs/deployment';
import type { TokenOutcome } from '#libs/oauth-client';
import { OAUTH_SCOPE } from '#libs/settings';
import { fieldText } from '#libs/simulation';
import { LabPki } from '#mocks/pki';
import { MAILBOX, START } from './microsoft-lab.ts';
import { inNodeLab, recordsOf, retry, send, SMTP_HOST, TOKEN_HOST, type NodeLab } from './node-lab.ts';

const TWO_NODES = defineDeployment([
  {
    name: 'pan1',
    fqdn: `pan1.${LAB_DOMAIN}`,
    ipAddress: '10.20.1.11',
    personas: ['Administration', 'Monitoring'],
    adminRole: 'primary',
    monitoringRole: 'active',
  },
  { name: 'psn1', fqdn: `psn1.${LAB_DOMAIN}`, ipAddress: '10.20.1.12', personas: ['Policy Service'] },
]);

function acquire(lab: NodeLab, options: { node?: string; fresh?: boolean; timeoutMs?: number } = {}) {
  const { tenantId, clientId, clientSecret } = lab.form;
  const { node = 'ise1', fresh = false, timeoutMs = 60_000 } = options;
  const request = { tenantId, clientId, clientSecret, scope: OAUTH_SCOPE };
  return lab.node(node).context.tokens.acquire(request, { fresh, timeoutMs });
}

function granted(outcome: TokenOutcome) {
  if (outcome.kind !== 'granted') throw new Error(`no token but ${outcome.kind}`);
  return outcome;
}

const sleepUntil = ({ clock }: NodeLab, instant: number): Promise<void> => clock.sleep(instant - clock.now());

async function testConnection(lab: NodeLab, changes: object = {}) {
  const { body } = await lab.call('ise1', 'POST', 'smtp-server/test-connection', { body: { ...lab.form, ...changes } });
  return body as { connected: boolean; message: string };
}

const log = (lab: NodeLab): string =>
  recordsOf(lab, 'guest.log')
    .map((record) => fieldText(record, 'text'))
    .join('\n');

/** Puts another server in the place of a Microsoft one. */
async function replace(lab: NodeLab, host: string, port: number, server: Server): Promise<Disposable> {
  server.listen(0, '127.0.0.1');
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  await once(server, 'listening');
  lab.network.listen(host, port, { host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  return {
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const FAILED = 'Connection to smtp.office365.com failed';

function greetAndReset(socket: Socket): void {
  socket.write('220 smtp ready\r\n');
  socket.once('data', () => socket.resetAndDestroy());
}

describe('the token cache of a node', () => {
  it('uses a token until five minutes before its end, and asks for another from then on', async () => {
    await inNodeLab({}, async (lab) => {
      const first = granted(await acquire(lab));
      expect(first.fromCache).toBe(false);
      await sleepUntil(lab, first.expiresAt - 301_000);
      expect(granted(await acquire(lab))).toEqual({ ...first, fromCache: true });
      await sleepUntil(lab, first.expiresAt - 299_000);
      const second = granted(await acquire(lab));
      expect(second.fromCache).toBe(false);
      expect(second.expiresAt).toBeGreaterThan(first.expiresAt);
      expect(recordsOf(lab, 'entra.token-granted')).toHaveLength(2);
    });
  });

  it('asks anew when told to, and keeps what it got', async () => {
    await inNodeLab({}, async (lab) => {
      await acquire(lab);
      expect(granted(await acquire(lab, { fresh: true })).fromCache).toBe(false);
      expect(granted(await acquire(lab)).fromCache).toBe(true);
      expect(recordsOf(lab, 'entra.token-granted')).toHaveLength(2);
    });
  });

  it('is the node’s own: another node asks for itself', async () => {
    await inNodeLab({ deployment: TWO_NODES }, async (lab) => {
      await acquire(lab, { node: 'pan1' });
      expect(granted(await acquire(lab, { node: 'psn1' })).fromCache).toBe(false);
      expect(recordsOf(lab, 'token.acquired').map(({ node }) => node)).toEqual(['pan1', 'psn1']);
    });
  });

  it('goes on with a token although its secret was removed, until it must ask again', async () => {
    await inNodeLab({}, async (lab) => {
      const { expiresAt } = granted(await acquire(lab));
      lab.directory.removeSecret(lab.tenantId, lab.form.clientId, lab.secret.secretId);
      expect(granted(await acquire(lab)).fromCache).toBe(true);
      await sleepUntil(lab, expiresAt - 299_000);
      expect(await acquire(lab)).toMatchObject({ kind: 'refused', error: 'invalid_client', aadsts: 7000215 });
    });
  });

  it('gives the last refusal again for a minute after a failure of the service, without asking', async () => {
    await inNodeLab({}, async (lab) => {
      lab.directory.changeSettings({ serviceHealth: { status: 'degraded', aadsts: 90033 } });
      const refused = { kind: 'refused', status: 503, error: 'temporarily_unavailable', aadsts: 90033 };
      const first = await acquire(lab);
      expect(first).toEqual({ ...refused, description: expect.stringMatching(/^AADSTS90033: [^:]*\.$/) });
      lab.directory.changeSettings({ serviceHealth: { status: 'available' } });
      expect(await acquire(lab)).toEqual(first);
      expect(recordsOf(lab, 'entra.token-refused')).toHaveLength(1);
      await lab.clock.sleep(61_000);
      expect((await acquire(lab)).kind).toBe('granted');
    });
  });

  it('forgets everything when the node restarts', async () => {
    await inNodeLab({}, async (lab) => {
      await acquire(lab);
      lab.node('ise1').context.tokens.clear();
      expect(granted(await acquire(lab)).fromCache).toBe(false);
    });
  });

  it('asks with the timeout that is set now, not the one the first token was obtained with', async () => {
    await inNodeLab({}, async (lab) => {
      const { expiresAt } = granted(await acquire(lab, { timeoutMs: 60_000 }));
      await sleepUntil(lab, expiresAt);
      lab.network.cut(TOKEN_HOST);
      expect(await acquire(lab, { timeoutMs: 5_000 })).toMatchObject({ kind: 'unreachable' });
      expect(lab.clock.now() - expiresAt).toBe(5_000);
    });
  });

  it('names in the journal neither token nor secret', async () => {
    await inNodeLab({}, async (lab) => {
      const { accessToken } = granted(await acquire(lab));
      expect(lab.journal.toJsonLines()).not.toContain(accessToken);
      expect(lab.journal.toJsonLines()).not.toContain(accessToken.split('.')[2]);
      expect(lab.journal.toJsonLines()).not.toContain(lab.secret.value);
    });
  });
});

describe('Test Connection', () => {
  it('stops after AUTH: Exchange sees no message', async () => {
    await inNodeLab({}, async (lab) => {
      lab.organization.removeMailboxPermission({ mailbox: MAILBOX, user: lab.form.clientId });
      expect(await testConnection(lab)).toEqual({
        connected: true,
        message: 'Successfully connected to smtp.office365.com.',
      });
      await lab.clock.sleep(1_000);
      expect(recordsOf(lab, 'exchange.auth-accepted')).toHaveLength(1);
      expect(recordsOf(lab, 'exchange.message-refused')).toEqual([]);
      expect(lab.exchange.messages).toEqual([]);
    });
  });

  it('asks for a token of its own', async () => {
    await inNodeLab({}, async (lab) => {
      await acquire(lab);
      await testConnection(lab);
      expect(recordsOf(lab, 'entra.token-granted')).toHaveLength(2);
    });
  });

  it.each<[string, (lab: NodeLab) => object | void, string, string]>([
    [
      'nothing leaves the network',
      ({ network }) => void (network.egress = 'proxy-only'),
      'connect timed out',
      'java.net.SocketTimeoutException: connect timed out',
    ],
    [
      'the SMTP server can not be reached',
      ({ network }) => network.cut(SMTP_HOST),
      'connect timed out',
      "MailConnectException: Couldn't connect to host, port: smtp.office365.com, 587; timeout 60000;",
    ],
    [
      'the name of the SMTP server is wrong',
      () => ({ smtpServer: 'smtp.offcie365.com' }),
      'smtp.offcie365.com',
      'java.net.UnknownHostException: smtp.offcie365.com',
    ],
    [
      'the port is wrong',
      () => ({ smtpPort: 25 }),
      'Connection refused',
      'java.net.ConnectException: Connection refused',
    ],
    [
      'the tenant ID is wrong',
      () => ({ tenantId: '00000000-0000-4000-8000-000000000000' }),
      'Invalid OAuth endpoint or tenant ID',
      'AADSTS90002',
    ],
    [
      'the client ID is wrong',
      () => ({ clientId: '00000000-0000-4000-8000-000000000000' }),
      'Invalid client ID',
      'AADSTS700016',
    ],
    ['the secret is wrong', () => ({ clientSecret: 'another~value' }), 'Invalid client secret', 'AADSTS7000215'],
    [
      'the mailbox is unknown',
      () => ({ emailAddress: 'nobody@lab.example' }),
      'Invalid email address',
      'javax.mail.AuthenticationFailedException: 535 5.7.3 Authentication unsuccessful',
    ],
    [
      'Exchange does not know the application',
      ({ organization, form }) => void organization.removeServicePrincipal(form.clientId),
      'Invalid email address',
      '535 5.7.3',
    ],
  ])('shows and logs why it fails when %s', async (_when, arrange, message, logged) => {
    await inNodeLab({}, async (lab) => {
      const changes = arrange(lab) ?? {};
      expect(await testConnection(lab, changes)).toEqual({ connected: false, message });
      expect(log(lab)).toContain(logged);
      expect(lab.journal.toJsonLines()).not.toContain('another~value');
    });
  });

  it.each(['token endpoint root', 'SMTP root'])('finds no certification path without the %s', async (name) => {
    await inNodeLab({}, async (lab) => {
      await lab.call('ise1', 'DELETE', `trusted-certificates/${encodeURIComponent(name)}`);
      const message = 'unable to find valid certification path to requested target';
      expect(await testConnection(lab)).toEqual({ connected: false, message });
      expect(log(lab)).toMatch(/SunCertPathBuilderException: unable to find valid certification path/);
    });
  });

  it('takes as long as the connection timeout that was typed', async () => {
    await inNodeLab({}, async (lab) => {
      lab.network.cut(TOKEN_HOST);
      await testConnection(lab, { connectionTimeoutSeconds: 7 });
      expect(recordsOf(lab, 'network.failed')).toMatchObject([{ failure: 'connect-timeout', ms: 7_000 }]);
    });
  });

  it('takes an answer that is not Entra’s for a wrong endpoint', async () => {
    await inNodeLab({}, async (lab) => {
      const pki = await LabPki.issue({ validFrom: START, clock: lab.clock });
      const { keyPem: key, certificateChainPem: cert } = pki.serverCredentials('token-endpoint');
      const portal = createHttpsServer({ key, cert }, (_request, response) =>
        response.end('<html>Please log in</html>'),
      );
      using _portal = await replace(lab, TOKEN_HOST, 443, portal);
      expect((await testConnection(lab)).message).toBe('Invalid OAuth endpoint or tenant ID');
      expect(await acquire(lab)).toMatchObject({ kind: 'garbled' });
    });
  });

  it.each([
    ['is silent', () => undefined, 60_000, 'Read timed out', 'connection'],
    ['resets', greetAndReset, 0, 'Connection reset', 'connection'],
    ['hangs up', (socket: Socket) => socket.end(), 0, FAILED, 'connection'],
    ['greets with a refusal', (socket: Socket) => socket.end('421 4.3.2 Service not active\r\n'), 0, FAILED, 'session'],
    ['does not speak SMTP', (socket: Socket) => socket.end('SSH-2.0-OpenSSH\r\n'), 0, FAILED, 'protocol'],
  ])('fails when the SMTP server %s', async (_what, onConnection, tookMs, message, stage) => {
    await inNodeLab({}, async (lab) => {
      using _server = await replace(lab, SMTP_HOST, 587, createServer(onConnection));
      const startedAt = lab.clock.now();
      expect(await testConnection(lab)).toEqual({ connected: false, message });
      expect(lab.clock.now() - startedAt).toBeGreaterThanOrEqual(tookMs);
      expect(lab.clock.now() - startedAt).toBeLessThan(tookMs + 2_000);
      expect(recordsOf(lab, 'smtp.session-failed')).toMatchObject([{ stage }]);
    });
  });

  it('sends nothing over TLS to an SMTP server that is not trusted, nor a token before TLS', async () => {
    await inNodeLab({}, async (lab) => {
      const pki = await LabPki.issue({ validFrom: START, clock: lab.clock });
      const { keyPem: key, certificateChainPem: cert } = pki.serverCredentials('smtp');
      const plain: string[] = [];
      const secured: string[] = [];
      const server = createServer((socket) => {
        socket.write('220 ready\r\n');
        socket.on('data', (chunk: Buffer) => {
          plain.push(String(chunk));
          if (!String(chunk).startsWith('STARTTLS')) return void socket.write('250-server\r\n250 STARTTLS\r\n');
          socket.removeAllListeners('data');
          socket.write('220 go ahead\r\n');
          new TLSSocket(socket, { isServer: true, key, cert })
            .on('error', () => undefined)
            .on('data', (bytes: Buffer) => secured.push(String(bytes)));
        });
      });
      using _server = await replace(lab, SMTP_HOST, 587, server);
      await lab.call('ise1', 'DELETE', 'trusted-certificates/SMTP%20root');
      expect((await testConnection(lab)).connected).toBe(false);
      await lab.clock.sleep(1_000);
      expect(plain).toEqual(['EHLO ise1.lab.example\r\n', 'STARTTLS\r\n']);
      expect(secured).toEqual([]);
    });
  });
});

describe('what a node says before TLS', () => {
  /** A server that announces what is given, in plain text, and notes what it is told. */
  const announcing = (extensions: string, heard: string[]): Server =>
    createServer((socket) => {
      socket.write('220 ready\r\n');
      socket.on('data', (chunk: Buffer) => {
        heard.push(String(chunk).trim());
        socket.write(`250-server\r\n${extensions}250 SIZE\r\n`);
      });
    });
  const password = (lab: NodeLab, encryption: boolean): object => {
    const { smtpServer, smtpPort, connectionTimeoutSeconds } = lab.form;
    const common = { smtpServer, smtpPort, connectionTimeoutSeconds, encryption };
    return { ...common, authentication: 'password', userName: MAILBOX, password: 'Winter-2026' };
  };
  const test = async (lab: NodeLab, body: object) =>
    (await lab.call('ise1', 'POST', 'smtp-server/test-connection', { body })).body;

  it.each([true, false])('is no token, whether the TLS toggle is on (%s) or not', async (encryption) => {
    await inNodeLab({}, async (lab) => {
      const heard: string[] = [];
      using _server = await replace(lab, SMTP_HOST, 587, announcing('250-AUTH LOGIN XOAUTH2\r\n', heard));
      expect(await test(lab, { ...lab.form, encryption })).toEqual({
        connected: false,
        message: 'STARTTLS is required but host does not support STARTTLS',
      });
      await lab.clock.sleep(1_000);
      expect(heard).toEqual(['EHLO ise1.lab.example']);
    });
  });

  it('is nothing after a STARTTLS that was refused', async () => {
    await inNodeLab({}, async (lab) => {
      lab.online.conditions.isTlsRateExceeded = true;
      expect(await test(lab, lab.form)).toEqual({
        connected: false,
        message: 'Connection to smtp.office365.com failed',
      });
      await lab.clock.sleep(1_000);
      expect(recordsOf(lab, 'smtp.session-failed')).toMatchObject([{ stage: 'session' }]);
      expect(recordsOf(lab, 'exchange.session-refused')).toMatchObject([{ reason: 'tls-rate-exceeded' }]);
      expect(lab.exchange.sessions.at(-1)?.transcript.some(({ line }) => /AUTH/.test(line))).toBe(false);
    });
  });

  it('is no password that the server does not ask for: the test passes, and the mail is refused', async () => {
    await inNodeLab(retry(5), async (lab) => {
      expect(await test(lab, password(lab, false))).toMatchObject({ connected: true });
      expect((await lab.call('ise1', 'PUT', 'smtp-server', { body: password(lab, false) })).status).toBe(200);
      expect(await send(lab)).toMatchObject({ kind: 'retrying', failure: { stage: 'envelope' } });
      expect(recordsOf(lab, 'exchange.message-refused')).toMatchObject([{ reason: 'tls-required' }]);
      expect(lab.exchange.sessions.some(({ transcript }) => transcript.some(({ line }) => /AUTH/.test(line)))).toBe(
        false,
      );
      expect(lab.journal.toJsonLines()).not.toContain('Winter-2026');
    });
  });

  it('is a password after TLS, where the server asks for it', async () => {
    await inNodeLab({}, async (lab) => {
      expect(await test(lab, password(lab, true))).toEqual({ connected: false, message: 'Invalid email address' });
      expect(recordsOf(lab, 'exchange.auth-refused')).toMatchObject([{ reason: 'basic-authentication' }]);
    });
  });
});
