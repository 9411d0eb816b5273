import { sixNodeDeployment } from '#libs/deployment';
import { RealClock, VirtualClock, type Clock } from '#libs/simulation';
import { WITHOUT_LIMITS } from '#mocks/exchange';
import { BuiltTestbed, type Testbed } from './built-testbed.ts';
import { figure, roundsPerSecond, type Figure } from './figure.ts';
import type { Limits } from './limits.ts';

const GROUP = 'mail, PSN -> token (cached) -> dial -> STARTTLS -> XOAUTH2 -> DATA';
const ROUNDS = 7;
const MAILS = 100;
const START_AT = Date.UTC(2026, 1, 2, 5);
const DAY_MS = 86_400_000;
const REPLICATION_POLL_MS = 10;
const REPLICATION_POLLS_MAX = 1_000;

/** Mails per second over the whole path, with all its servers in this one thread. */
export async function measureMailChain({ handshakes, peer }: Limits): Promise<Figure[]> {
  const virtual = await VirtualClock.run({ startAt: START_AT }, (clock) => mailsPerSecond(clock, true));
  const real = await mailsPerSecond(new RealClock(), false);
  const ratiosTo = [peer, handshakes];
  return [
    figure(GROUP, 'mails in virtual time, with latency and processing times', '1/s', virtual, { ratiosTo }),
    figure(GROUP, 'mails in real time, without', '1/s', real, { ratiosTo }),
  ];
}

async function mailsPerSecond(clock: Clock, takesTime: boolean): Promise<number[]> {
  const testbed = await BuiltTestbed.start({
    clock,
    seed: 1,
    deployment: sixNodeDeployment(),
    takesTime,
    exchangeSettings: WITHOUT_LIMITS,
  });
  try {
    await saveSmtpSettings(testbed);
    return await roundsPerSecond(ROUNDS, MAILS, () => sendMails(testbed));
  } finally {
    await testbed.stop();
  }
}

/** As the administrator does: Test Connection, Save; then waits for the copy on psn1. */
async function saveSmtpSettings(testbed: Testbed): Promise<void> {
  const { microsoft, clock } = testbed;
  const form = {
    authentication: 'oauth',
    smtpServer: 'smtp.office365.com',
    smtpPort: 587,
    connectionTimeoutSeconds: 60,
    encryption: true,
    emailAddress: microsoft.mailbox,
    clientId: microsoft.application.clientId,
    tenantId: microsoft.tenant.tenantId,
    clientSecret: microsoft.secrets.get('current')?.value,
    expiryDate: new Date(clock.now() + 200 * DAY_MS).toISOString().slice(0, 10),
  };
  const pan = testbed.api(testbed.deployment.primaryPan.name);
  await pan.succeed('POST', 'smtp-server/test-connection', form);
  await pan.succeed('PUT', 'smtp-server', form);
  const { settings } = testbed.node('psn1').context;
  for (let poll = 0; !settings.smtpServer; poll += 1) {
    if (poll > REPLICATION_POLLS_MAX) throw new Error('the SMTP settings did not reach psn1');
    await clock.sleep(REPLICATION_POLL_MS);
  }
}

async function sendMails(testbed: Testbed): Promise<void> {
  const { microsoft } = testbed;
  const { mailer } = testbed.node('psn1').context;
  const before = microsoft.online.messages.length;
  const outcomes = await Promise.all(
    Array.from({ length: MAILS }, () =>
      mailer.send({
        kind: 'composed',
        type: 'guest-credentials',
        from: microsoft.mailbox,
        to: ['guest@guests.example'],
        cc: [],
        subject: 'Your Guest Account Credentials',
        text: 'A short text.\n'.repeat(20),
      }),
    ),
  );
  const refused = outcomes.find(({ kind }) => kind !== 'accepted');
  const delivered = microsoft.online.messages.length - before;
  if (refused || delivered !== MAILS) {
    throw new Error(`${delivered} of ${MAILS} mails were delivered: ${JSON.stringify(refused)}`);
  }
}
