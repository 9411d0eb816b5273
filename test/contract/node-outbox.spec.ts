import { CONFIG_KEYS } from '#apps/ise-node';
import { fieldText } from '#libs/simulation';
import { MAILBOX } from './microsoft-lab.ts';
import { GUEST, inNodeLab, recordsOf, retry, send, type NodeLab } from './node-lab.ts';

const HOUR_MS = 3_600_000;

const withdrawMailbox = ({ organization, form }: NodeLab): void =>
  void organization.removeMailboxPermission({ mailbox: MAILBOX, user: form.clientId });
const grantMailbox = ({ organization, form }: NodeLab): void =>
  void organization.addMailboxPermission({ mailbox: MAILBOX, user: form.clientId, accessRights: ['FullAccess'] });

const kindsOf = (lab: NodeLab, mail: string): string[] =>
  lab.journal.records.flatMap((record) =>
    fieldText(record, 'mail') === mail && record.kind.startsWith('mail.') ? [record.kind] : [],
  );

/** Sleeps, step by step, until the journal has a further record of this kind. */
async function until(lab: NodeLab, kind: string, stepMs = 5): Promise<void> {
  const before = recordsOf(lab, kind).length;
  for (let step = 0; step < 10_000; step += 1) {
    if (recordsOf(lab, kind).length > before) return;
    await lab.clock.sleep(stepMs);
  }
  throw new Error(`no ${kind} in the journal`);
}

describe('the outbox of a node that is killed', () => {
  it('still has a mail that waited for its turn, and sends it once when the node is there again', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      for (const subject of ['first', 'second', 'third']) void send(lab, subject);
      await until(lab, 'mail.accepted');
      lab.kill('ise1');
      await lab.clock.sleep(HOUR_MS);
      expect(lab.exchange.messages.map(({ subject }) => subject)).toEqual(['first']);
      await lab.start('ise1');
      await lab.clock.sleep(HOUR_MS);
      expect(lab.exchange.messages.map(({ subject }) => subject)).toEqual(['first', 'second', 'third']);
      expect(recordsOf(lab, 'mail.accepted').map((record) => record['mail'])).toEqual(['ise1-1', 'ise1-2', 'ise1-3']);
    });
  });

  it('keeps the plan of retries: neither sooner nor later, and no more than there are', async () => {
    await inNodeLab(retry(3, 600_000, 600_000), async (lab) => {
      await lab.saveSmtpServer('ise1');
      withdrawMailbox(lab);
      await send(lab);
      const [scheduled] = recordsOf(lab, 'mail.retry-scheduled');
      lab.kill('ise1');
      await lab.clock.sleep(200_000);
      await lab.start('ise1');
      await lab.clock.sleep(HOUR_MS);
      const [, second, third, ...more] = recordsOf(lab, 'mail.attempted').map(({ t }) => Date.parse(t));
      expect(second).toBe(Date.parse(scheduled?.t ?? '') + 600_000);
      expect(third).toBeGreaterThan(second ?? 0);
      expect(more).toEqual([]);
      expect(recordsOf(lab, 'mail.given-up')).toMatchObject([{ attempts: 3, reason: 'refused' }]);
    });
  });

  it('makes up at once for a retry that came due while the node was down', async () => {
    await inNodeLab(retry(5, 600_000, 600_000), async (lab) => {
      await lab.saveSmtpServer('ise1');
      withdrawMailbox(lab);
      await send(lab);
      lab.kill('ise1');
      grantMailbox(lab);
      await lab.clock.sleep(HOUR_MS);
      const startedAt = lab.clock.now();
      await lab.start('ise1');
      await lab.clock.sleep(HOUR_MS);
      const [accepted] = recordsOf(lab, 'mail.accepted');
      expect(Date.parse(accepted?.t ?? '') - startedAt).toBeLessThan(30_000);
      expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(1);
    });
  });

  it('sends a mail again whose session was cut before the message', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      void send(lab);
      await until(lab, 'smtp.authenticated');
      lab.kill('ise1');
      await lab.start('ise1');
      await lab.clock.sleep(HOUR_MS);
      expect(kindsOf(lab, 'ise1-1')).toEqual(['mail.composed', 'mail.attempted', 'mail.attempted', 'mail.accepted']);
      expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(1);
    });
  });

  it('never sends a mail again that the server may have, and says so', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      void send(lab);
      await until(lab, 'exchange.message-accepted', 1);
      lab.kill('ise1');
      const ended: string[] = [];
      await lab.start('ise1');
      lab.node('ise1').context.onMailEnd((mail) => ended.push(mail.id));
      await lab.clock.sleep(HOUR_MS);
      expect(kindsOf(lab, 'ise1-1')).toEqual(['mail.composed', 'mail.attempted', 'mail.given-up']);
      expect(recordsOf(lab, 'mail.given-up')).toMatchObject([{ mail: 'ise1-1', reason: 'outcome-unknown' }]);
      const log = recordsOf(lab, 'guest.log').map((record) => fieldText(record, 'text'));
      expect(log).toContainEqual(expect.stringContaining('The server may have the mail'));
      expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(1);
    });
  });

  it('gives no number to two mails', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await send(lab);
      lab.kill('ise1');
      await lab.start('ise1');
      await send(lab);
      expect(lab.exchange.messages.map(({ messageId }) => messageId)).toEqual([
        '<ise1-1@ise1.lab.example>',
        '<ise1-2@ise1.lab.example>',
      ]);
    });
  });

  it('is not readable on the disk: neither text nor addresses', async () => {
    await inNodeLab(retry(5, 600_000), async (lab) => {
      await lab.saveSmtpServer('ise1');
      withdrawMailbox(lab);
      await send(lab, 'A subject');
      const { database } = lab.node('ise1').context;
      const rows = JSON.stringify(database.prepare('SELECT * FROM outbox').all());
      expect(rows).toContain('waiting');
      for (const word of ['A subject', GUEST, 'Hi.']) expect(rows).not.toContain(word);
    });
  });

  it('has no effect any more after its end, whatever was under way', async () => {
    await inNodeLab(retry(5), async (lab) => {
      await lab.saveSmtpServer('ise1');
      void send(lab);
      await until(lab, 'smtp.authenticated');
      lab.kill('ise1');
      const { length } = lab.journal.records;
      await lab.clock.sleep(24 * HOUR_MS);
      const since = lab.journal.records.slice(length).filter(({ node }) => node === 'ise1');
      expect(since.map(({ kind }) => kind)).toEqual([]);
    });
  });
});

