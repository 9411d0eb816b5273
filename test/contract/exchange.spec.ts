import { acquireToken, inMicrosoftLab, lastOf, MAILBOX, sendMail } from './microsoft-lab.ts';
import { ERROR_SUFFIX } from './smtp-dialogue.ts';

const UNSUCCESSFUL = new RegExp(`^535 5\\.7\\.3 Authentication unsuccessful ${ERROR_SUFFIX}$`);

describe('Exchange mock with nodemailer', () => {
  it('accepts a mail with a token of Entra, delivers it, and keeps a copy in Sent Items', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const response = await sendMail(lab, await acquireToken(lab));
      expect(response).toBe(`250 2.0.0 OK <mail-1@ise.lab.example> [Hostname=${lab.organization.serverHost}]`);
      expect(lab.exchange.deliveredTo('guest@visitor.example')).toHaveLength(1);
      expect(lab.exchange.deliveredTo(MAILBOX.toUpperCase())).toMatchObject([
        { subject: 'Your Guest Account Credentials', from: MAILBOX, cc: [MAILBOX] },
      ]);
      expect(lab.exchange.messages[0]?.raw.toString()).toContain('Username: 1001');
      expect(lab.journal.records.map(({ kind }) => kind)).toEqual([
        'entra.token-granted',
        'exchange.session-opened',
        'exchange.auth-accepted',
        'exchange.message-accepted',
        'exchange.message-delivered',
        'exchange.message-delivered',
      ]);
    });
  });

  it('takes seconds of virtual time to authenticate, as the real service does', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const token = await acquireToken(lab);
      const before = lab.clock.now();
      await sendMail(lab, token);
      expect(lab.clock.now() - before).toBeGreaterThan(2_000);
      expect(lab.clock.now() - before).toBeLessThan(6_000);
    });
  });

  it('refuses AUTH after some five seconds when the app registration’s object ID was registered', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { clientId, objectId, servicePrincipalObjectId } = lab.application;
      lab.organization.removeServicePrincipal(clientId);
      lab.organization.newServicePrincipal({ appId: clientId, objectId });
      const token = await acquireToken(lab);
      const before = lab.clock.now();
      await expect(sendMail(lab, token)).rejects.toMatchObject({
        code: 'EAUTH',
        responseCode: 535,
        response: expect.stringMatching(UNSUCCESSFUL),
      });
      expect(lab.clock.now() - before).toBeGreaterThan(4_800);
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({
        reason: 'service-principal-wrong-object-id',
        expected: servicePrincipalObjectId,
        actual: objectId,
      });
    });
  });

  it('accepts AUTH without FullAccess, and refuses the mail after DATA with a transient code', async () => {
    await inMicrosoftLab({}, async (lab) => {
      lab.organization.removeMailboxPermission({ mailbox: MAILBOX, user: lab.application.clientId });
      await expect(sendMail(lab, await acquireToken(lab))).rejects.toMatchObject({
        code: 'EMESSAGE',
        responseCode: 430,
        response: expect.stringMatching(
          /^430 4\.2\.0 STOREDRV; mailbox logon failure; .* \[Hostname=FR3P281MB\d{4}\..*\]$/,
        ),
      });
      expect(lastOf(lab, 'exchange.auth-accepted')).toMatchObject({ mailbox: MAILBOX });
      expect(lastOf(lab, 'exchange.message-refused')).toMatchObject({ mailbox: MAILBOX, reason: 'no-full-access' });
      expect(lab.exchange.messages).toHaveLength(0);
    });
  });

  it('refuses a foreign From until the application has SendAs on it', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const sponsor = 'sponsor@lab.example';
      lab.organization.createMailbox({ address: sponsor, displayName: 'Sponsor' });
      const token = await acquireToken(lab);
      await expect(sendMail(lab, token, { from: sponsor })).rejects.toMatchObject({
        responseCode: 554,
        response: expect.stringContaining(`554 5.2.252 SendAsDenied; ${MAILBOX} not allowed to send as ${sponsor};`),
      });
      lab.organization.addRecipientPermission({ mailbox: sponsor, trustee: lab.application.clientId });
      await expect(sendMail(lab, token, { from: sponsor })).resolves.toMatch(/^250 /);
    });
  });

  it('gives the same journal, byte for byte, for the same seed, and another for another', async () => {
    const run = (seed: string): Promise<string> =>
      inMicrosoftLab({ seed }, async (lab) => {
        const token = await acquireToken(lab);
        await Promise.all([sendMail(lab, token), sendMail(lab, token, { messageId: '<mail-2@ise.lab.example>' })]);
        lab.organization.removeMailboxPermission({ mailbox: MAILBOX, user: lab.application.clientId });
        await sendMail(lab, token).catch(() => undefined);
        await lab.clock.sleep(1_000);
        return lab.journal.sha256();
      });
    const first = await run('7');
    expect(await run('7')).toBe(first);
    expect(await run('8')).not.toBe(first);
  });

  it('never writes the token down', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const token = await acquireToken(lab);
      await sendMail(lab, token);
      await sendMail(lab, `${token}x`).catch(() => undefined);
      expect(lab.journal.toJsonLines()).not.toContain(token.slice(0, 40));
    });
  });

  it('keeps a mail of many lines with dots as it was', async () => {
    await inMicrosoftLab({}, async (lab) => {
      await sendMail(lab, await acquireToken(lab), { text: '.\n..\n.end' });
      expect(lab.exchange.messages[0]?.raw.toString()).toMatch(/\r\n\r\n\.\r\n\.\.\r\n\.end\r\n$/);
    });
  });
});
