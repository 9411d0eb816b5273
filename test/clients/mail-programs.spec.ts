import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runClient, versionOf, type ClientRun } from './client-run.ts';
import { LiveLab, temporaryFolder } from './live-lab.ts';
import type { PreparedCase } from './smtp-cases.ts';
import { describeSmtpClient, plainMail } from './smtp-client.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

const NSS_WRAPPER = 'libnss_wrapper.so';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.up();
});
afterAll(() => LiveLab.killAll());

describeSmtpClient(() => lab, {
  id: 'msmtp',
  name: 'msmtp',
  version: versionOf('msmtp', ['--version'], /^msmtp version (\S+)/),
  send: ({ where }, prepared) =>
    runMailProgram(
      prepared,
      [
        'account default',
        'host smtp.office365.com',
        `port ${where.smtp.port}`,
        'tls on',
        'tls_starttls on',
        ...(prepared.roots === undefined ? [] : [`tls_trust_file ${prepared.roots}`]),
        'auth xoauth2',
        `user ${prepared.mailbox}`,
        `from ${prepared.mailbox}`,
        'passwordeval printenv TOKEN',
      ],
      (config) => ['msmtp', `--file=${config}`, 'guest@visitor.example'],
    ),
  distrusts: /TLS certificate verification failed: The certificate is NOT trusted/,
});

describeSmtpClient(() => lab, {
  id: 'mutt',
  name: 'Mutt',
  version: versionOf('mutt', ['-v'], /^Mutt (\S+)/),
  send: ({ where }, prepared) =>
    runMailProgram(
      prepared,
      [
        `set from="${prepared.from}"`,
        'set use_envelope_from=yes',
        `set envelope_from_address="${prepared.mailbox}"`,
        `set smtp_url="smtp://${prepared.mailbox}@smtp.office365.com:${where.smtp.port}"`,
        'set smtp_authenticators="xoauth2"',
        'set smtp_oauth_refresh_command="printenv TOKEN"',
        'set ssl_starttls=yes',
        'set ssl_force_tls=yes',
        ...(prepared.roots === undefined ? [] : [`set ssl_ca_certificates_file="${prepared.roots}"`]),
        'set copy=no',
        'set sleep_time=0',
      ],
      (config) => ['mutt', '-n', '-F', config, '-s', 'from mutt', 'guest@visitor.example'],
    ),
  // It answers a refusal as Gmail's would have to be answered, and shows what Exchange makes of that.
  shows: (reply) => (reply === 535 ? /500 5\.3\.3 Unrecognized command 'AQ=='/ : new RegExp(`\\b${reply}\\b`)),
  distrusts: /Untrusted server certificate/,
});

describeSmtpClient(() => lab, {
  id: 's-nail',
  name: 'S-nail',
  version: versionOf('s-nail', ['-V'], / v(\d\S+),/),
  send: ({ where }, prepared) =>
    runMailProgram(
      prepared,
      [
        'set v15-compat',
        `set from=${prepared.from}`,
        `set mta=smtp://${encodeURIComponent(prepared.mailbox)}@smtp.office365.com:${where.smtp.port}`,
        'set smtp-use-starttls',
        'set smtp-auth=oauthbearer',
        `set password=${prepared.token}`,
        'set tls-verify=strict',
        ...(prepared.roots === undefined ? [] : [`set tls-ca-file=${prepared.roots}`, 'set tls-ca-no-defaults']),
        'set sendwait',
        'set nosave',
      ],
      (config) => ['env', `MAILRC=${config}`, 's-nail', '-:u', '-s', 'from s-nail', 'guest@visitor.example'],
    ),
  distrusts: /unable to get local issuer certificate|self-signed certificate in certificate chain/,
});

/**
 * Runs a program with a configuration file and a home folder of its own. It finds smtp.office365.com through a hosts
 * file that nss_wrapper shows to it alone; its code and its TLS library are untouched.
 */
async function runMailProgram(
  { from, token }: PreparedCase,
  config: readonly string[],
  commandLine: (config: string) => [string, ...string[]],
): Promise<ClientRun> {
  using folder = temporaryFolder();
  const files = { config: join(folder.path, 'config'), hosts: join(folder.path, 'hosts') };
  writeFileSync(files.config, config.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  writeFileSync(files.hosts, '127.0.0.1 smtp.office365.com\n');
  const [command, ...args] = commandLine(files.config);
  const run = await runClient(command, args, {
    env: { HOME: folder.path, TOKEN: token, LD_PRELOAD: NSS_WRAPPER, NSS_WRAPPER_HOSTS: files.hosts },
    input: plainMail(from, command).replaceAll('\r', ''),
  });
  return { ...run, printed: run.printed.replaceAll(folder.path, '~') };
}