describe('the outbox of a node that is stopped in good order', () => {
  it('lets the submission under way come to its end, and goes on with the rest afterwards', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      for (const subject of ['first', 'second']) void send(lab, subject);
      await until(lab, 'smtp.authenticated');
      await lab.stop('ise1');
      expect(lab.exchange.messages.map(({ subject }) => subject)).toEqual(['first']);
      await lab.start('ise1');
      await lab.clock.sleep(HOUR_MS);
      expect(lab.exchange.messages.map(({ subject }) => subject)).toEqual(['first', 'second']);
      expect(recordsOf(lab, 'mail.attempted')).toHaveLength(2);
    });
  });
});

describe('a server that falls silent', () => {
  it('after the end of the message leaves the outcome unknown, and no second mail', async () => {
    await inNodeLab(retry(5), async (lab) => {
      await lab.saveSmtpServer('ise1');
      const verdict = send(lab);
      await until(lab, 'exchange.message-accepted', 1);
      lab.network.cut('smtp.office365.com');
      expect(await verdict).toMatchObject({ kind: 'unknown', failure: { stage: 'connection' } });
      lab.network.heal('smtp.office365.com');
      await lab.clock.sleep(HOUR_MS);
      expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(1);
      expect(recordsOf(lab, 'mail.given-up')).toMatchObject([{ reason: 'outcome-unknown' }]);
    });
  });
});

describe('what a node draws by chance', () => {
  it('is not drawn again after the next start: guests keep identifiers of their own', async () => {
    const config = [[CONFIG_KEYS.sponsor('anna'), { username: 'anna' }] as const];
    await inNodeLab({ config }, async (lab) => {
      const ids: string[] = [];
      for (const start of ['first', 'second', 'third']) {
        if (start !== 'first') {
          lab.kill('ise1');
          await lab.start('ise1');
        }
        const body = { sponsor: 'anna', firstName: 'Ada', guestType: 'Contractor (default)' };
        const { status, body: answer } = await lab.call('ise1', 'POST', 'sponsor-portal/guests', { body });
        expect(status).toBe(201);
        ids.push(answer.account.id);
      }
      expect(new Set(ids).size).toBe(3);
    });
  });
});
