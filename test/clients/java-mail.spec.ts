import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TlsError } from '#libs/trust';
import { besides, runClient, type ClientRun } from './client-run.ts';
import { LiveLab, temporaryFolder } from './live-lab.ts';
import type { PreparedCase } from './smtp-cases.ts';
import { describeSmtpClient } from './smtp-client.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

/** Where Debian's libmail-java and what it needs put their archives. */
const ARCHIVES = ['/usr/share/java/javax.mail.jar', '/usr/share/java/javax.activation.jar'];
const STORE_PASSWORD = 'changeit';

const compiled = mkdtempSync(join(tmpdir(), 'isebed-java-'));
const classPath = [...ARCHIVES, compiled].join(':');

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.up();
});
afterAll(async () => {
  rmSync(compiled, { recursive: true });
  await LiveLab.killAll();
});

describeSmtpClient(() => lab, {
  id: 'java-mail',
  name: 'JavaMail',
  version: compile(),
  send: sendWithJavaMail,
  // The classes are those that an ISE node of ours logs.
  shows: (reply) =>
    reply === 535
      ? /^javax\.mail\.AuthenticationFailedException: 535 5\.7\.\d/
      : new RegExp(`^com\\.sun\\.mail\\.smtp\\.SMTPSendFailedException: ${reply} `),
  distrusts: distrustAsNodesLogIt(),
});

/** Compiles the client; its version, or nothing where there is no Java, no compiler or no JavaMail. */
function compile(): string | undefined {
  const { status } = spawnSync('javac', ['-cp', classPath, '-d', compiled, besides('JavaMailClient.java')]);
  if (status !== 0) return undefined;
  return execFileSync('java', ['-cp', classPath, 'JavaMailClient', 'version'], { encoding: 'utf8' }).trim();
}

/** From the PKIX error on: newer Java puts the TLS alert before it, and names the classes around it one by one. */
function distrustAsNodesLogIt(): RegExp {
  const logged = new TlsError('no-certification-path', 'smtp.office365.com').javaException;
  return new RegExp(logged.slice(logged.indexOf('PKIX')).replaceAll('.', '\\.'));
}

async function sendWithJavaMail({ where, roots }: LiveLab, prepared: PreparedCase): Promise<ClientRun> {
  using folder = temporaryFolder();
  const hosts = join(folder.path, 'hosts');
  writeFileSync(hosts, '127.0.0.1 smtp.office365.com\n');
  const trust = prepared.roots === undefined ? [] : trustStoreOf(roots, join(folder.path, 'trust.p12'));
  const options = ['-XX:TieredStopAtLevel=1', `-Djdk.net.hosts.file=${hosts}`, ...trust, '-cp', classPath];
  return await runClient('java', [...options, 'JavaMailClient'], {
    env: {
      PORT: String(where.smtp.port),
      MAILBOX: prepared.mailbox,
      TOKEN: prepared.token,
      FROM: prepared.from,
    },
  });
}

/** A trust store as an administrator makes one, each root imported with keytool; and the options that name it. */
function trustStoreOf(pem: string, file: string): string[] {
  const roots = pem.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g) ?? [];
  const store = ['-keystore', file, '-storepass', STORE_PASSWORD];
  for (const [index, root] of roots.entries()) {
    const command = ['-importcert', '-noprompt', '-alias', `root-${index}`, ...store];
    execFileSync('keytool', command, { input: root, stdio: 'pipe' });
  }
  return [`-Djavax.net.ssl.trustStore=${file}`, `-Djavax.net.ssl.trustStorePassword=${STORE_PASSWORD}`];
}
