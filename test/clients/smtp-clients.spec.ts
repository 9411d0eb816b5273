import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClientRecord, describeClient, runClient, runNodeClient, type ClientRun } from './client-run.ts';
import { LiveLab } from './live-lab.ts';
import { acceptedBy, prepare, SMTP_CASES, type PreparedCase } from './smtp-cases.ts';

const { jest } = import.meta;
jest.setTimeout(60_000);

const NOT_TRUSTED = /unable to (get|verify)|self.signed|CERTIFICATE_VERIFY_FAILED|certificate/i;

interface SmtpClient {
  name: string;
  /** Says whether it is installed. */
  probe: [command: string, args: string[]];
  send: (lab: LiveLab, prepared: PreparedCase) => Promise<ClientRun>;
  /** What its user is shown of a refusal with this reply code. */
  shows: (reply: number) => RegExp;
}

const CLIENTS: readonly SmtpClient[] = [
  {
    name: 'nodemailer',
    probe: [process.execPath, ['--version']],
    send: (lab, { env, trusts }) => runNodeClient(lab, 'nodemailer-client.mjs', env, { trusts }),
    shows: (reply) => new RegExp(`\\b${reply}\\b`),
  },
  {
    name: 'curl',
    probe: ['curl', ['--version']],
    send: sendWithCurl,
    // It keeps the server's words to itself unless told to be verbose.
    shows: (reply) => (reply === 535 ? /Login denied/ : /Weird server reply/),
  },
  {
    name: 'python-smtplib',
    probe: ['python3', ['--version']],
    send: (lab, { env, trusts }) =>
      runClient('python3', [fileURLToPath(new URL('smtplib_client.py', import.meta.url))], {
        env: {
          ...env,
          ISEBED_TEST_SMTP_PORT: String(lab.where.smtp.port),
          ...(trusts ? { ROOTS: lab.where.labRoots } : {}),
        },
      }),
    shows: (reply) => new RegExp(`\\b${reply}\\b`),
  },
];

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.up();
});
afterAll(() => LiveLab.killAll());

for (const client of CLIENTS) {
  describeClient(...client.probe, client.name, () => {
    const record = new ClientRecord(client.name);
    afterAll(() => record.write());

    it.each(SMTP_CASES)('$name: $outcome', async (given) => {
      const prepared = await prepare(lab, given);
      const run = await client.send(lab, prepared);
      record.note(given.name, run, [prepared.env.TOKEN]);
      const { outcome } = given;
      expect({ ...run, isSuccess: run.status === 0 }).toMatchObject({ isSuccess: outcome === 'accepted' });
      expect(await acceptedBy(lab)).toBe(outcome === 'accepted' ? 1 : 0);
      if (outcome === 'not trusted') expect(run.printed).toMatch(NOT_TRUSTED);
      if (typeof outcome === 'number') expect(run.printed).toMatch(client.shows(outcome));
    });
  });
}

/** The bearer token goes through a configuration on standard input: a command line can be read by others. */
async function sendWithCurl(target: LiveLab, { env, trusts }: PreparedCase): Promise<ClientRun> {
  const folder = mkdtempSync(join(tmpdir(), 'isebed-curl-'));
  const mail = join(folder, 'mail.eml');
  writeFileSync(mail, `From: ${env.FROM}\r\nTo: guest@visitor.example\r\nSubject: from curl\r\n\r\nHello\r\n`);
  const config = [
    'url = "smtp://smtp.office365.com:587"',
    `connect-to = "smtp.office365.com:587:127.0.0.1:${target.where.smtp.port}"`,
    'ssl-reqd',
    `user = "${env.MAILBOX}"`,
    `oauth2-bearer = "${env.TOKEN}"`,
    `mail-from = "${env.MAILBOX}"`,
    'mail-rcpt = "guest@visitor.example"',
    `upload-file = "${mail}"`,
    ...(trusts ? [`cacert = "${target.where.labRoots}"`] : []),
  ];
  try {
    return await runClient('curl', ['--silent', '--show-error', '--config', '-'], { input: `${config.join('\n')}\n` });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
