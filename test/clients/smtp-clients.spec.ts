import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { besides, runClient, runNodeClient, versionOf, type ClientRun } from './client-run.ts';
import { LiveLab, temporaryFolder } from './live-lab.ts';
import { packageVersion } from './package-version.ts';
import type { PreparedCase } from './smtp-cases.ts';
import { describeSmtpClient, plainMail } from './smtp-client.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.up();
});
afterAll(() => LiveLab.killAll());

describeSmtpClient(() => lab, {
  id: 'nodemailer',
  name: 'nodemailer',
  version: packageVersion('nodemailer'),
  send: ({ where }, { mailbox, token, from, roots }) =>
    runNodeClient(
      'nodemailer-client.mjs',
      { ports: { 587: where.smtp.port }, roots },
      { MAILBOX: mailbox, TOKEN: token, FROM: from },
    ),
  distrusts: /unable to get local issuer certificate|self-signed certificate in certificate chain/,
});

describeSmtpClient(() => lab, {
  id: 'curl',
  name: 'curl',
  version: versionOf('curl', ['--version'], /^curl (\S+)/),
  send: sendWithCurl,
  // It keeps the server's words to itself unless told to be verbose.
  shows: (reply) => (reply === 535 ? /Login denied/ : /Weird server reply/),
  distrusts: /SSL certificate problem: unable to get local issuer certificate/,
});

describeSmtpClient(() => lab, {
  id: 'python-smtplib',
  name: 'Python smtplib',
  version: versionOf('/usr/bin/python3', ['--version'], /^Python (\S+)/),
  send: ({ where }, { mailbox, token, from, roots }) =>
    runClient('/usr/bin/python3', [besides('smtplib_client.py')], {
      env: {
        MAILBOX: mailbox,
        TOKEN: token,
        FROM: from,
        ISEBED_TEST_SMTP_PORT: String(where.smtp.port),
        ...(roots === undefined ? {} : { ROOTS: roots }),
      },
    }),
  distrusts: /CERTIFICATE_VERIFY_FAILED/,
});

/** The bearer token goes through a configuration on standard input: a command line can be read by others. */
async function sendWithCurl({ where }: LiveLab, { mailbox, token, from, roots }: PreparedCase): Promise<ClientRun> {
  using folder = temporaryFolder();
  const mail = join(folder.path, 'mail.eml');
  writeFileSync(mail, plainMail(from, 'curl'));
  const config = [
    'url = "smtp://smtp.office365.com:587"',
    `connect-to = "smtp.office365.com:587:127.0.0.1:${where.smtp.port}"`,
    'ssl-reqd',
    `user = "${mailbox}"`,
    `oauth2-bearer = "${token}"`,
    `mail-from = "${mailbox}"`,
    'mail-rcpt = "guest@visitor.example"',
    `upload-file = "${mail}"`,
    ...(roots === undefined ? [] : [`cacert = "${roots}"`]),
  ];
  return await runClient('curl', ['--silent', '--show-error', '--config', '-'], { input: `${config.join('\n')}\n` });
}
