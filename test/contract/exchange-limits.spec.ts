import PostalMime from 'postal-mime';
import {
  APP,
  MAILBOX,
  START,
  aToken,
  inExchangeLab,
  lastOf,
  openAuthenticated,
  submit,
  type ExchangeLab,
} from './exchange-lab.ts';
import { openSecured, SmtpDialogue, xoauth2 } from './smtp-dialogue.ts';

const CONCURRENCY =
  '432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.';

describe('limits of a mailbox', () => {
  it('lets three connections submit and not a fourth, until one of them ends', async () => {
    await inExchangeLab({}, async (lab) => {
      const sessions = [];
      for (let count = 1; count <= 4; count += 1) sessions.push(await openAuthenticated(lab));
      const replies = [];
      for (const smtp of sessions) replies.push((await submit(smtp)).slice(0, 5));
      expect(replies).toEqual(['250 2', '250 2', '250 2', '432 4']);
      const [first, , , fourth] = sessions;
      expect(await submit(fourth as SmtpDialogue)).toBe(`${CONCURRENCY} [Hostname=${lab.organization.serverHost}]`);
      await first?.say('QUIT');
      expect(await submit(fourth as SmtpDialogue)).toMatch(/^250 /);
    });
  });

  it('counts connections for each mailbox on its own', async () => {
    await inExchangeLab({ settings: { concurrentConnectionsMax: 1 } }, async (lab) => {
      lab.organization.createMailbox({ address: 'second@lab.example', displayName: 'Second' });
      lab.organization.addMailboxPermission({ mailbox: 'second@lab.example', user: APP, accessRights: ['FullAccess'] });
      const first = await openAuthenticated(lab);
      const second = await openAuthenticated(lab, 'second@lab.example');
      expect(await submit(first)).toMatch(/^250 /);
      expect(await submit(second, { from: 'second@lab.example' })).toMatch(/^250 /);
    });
  });

  it('delays the 31st message of a minute, not the 30th', async () => {
    await inExchangeLab({ settings: { rateDelayMsMax: 60_000 } }, async (lab) => {
      const smtp = await openAuthenticated(lab);
      const begin = lab.clock.now();
      const waited: number[] = [];
      for (let count = 1; count <= 31; count += 1) {
        const before = lab.clock.now();
        expect(await smtp.say(`MAIL FROM:<${MAILBOX}>`)).toEqual(['250 2.1.0 Sender OK']);
        waited.push(lab.clock.now() - before);
        await smtp.say('RSET');
      }
      expect(waited.slice(0, 30)).toEqual(Array(30).fill(0));
      expect(lab.clock.now() - begin).toBe(60_000);
    });
  });

  it('refuses the 31st message when its turn is too far away, and ends the session', async () => {
    await inExchangeLab({}, async (lab) => {
      const smtp = await openAuthenticated(lab);
      for (let count = 1; count <= 30; count += 1) {
        await smtp.say(`MAIL FROM:<${MAILBOX}>`);
        await smtp.say('RSET');
      }
      const before = lab.clock.now();
      const [reply = ''] = await smtp.say(`MAIL FROM:<${MAILBOX}>`);
      expect(reply).toMatch(
        /^421 4\.4\.2 Message submission rate for this client has exceeded the configured limit \[/,
      );
      expect(lab.clock.now() - before).toBe(30_000);
      expect(lastOf(lab, 'exchange.message-refused')).toMatchObject({ mailbox: MAILBOX, reason: 'rate-exceeded' });
      await expect(smtp.say('NOOP')).rejects.toThrow('the server ended the connection');
    });
  });

  it('takes 10,000 recipients in 24 hours and not one more, and starts anew the day after', async () => {
    await inExchangeLab({ settings: { messagesPerMinuteMax: 1_000 } }, async (lab) => {
      const smtp = await openAuthenticated(lab);
      lab.online.ledger.addRecipients(MAILBOX, 9_998, lab.clock.now());
      expect(await submit(smtp, { to: ['a@x.example', 'b@x.example'] })).toMatch(/^250 /);
      expect(await submit(smtp)).toBe(
        `554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException [Hostname=${lab.organization.serverHost}]`,
      );
      smtp.end();
      await lab.clock.sleep(86_400_000);
      expect(await submit(await openAuthenticated(lab))).toMatch(/^250 /);
    });
  });

  it('takes 1000 recipients in a message and refuses the next one alone', async () => {
    await inExchangeLab({}, async (lab) => {
      const smtp = await openAuthenticated(lab);
      await smtp.say(`MAIL FROM:<${MAILBOX}>`);
      for (let count = 1; count <= 1_000; count += 1) {
        expect(await smtp.say(`RCPT TO:<guest${count}@visitor.example>`)).toEqual(['250 2.1.5 Recipient OK']);
      }
      expect((await smtp.say('RCPT TO:<one.more@visitor.example>'))[0]).toMatch(/^452 4\.5\.3 Too many recipients \[/);
      expect(lastOf(lab, 'exchange.recipient-refused')).toMatchObject({ reason: 'too-many-recipients' });
      expect((await smtp.say('DATA'))[0]).toMatch(/^354 /);
    });
  });

  it('obeys the recipient limit of the organization', async () => {
    await inExchangeLab({}, async (lab) => {
      lab.organization.setTransportConfig({ maxRecipientEnvelopeLimit: 1 });
      expect(await submit(await openAuthenticated(lab), { to: ['a@x.example', 'b@x.example'] })).toMatch(/^452 /);
    });
  });
});

describe('what becomes of a message', () => {
  it('is in Sent Items of the mailbox', async () => {
    await inExchangeLab({}, async (lab) => {
      await submit(await openAuthenticated(lab));
      expect(lab.online.sentItemsOf(MAILBOX)).toMatchObject([
        { subject: 'test', submittedBy: { mailbox: MAILBOX, appId: APP } },
      ]);
    });
  });

  it('comes back as a non-delivery report from an own address that nobody has', async () => {
    await inExchangeLab({}, async (lab) => {
      const to = ['nobody@lab.example', 'guest@visitor.example'];
      expect(await submit(await openAuthenticated(lab), { to })).toMatch(/^250 /);
      expect(lab.exchange.deliveredTo('nobody@lab.example')).toEqual([]);
      expect(lab.exchange.deliveredTo('guest@visitor.example')).toHaveLength(1);
      const [report] = lab.exchange.deliveredTo(MAILBOX);
      const parsed = await lab.clock.hold(() => PostalMime.parse(report?.raw ?? ''));
      expect(parsed).toMatchObject({ subject: 'Undeliverable: test', to: [{ address: MAILBOX }] });
      expect(parsed.text).toContain(
        '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient nobody@lab.example not found by SMTP address lookup',
      );
      const raw = report?.raw.toString() ?? '';
      expect(raw).toMatch(/Final-Recipient: rfc822;nobody@lab\.example\r\nAction: failed\r\nStatus: 5\.1\.10\r\n/);
      expect(raw).toContain('Message-ID: <1@ise.lab.example>');
      expect(lastOf(lab, 'exchange.message-bounced')).toMatchObject({
        to: 'nobody@lab.example',
        reason: 'recipient-unknown',
      });
    });
  });

  it.each<[string, (lab: ExchangeLab) => void]>([
    ['an alias', ({ organization }) => organization.setMailbox(MAILBOX, { aliases: ['nobody@lab.example'] })],
    ['a group', ({ organization }) => organization.addRecipient('Nobody@lab.example')],
    [
      'a domain that is relayed',
      ({ organization }) => void (organization.acceptedDomains[0] = { name: 'lab.example', type: 'internal-relay' }),
    ],
  ])('reaches an own address through %s', async (_what, change) => {
    await inExchangeLab({}, async (lab) => {
      change(lab);
      await submit(await openAuthenticated(lab), { to: ['nobody@lab.example'] });
      expect(lab.exchange.deliveredTo('nobody@lab.example')).toHaveLength(1);
    });
  });

  it('gets a Message-ID when it has none', async () => {
    await inExchangeLab({}, async (lab) => {
      const smtp = await openAuthenticated(lab);
      for (const line of [`MAIL FROM:<${MAILBOX}>`, 'RCPT TO:<a@x.example>', 'DATA']) await smtp.say(line);
      const [reply = ''] = await smtp.say(`From: ${MAILBOX}\r\n\r\nhello\r\n.`);
      expect(reply).toMatch(/^250 2\.0\.0 OK <[0-9a-f-]{36}@DEUP281\.PROD\.OUTLOOK\.COM> \[Hostname=/);
    });
  });

  it('is refused when its parts are nested without end', async () => {
    await inExchangeLab({}, async (lab) => {
      const parts = Array.from({ length: 400 }, (_, depth) => [
        `Content-Type: multipart/mixed; boundary="b${depth}"`,
        '',
        `--b${depth}`,
      ]).flat();
      const smtp = await openAuthenticated(lab);
      for (const line of [`MAIL FROM:<${MAILBOX}>`, 'RCPT TO:<a@x.example>', 'DATA']) await smtp.say(line);
      expect(await smtp.say([`From: ${MAILBOX}`, ...parts, '.'].join('\r\n'))).toEqual([
        `554 5.6.0 Invalid message content [Hostname=${lab.organization.serverHost}]`,
      ]);
    });
  });

  it('may come in chunks', async () => {
    await inExchangeLab({}, async (lab) => {
      const smtp = await openAuthenticated(lab);
      for (const line of [`MAIL FROM:<${MAILBOX}> BODY=BINARYMIME`, 'RCPT TO:<a@x.example>']) await smtp.say(line);
      const message = `From: ${MAILBOX}\nSubject: bare line ends\nMessage-ID: <2@x>\n\nbody\n`;
      expect(await smtp.say(`BDAT ${message.length} LAST\r\n${message}`.slice(0, -2) + '\n')).toEqual([
        expect.stringMatching(/^250 2\.0\.0 OK <2@x>/),
      ]);
    });
  });
});

describe('troubles of the service', () => {
  it('is not available', async () => {
    await inExchangeLab({}, async (lab) => {
      lab.online.conditions.isUnavailable = true;
      const { greeting, smtp } = await SmtpDialogue.open(lab);
      expect(greeting).toMatch(/^421 4\.3\.2 Service not available \[/);
      await expect(smtp.say('EHLO x')).rejects.toThrow('ended');
      expect(lastOf(lab, 'exchange.session-refused')).toMatchObject({ reason: 'service-unavailable' });
    });
  });

  it('has as many connections as it takes', async () => {
    await inExchangeLab({ settings: { connectionsMax: 1 } }, async (lab) => {
      expect((await SmtpDialogue.open(lab)).greeting).toMatch(/^220 /);
      expect((await SmtpDialogue.open(lab)).greeting).toMatch(
        /^421 4\.3\.2 The maximum number of concurrent server connections/,
      );
    });
  });

  it('takes no further TLS handshake, and no further message', async () => {
    await inExchangeLab({}, async (lab) => {
      const smtp = await openAuthenticated(lab);
      lab.online.conditions.hasTooFewResources = true;
      expect(await submit(smtp)).toMatch(/^452 4\.3\.1 Insufficient system resources \[/);
      lab.online.conditions.isTlsRateExceeded = true;
      const { smtp: plain } = await SmtpDialogue.open(lab);
      await plain.say('EHLO x');
      expect((await plain.say('STARTTLS'))[0]).toMatch(
        /^454 4\.7\.0 Cannot accept TLS as maximum TLS rate exceeded for server \[/,
      );
    });
  });

  it('is over after a reset, with everything else that happened', async () => {
    await inExchangeLab({}, async (lab) => {
      const seed = JSON.stringify(lab.online.exportState());
      await submit(await openAuthenticated(lab));
      lab.online.conditions.isUnavailable = true;
      lab.organization.removeServicePrincipal(APP);
      lab.organization.createMailbox({ address: 'new@lab.example', displayName: 'New' });
      lab.organization.setTransportConfig({ smtpClientAuthenticationDisabled: true });
      lab.organization.newManagementScope({ name: 'x', recipientRestrictionFilter: "Alias -eq 'x'" });
      expect(JSON.stringify(lab.online.exportState())).not.toBe(seed);
      lab.exchange.reset();
      expect(JSON.stringify(lab.online.exportState())).toBe(seed);
      expect([lab.exchange.messages.length, lab.exchange.sessions.length]).toEqual([0, 0]);
    });
  });
});

describe('sessions as they are kept', () => {
  it('have a transcript without the token, and the reason of a refusal in plain words', async () => {
    await inExchangeLab({}, async (lab) => {
      lab.organization.removeServicePrincipal(APP);
      const smtp = await openSecured(lab);
      const token = await aToken(lab);
      await smtp.say(`AUTH XOAUTH2 ${xoauth2(MAILBOX, token)}`);
      await smtp.say(xoauth2(MAILBOX, token).slice(0, 60));
      await smtp.say('QUIT');
      const [session] = lab.exchange.sessions;
      expect(
        session?.transcript.map(({ from, line }) => `${from === 'client' ? 'C' : 'S'}: ${line}`).slice(12),
      ).toEqual([
        'C: STARTTLS',
        'S: 220 2.0.0 SMTP server ready',
        'C: EHLO psn1.lab.example',
        expect.stringMatching(/^S: 250-FR3P281CA\d{4}\.outlook\.office365\.com Hello \[127\.0\.0\.1\]$/),
        'S: 250-SIZE 157286400',
        'S: 250-PIPELINING',
        'S: 250-DSN',
        'S: 250-ENHANCEDSTATUSCODES',
        'S: 250-AUTH LOGIN XOAUTH2',
        'S: 250-8BITMIME',
        'S: 250-BINARYMIME',
        'S: 250-CHUNKING',
        'S: 250 SMTPUTF8',
        `C: AUTH XOAUTH2 (user=${MAILBOX}, token of ${token.length} characters)`,
        expect.stringMatching(/^S: 535 5\.7\.3 Authentication unsuccessful \[/),
        'C: (60 characters)',
        expect.stringMatching(/^S: 500 5\.3\.3 Unrecognized command '…' \[/),
        'C: QUIT',
        'S: 221 2.0.0 Service closing transmission channel',
      ]);
      expect(session).toMatchObject({
        isSecure: true,
        openedAt: START,
        refusals: [
          {
            reason: 'service-principal-missing',
            explanation: 'No service principal is registered in Exchange for the application.',
          },
          { reason: 'command-unknown' },
        ],
      });
      expect(JSON.stringify(lab.exchange.sessions)).not.toContain(token.slice(0, 20));
      expect(JSON.stringify(lab.exchange.sessions)).not.toContain(xoauth2(MAILBOX, token).slice(0, 20));
    });
  });

  it('are the latest ones', async () => {
    await inExchangeLab({ settings: { sessionsKeptMax: 2 } }, async (lab) => {
      for (let count = 1; count <= 3; count += 1) (await SmtpDialogue.open(lab)).smtp.end();
      await lab.clock.sleep(10);
      expect(lab.exchange.sessions).toHaveLength(2);
      expect(lab.exchange.sessions[1]?.closedAt).toBeDefined();
    });
  });
});

describe('a message that cannot be stored', () => {
  it('is answered 452 and is nowhere; the next one is taken once there is room again', async () => {
    await inExchangeLab({}, async (lab) => {
      const offered: number[] = [];
      let hasRoom = false;
      lab.online.keepMessagesWith((messages) => {
        offered.push(messages.length);
        return hasRoom;
      });
      const smtp = await openAuthenticated(lab);
      // One of the recipients is unknown: the message and the report about it are kept together or not at all.
      const to = ['guest@visitor.example', 'nobody@lab.example'];
      expect(await submit(smtp, { to })).toBe(
        `452 4.3.1 Insufficient system resources [Hostname=${lab.organization.serverHost}]`,
      );
      expect(lab.online.messages).toEqual([]);
      expect(lab.online.ledger.recipientsOfTheDay(MAILBOX, lab.clock.now())).toBe(0);
      expect(lastOf(lab, 'exchange.message-accepted')).toBeUndefined();
      expect(lastOf(lab, 'exchange.message-refused')).toMatchObject({ reason: 'too-few-resources' });
      expect(lab.exchange.sessions[0]?.refusals).toMatchObject([{ actual: 'the message could not be stored' }]);
      hasRoom = true;
      expect(await submit(smtp, { to })).toMatch(/^250 2\.0\.0 OK/);
      expect(lab.online.messages).toHaveLength(2);
      expect(offered).toEqual([2, 2]);
    });
  });
});
