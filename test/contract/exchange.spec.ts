import { connect } from 'node:net';
import { once } from 'node:events';
import { SignJWT, importJWK } from 'jose';
import { publishedLabKeys } from '#mocks/pki';
import { acquireToken, inMicrosoftLab, MAILBOX, sendMail, type MicrosoftLab } from './microsoft-lab.ts';
import { SmtpDialogue } from './smtp-dialogue.ts';

const SUFFIX = String.raw`\[FR3P281CA\d{4}\.DEUP281\.PROD\.OUTLOOK\.COM 2026-02-02T\d\d:\d\d:\d\d\.\d{3}Z 08DE[0-9A-F]{12}\]`;
const UNSUCCESSFUL = new RegExp(`^535 5\\.7\\.3 Authentication unsuccessful ${SUFFIX}$`);

function lastOf(lab: MicrosoftLab, kind: string) {
  return lab.journal.records.findLast((record) => record.kind === kind);
}

function xoauth2(user: string, token: string): string {
  return Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`).toString('base64');
}

async function openSecured(lab: MicrosoftLab): Promise<SmtpDialogue> {
  const { smtp } = await SmtpDialogue.open(lab);
  await smtp.say('EHLO psn1.lab.example');
  await smtp.startTls(lab);
  await smtp.say('EHLO psn1.lab.example');
  return smtp;
}

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

describe('Exchange mock on the wire', () => {
  it('greets and announces like the real server, before and after STARTTLS', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { smtp, greeting } = await SmtpDialogue.open(lab);
      expect(greeting).toMatch(
        /^220 FR3P281CA\d{4}\.outlook\.office365\.com Microsoft ESMTP MAIL Service ready at Mon, 2 Feb 2026 05:00:00 \+0000 \[08DE[0-9A-F]{12}\]$/,
      );
      const [hello, ...plain] = await smtp.say('EHLO psn1.lab.example');
      expect(hello).toMatch(/^250-FR3P281CA\d{4}\.outlook\.office365\.com Hello \[127\.0\.0\.1\]$/);
      const rest = ['250-8BITMIME', '250 SMTPUTF8'];
      const first = ['250-SIZE 157286400', '250-PIPELINING', '250-DSN', '250-ENHANCEDSTATUSCODES'];
      expect(plain).toEqual([...first, '250-STARTTLS', ...rest]);
      expect(await smtp.startTls(lab)).toBe('220 2.0.0 SMTP server ready');
      const [, ...secured] = await smtp.say('EHLO psn1.lab.example');
      expect(secured).toEqual([...first, '250-AUTH LOGIN XOAUTH2', ...rest]);
      smtp.end();
    });
  });

  it('authenticates in two steps, with an empty challenge', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const token = await acquireToken(lab);
      const smtp = await openSecured(lab);
      expect(await smtp.say('AUTH XOAUTH2')).toEqual(['334 ']);
      expect(await smtp.say(xoauth2(MAILBOX, token))).toEqual(['235 2.7.0 Authentication successful']);
      smtp.end();
    });
  });

  it('answers the commands of a session in its own words', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const token = await acquireToken(lab);
      const smtp = await openSecured(lab);
      await smtp.say(`AUTH XOAUTH2 ${xoauth2(MAILBOX, token)}`);
      const said = [
        'NOOP',
        'RSET',
        'VRFY somebody',
        `MAIL FROM:<${MAILBOX}>`,
        'RCPT TO:<guest@visitor.example>',
        'DATA',
      ];
      const replies: string[] = [];
      for (const line of said) replies.push(...(await smtp.say(line)));
      replies.push(...(await smtp.say('Subject: no sender\r\n\r\nbody\r\n.')).map((reply) => reply.slice(0, 12)));
      replies.push(...(await smtp.say('QUIT')));
      expect(replies).toEqual([
        '250 2.0.0 OK',
        '250 2.0.0 Resetting',
        '252 2.1.5 Cannot VRFY user',
        '250 2.1.0 Sender OK',
        '250 2.1.5 Recipient OK',
        '354 Start mail input; end with <CRLF>.<CRLF>',
        '554 5.2.252 ',
        '221 2.0.0 Service closing transmission channel',
      ]);
    });
  });

  it.each([
    ['MAIL FROM:<ise@lab.example>', '530 5.7.57 Client not authenticated to send mail.'],
    ['AUTH PLAIN AGFiYwBkZWY=', '504 5.7.4 Unrecognized authentication type'],
    ['AUTH XOAUTH2 bm90aGluZw==', '501 5.5.124 Invalid XOAUTH2 auth data'],
    ['FROB the mail', "500 5.3.3 Unrecognized command 'FROB'"],
    ['EHLO my "laptop"', '501 5.5.4 Invalid domain name'],
    ['STARTTLS', '503 5.5.2 Only one STARTTLS command can be issued per session'],
  ])('answers %s with %s and the suffix of errors', async (line, reply) => {
    await inMicrosoftLab({}, async (lab) => {
      const smtp = await openSecured(lab);
      const [given = ''] = await smtp.say(line);
      expect(given.startsWith(`${reply} [`)).toBe(true);
      expect(given).toMatch(new RegExp(`${SUFFIX}$`));
      smtp.end();
    });
  });

  it.each([
    ['MAIL FROM:<ise@lab.example>', '451 5.7.3 STARTTLS is required to send mail'],
    ['AUTH LOGIN', '504 5.7.4 Unrecognized authentication type'],
  ])('answers %s before STARTTLS with %s', async (line, reply) => {
    await inMicrosoftLab({}, async (lab) => {
      const { smtp } = await SmtpDialogue.open(lab);
      await smtp.say('EHLO psn1.lab.example');
      expect((await smtp.say(line))[0]?.startsWith(reply)).toBe(true);
      smtp.end();
    });
  });

  it('refuses LOGIN whatever the password', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const smtp = await openSecured(lab);
      expect(await smtp.say('AUTH LOGIN')).toEqual(['334 VXNlcm5hbWU6']);
      expect(await smtp.say(Buffer.from(MAILBOX).toString('base64'))).toEqual(['334 UGFzc3dvcmQ6']);
      expect(await smtp.say(Buffer.from('hunter2').toString('base64'))).toEqual([
        expect.stringMatching(/^535 5\.7\.139 Authentication unsuccessful, basic authentication is disabled\. \[/),
      ]);
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason: 'basic-authentication', mailbox: MAILBOX });
      expect(lab.journal.toJsonLines()).not.toContain('hunter2');
      smtp.end();
    });
  });

  it('records the end of a session that was broken off', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const smtp = await openSecured(lab);
      smtp.end();
      await lab.clock.sleep(10);
      expect(lastOf(lab, 'exchange.session-closed')).toBeDefined();
    });
  });

  it('names the dial as the cause of what happens in its session', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const dial = lab.journal.record({ kind: 'test.dialled' });
      const socket = connect(lab.exchangeServer.port, '127.0.0.1');
      await once(socket, 'connect');
      lab.journal.linkPeer(socket.localPort ?? 0, dial.seq);
      await once(socket, 'data');
      expect(lastOf(lab, 'exchange.session-opened')).toMatchObject({ cause: dial.seq });
      socket.destroy();
    });
  });

  it('closes at once although one client is silent, one in its TLS handshake, and one waits for AUTH', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const token = await acquireToken(lab);
      await SmtpDialogue.open(lab);
      const { smtp: shaking } = await SmtpDialogue.open(lab);
      await shaking.say('EHLO psn1.lab.example');
      await shaking.say('STARTTLS');
      const authenticating = await openSecured(lab);
      const auth = authenticating.say(`AUTH XOAUTH2 ${xoauth2(MAILBOX, token)}`);
      const broken = expect(auth).rejects.toThrow('the server ended the connection');
      const before = lab.clock.now();
      await lab.clock.sleep(100);
      await lab.exchangeServer.close();
      await broken;
      expect(lab.clock.now() - before).toBeLessThan(200);
    });
  });
});

describe('tokens that Exchange verifies', () => {
  it('refuses a token once it has expired, not a second before', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const token = await acquireToken(lab);
      const expiresAt = Date.parse(String(lastOf(lab, 'entra.token-granted')?.['expiresAt']));
      const smtp = await openSecured(lab);
      const late = await openSecured(lab);
      await lab.clock.sleep(expiresAt - lab.clock.now() - 1_000);
      expect(await smtp.say(`AUTH XOAUTH2 ${xoauth2(MAILBOX, token)}`)).toEqual([
        '235 2.7.0 Authentication successful',
      ]);
      await lab.clock.sleep(Math.max(0, expiresAt + 1_000 - lab.clock.now()));
      await late.say(`AUTH XOAUTH2 ${xoauth2(MAILBOX, token)}`);
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason: 'token-expired' });
    });
  });

  it('refuses a token whose signature was made with another key', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const [header = '', payload = ''] = (await acquireToken(lab)).split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
      const forged = await lab.clock.hold(async () =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'RS256', kid })
          .sign(await importJWK({ ...publishedLabKeys()['smtp-leaf'] }, 'RS256')),
      );
      await expect(sendMail(lab, forged)).rejects.toMatchObject({ response: expect.stringMatching(UNSUCCESSFUL) });
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason: 'token-signature' });
    });
  });

  it.each([
    ['for Graph', 'https://graph.microsoft.com/.default', 'token-audience'],
    ['for POP and IMAP consent', 'https://ps.outlook.com/.default', 'token-audience'],
  ])('refuses a token %s', async (_what, scope, reason) => {
    await inMicrosoftLab({}, async (lab) => {
      await expect(sendMail(lab, await acquireToken(lab, scope))).rejects.toMatchObject({ responseCode: 535 });
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason });
    });
  });

  it('accepts the audience that Microsoft’s own guide names', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const token = await acquireToken(lab, 'https://outlook.office365.com/.default');
      await expect(sendMail(lab, token)).resolves.toMatch(/^250 /);
    });
  });

  it('refuses something that is no token at all, and does not write it down', async () => {
    await inMicrosoftLab({}, async (lab) => {
      await expect(sendMail(lab, 'not-a-token')).rejects.toMatchObject({ responseCode: 535 });
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason: 'token-malformed' });
      expect(lab.journal.toJsonLines()).not.toContain('not-a-token');
    });
  });

  it('goes on refusing a token from before the consent, and accepts a new one', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { clientId } = lab.application;
      lab.directory.revokeAdminConsent(lab.tenantId, clientId);
      const old = await acquireToken(lab);
      lab.directory.grantAdminConsent(lab.tenantId, clientId);
      await expect(sendMail(lab, old)).rejects.toMatchObject({ responseCode: 535 });
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({
        reason: 'role-missing',
        expected: 'SMTP.SendAsApp',
      });
      await expect(sendMail(lab, await acquireToken(lab))).resolves.toMatch(/^250 /);
    });
  });

  it('answers with a transient code while the keys cannot be had', async () => {
    await inMicrosoftLab({ keysOf: () => Promise.reject(new Error('no route')) }, async (lab) => {
      await expect(sendMail(lab, await acquireToken(lab))).rejects.toMatchObject({ responseCode: 454 });
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason: 'keys-unavailable' });
    });
  });
});
