import { fieldText } from '#libs/simulation';
import { MAILBOX } from './microsoft-lab.ts';
import { GUEST, inNodeLab, recordsOf, retry, send, SMTP_HOST, type NodeLab } from './node-lab.ts';

describe('the mail queue of a node', () => {
  const attemptsAt = (lab: NodeLab): number[] => {
    const times = recordsOf(lab, 'mail.attempted').map(({ t }) => Date.parse(t));
    return times;
  };
  const withdrawMailbox = ({ organization, form }: NodeLab): void =>
    void organization.removeMailboxPermission({ mailbox: MAILBOX, user: form.clientId });
  const grantMailbox = ({ organization, form }: NodeLab): void =>
    void organization.addMailboxPermission({ mailbox: MAILBOX, user: form.clientId, accessRights: ['FullAccess'] });

  it('submits a mail over the whole path', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      expect(await send(lab)).toMatchObject({
        kind: 'accepted',
        reply: expect.stringMatching(/^250 2\.0\.0 OK <ise1-1@ise1\.lab\.example>/),
      });
      expect(lab.exchange.deliveredTo(GUEST)).toMatchObject([
        { subject: 'Hello', messageId: '<ise1-1@ise1.lab.example>' },
      ]);
    });
  });

  it('tries again what is refused for now, with delays that double up to the bound, so many times', async () => {
    await inNodeLab(retry(6), async (lab) => {
      await lab.saveSmtpServer('ise1');
      withdrawMailbox(lab);
      expect(await send(lab)).toMatchObject({ kind: 'retrying', failure: { stage: 'data' } });
      await lab.clock.sleep(3_600_000);
      expect(recordsOf(lab, 'mail.retry-scheduled').map((record) => record['delayMs'])).toEqual([
        1_000, 2_000, 4_000, 4_000, 4_000,
      ]);
      const refusedAt = recordsOf(lab, 'mail.refused').map(({ t }) => Date.parse(t));
      expect(
        attemptsAt(lab)
          .slice(1)
          .map((at, index) => at - (refusedAt[index] ?? 0)),
      ).toEqual([1_000, 2_000, 4_000, 4_000, 4_000]);
      expect(recordsOf(lab, 'mail.given-up')).toMatchObject([{ attempts: 6 }]);
    });
  });

  it('ends trying with the first success, and delivers once', async () => {
    await inNodeLab(retry(5), async (lab) => {
      await lab.saveSmtpServer('ise1');
      withdrawMailbox(lab);
      await send(lab);
      grantMailbox(lab);
      await lab.clock.sleep(3_600_000);
      expect(recordsOf(lab, 'mail.accepted')).toMatchObject([{ attempt: 2 }]);
      expect(recordsOf(lab, 'mail.attempted')).toHaveLength(2);
      expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(1);
    });
  });

  it('gives up at once with a single attempt allowed', async () => {
    await inNodeLab(retry(1), async (lab) => {
      await lab.saveSmtpServer('ise1');
      withdrawMailbox(lab);
      expect(await send(lab)).toMatchObject({ kind: 'refused' });
      await lab.clock.sleep(3_600_000);
      expect(recordsOf(lab, 'mail.attempted')).toHaveLength(1);
    });
  });

  it.each<[string, (lab: NodeLab) => void]>([
    ['Exchange refuses for good', ({ organization, form }) => void organization.removeServicePrincipal(form.clientId)],
    [
      'the server is not trusted',
      ({ node }) =>
        void node('ise1').context.store.restore({
          term: 1,
          version: 99,
          entries: node('ise1')
            .context.store.snapshot()
            .entries.filter(([key]) => !key.startsWith('trusted')),
        }),
    ],
  ])('does not try again when %s', async (_when, arrange) => {
    await inNodeLab(retry(5), async (lab) => {
      await lab.saveSmtpServer('ise1');
      arrange(lab);
      expect(await send(lab)).toMatchObject({ kind: 'refused' });
      await lab.clock.sleep(3_600_000);
      expect(recordsOf(lab, 'mail.attempted')).toHaveLength(1);
      expect(recordsOf(lab, 'mail.refused')).toMatchObject([{ permanence: 'permanent' }]);
    });
  });

  it('sends a mail to all of its recipients or to none', async () => {
    await inNodeLab(retry(5), async (lab) => {
      await lab.saveSmtpServer('ise1');
      lab.organization.setTransportConfig({ maxRecipientEnvelopeLimit: 1 });
      const { mailer } = lab.node('ise1').context;
      const mail = { kind: 'composed', type: 'test', from: MAILBOX, to: [GUEST], subject: 'Hello', text: 'Hi.\n' };
      expect(await mailer.sendQuietly({ ...mail, kind: 'composed', type: 'test', cc: [MAILBOX] })).toMatchObject({
        kind: 'retrying',
        failure: { stage: 'envelope' },
      });
      await lab.clock.sleep(500);
      expect(recordsOf(lab, 'exchange.recipient-refused')).toMatchObject([{ reason: 'too-many-recipients' }]);
      expect(lab.exchange.messages).toEqual([]);
    });
  });

  it('drops a mail while no SMTP server is saved', async () => {
    await inNodeLab(retry(5), async (lab) => {
      expect(await send(lab)).toMatchObject({ kind: 'refused', failure: { stage: 'settings' } });
      expect(recordsOf(lab, 'network.dialled')).toEqual([]);
    });
  });

  it('tries again when the SMTP server can not be reached', async () => {
    await inNodeLab(retry(5), async (lab) => {
      await lab.saveSmtpServer('ise1');
      lab.network.cut(SMTP_HOST);
      expect(await send(lab)).toMatchObject({ kind: 'retrying', failure: { stage: 'dial' } });
      lab.network.heal(SMTP_HOST);
      await lab.clock.sleep(60_000);
      expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(1);
    });
  });

  it('submits one mail at a time, in the order they came', async () => {
    await inNodeLab({}, async (lab) => {
      await lab.saveSmtpServer('ise1');
      await Promise.all(['first', 'second', 'third'].map((subject) => send(lab, subject)));
      const story = lab.journal.records
        .filter(({ kind }) => kind === 'mail.attempted' || kind === 'mail.accepted')
        .map((record) => `${record.kind} ${fieldText(record, 'mail')}`);
      expect(story).toEqual([1, 2, 3].flatMap((n) => [`mail.attempted ise1-${n}`, `mail.accepted ise1-${n}`]));
      expect(lab.exchange.messages.map(({ subject }) => subject)).toEqual(['first', 'second', 'third']);
    });
  });

  it('does not let a mail that waits for another try hold up others', async () => {
    await inNodeLab(retry(5, 600_000, 600_000), async (lab) => {
      await lab.saveSmtpServer('ise1');
      withdrawMailbox(lab);
      await send(lab, 'waits');
      grantMailbox(lab);
      expect(await send(lab, 'goes')).toMatchObject({ kind: 'accepted' });
      expect(lab.exchange.messages.map(({ subject }) => subject)).toEqual(['goes']);
      await lab.clock.sleep(700_000);
      expect(lab.exchange.messages.map(({ subject }) => subject)).toEqual(['goes', 'waits']);
    });
  });

  it('uses the settings in force at each attempt', async () => {
    await inNodeLab(retry(5, 60_000, 60_000), async (lab) => {
      await lab.saveSmtpServer('ise1');
      withdrawMailbox(lab);
      await send(lab);
      grantMailbox(lab);
      await lab.saveSmtpServer('ise1', { connectionTimeoutSeconds: 9 });
      lab.network.cut(SMTP_HOST);
      await lab.clock.sleep(120_000);
      expect(recordsOf(lab, 'network.failed')[0]).toMatchObject({ ms: 9_000 });
    });
  });

  it('makes no further attempt once the node is stopped', async () => {
    await inNodeLab(retry(5), async (lab) => {
      await lab.saveSmtpServer('ise1');
      withdrawMailbox(lab);
      await send(lab);
      await lab.stop('ise1');
      await lab.clock.sleep(3_600_000);
      expect(recordsOf(lab, 'mail.attempted')).toHaveLength(1);
    });
  });

  it('lets the attempt end that is under way when the node is stopped', async () => {
    await inNodeLab(retry(5), async (lab) => {
      await lab.saveSmtpServer('ise1');
      withdrawMailbox(lab);
      const verdict = send(lab);
      await lab.clock.sleep(1_000);
      await lab.stop('ise1');
      expect(await verdict).toMatchObject({ kind: 'retrying' });
      await lab.clock.sleep(3_600_000);
      expect(recordsOf(lab, 'mail.attempted')).toHaveLength(1);
    });
  });
});
