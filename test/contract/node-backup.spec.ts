import { ALL, guestDueAt, HOUR_MS, inSixNodes, MINUTE_MS, setProxy, SHORT_VISIT } from './deployment-lab.ts';
import { START } from './microsoft-lab.ts';
import { GUEST, type NodeLab } from './node-lab.ts';

describe('backup and restore', () => {
  const KEY = 'a key of the lab';
  const backup = async (lab: NodeLab, encryptionKey = KEY) =>
    (await lab.call('pan1', 'POST', 'backup-restore/backup', { body: { name: 'nightly', encryptionKey } })).body;
  const restore = (lab: NodeLab, document: object, encryptionKey = KEY) =>
    lab.call('pan1', 'POST', 'backup-restore/restore', { body: { backup: document, encryptionKey } });

  it('bring everything back but the SMTP server, on every node, also where there were settings before', async () => {
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        await setProxy(lab, 'pan1', 'then.lab.example');
        const document = await backup(lab);
        await setProxy(lab, 'pan1', 'since.lab.example');
        await lab.call('pan1', 'POST', 'sponsors', { body: { username: 'newcomer' } });
        expect((await restore(lab, document)).status).toBe(200);
        await lab.clock.sleep(MINUTE_MS);
        for (const name of ALL) {
          const { settings } = lab.node(name).context;
          expect([settings.proxy.host, settings.storedSmtpServer, settings.sponsor('newcomer')]).toEqual([
            'then.lab.example',
            undefined,
            undefined,
          ]);
          expect(settings.guest('1001')).toBeDefined();
        }
      },
      [SHORT_VISIT, guestDueAt('1001', START + HOUR_MS)],
    );
  });

  it('hold nothing that can be read, and are opened by their key alone', async () => {
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        const document = await backup(lab);
        const text = JSON.stringify(document);
        const bytes = Buffer.from(document.content, 'base64').toString('latin1');
        for (const secret of [lab.secret.value, GUEST, 'Short visit', KEY]) {
          expect(text).not.toContain(secret);
          expect(bytes).not.toContain(secret);
        }
        expect(await restore(lab, document, 'another key')).toMatchObject({
          status: 400,
          body: { code: 'backup.not-opened' },
        });
        const forged = { ...document, content: `A${document.content.slice(1)}` };
        expect((await restore(lab, forged)).status).toBe(400);
        expect(lab.journal.toJsonLines()).not.toContain(KEY);
      },
      [SHORT_VISIT, guestDueAt('1001', START + HOUR_MS)],
    );
  });

  it('do not have a reminder sent a second time', async () => {
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        const document = await backup(lab);
        await lab.clock.sleep(2 * HOUR_MS);
        expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(1);
        await restore(lab, document);
        await lab.saveSmtpServer('pan1');
        await lab.clock.sleep(24 * HOUR_MS);
        expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(1);
      },
      [SHORT_VISIT, guestDueAt('1001', START + HOUR_MS)],
    );
  });

  it('are for the primary PAN alone', async () => {
    await inSixNodes(async (lab) => {
      const body = { name: 'nightly', encryptionKey: KEY };
      expect((await lab.call('pan2', 'POST', 'backup-restore/backup', { body })).body.code).toBe(
        'deployment.not-primary-pan',
      );
    });
  });
});
