import { once } from 'node:events';
import { connect } from 'node:net';
import { acquireToken, inMicrosoftLab, lastOf, MAILBOX } from './microsoft-lab.ts';
import { ERROR_SUFFIX, openSecured, SmtpDialogue, xoauth2 } from './smtp-dialogue.ts';

describe('Exchange mock on the wire', () => {
  it('greets and announces like the real server, before and after STARTTLS', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const { smtp, greeting } = await SmtpDialogue.open(lab);
      expect(greeting).toMatch(
        /^220 FR3P281CA\d{4}\.outlook\.office365\.com Microsoft ESMTP MAIL Service ready at Mon, 2 Feb 2026 05:00:00 \+0000 \[08DE[0-9A-F]{12}\]$/,
      );
      const [hello, ...plain] = await smtp.say('EHLO psn1.lab.example');
      expect(hello).toMatch(/^250-FR3P281CA\d{4}\.outlook\.office365\.com Hello \[127\.0\.0\.1\]$/);
      const rest = ['250-8BITMIME', '250-BINARYMIME', '250-CHUNKING', '250 SMTPUTF8'];
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
      expect(given).toMatch(new RegExp(`${ERROR_SUFFIX}$`));
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
      lab.journal.linkPeer(socket, dial.seq);
      await once(socket, 'data');
      expect(lastOf(lab, 'exchange.session-opened')).toMatchObject({ cause: dial.seq });
      socket.destroy();
    });
  });

  it('keeps to its own dial when the system lends the port of its client to a dial of another server, too', async () => {
    await inMicrosoftLab({}, async (lab) => {
      const [dial, other] = ['test.dialled', 'test.dialled-elsewhere'].map((kind) => lab.journal.record({ kind }).seq);
      const socket = connect(lab.exchangeServer.port, '127.0.0.1');
      await once(socket, 'connect');
      lab.journal.linkPeer(socket, dial!);
      lab.journal.linkPeer({ localPort: socket.localPort, remotePort: lab.exchangeServer.port + 1 }, other!);
      await once(socket, 'data');
      socket.end();
      await lab.clock.sleep(10);
      expect(lastOf(lab, 'exchange.session-opened')).toMatchObject({ cause: dial });
      expect(lastOf(lab, 'exchange.session-closed')).toMatchObject({ cause: dial });
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
