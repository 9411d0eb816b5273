import fc from 'fast-check';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { MAILBOX, aToken, inExchangeLab, lastOf, openAuthenticated, type ExchangeLab } from './exchange-lab.ts';
import { openSecured, SmtpDialogue, xoauth2 } from './smtp-dialogue.ts';

/** What a bare socket got until the server closed it, or until nothing came for a virtual second. */
async function exchangeBytes(lab: ExchangeLab, pieces: readonly Buffer[], { halfClose = false } = {}): Promise<string> {
  const socket = connect({ port: lab.exchangeServer.port, host: '127.0.0.1', allowHalfOpen: true });
  let received = '';
  socket.on('data', (octets: Buffer) => (received += octets.toString('latin1')));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  for (const piece of pieces) socket.write(piece);
  if (halfClose) socket.end();
  await lab.clock.sleep(120_000);
  socket.destroy();
  return received;
}

const VALID_REPLIES = /^(?:[2345]\d\d[ -][^\r\n]*\r\n)*$/;

function openSessions(lab: ExchangeLab): number {
  return lab.exchange.sessions.filter(({ closedAt }) => closedAt === undefined).length;
}

describe('clients that misbehave', () => {
  it('gives valid replies to garbage, and keeps no session of it', async () => {
    await inExchangeLab({ settings: { protocolErrorsMax: 4 } }, async (lab) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 5 }), async (pieces) => {
          const received = await exchangeBytes(
            lab,
            pieces.map((piece) => Buffer.from(piece)),
          );
          expect(received).toMatch(VALID_REPLIES);
        }),
        { numRuns: 15 },
      );
      await lab.clock.sleep(10_000);
      expect(openSessions(lab)).toBe(0);
    });
  });

  it('answers everything that a client sent before it closed its side', async () => {
    await inExchangeLab({}, async (lab) => {
      const received = await exchangeBytes(lab, [Buffer.from('EHLO a\r\nNOOP\r\nRSET\r\n')], { halfClose: true });
      expect(received).toMatch(/250 SMTPUTF8\r\n250 2\.0\.0 OK\r\n250 2\.0\.0 Resetting\r\n$/);
    });
  });

  it('ends an idle session after five minutes, not a second before', async () => {
    await inExchangeLab({}, async (lab) => {
      const { smtp } = await SmtpDialogue.open(lab);
      await lab.clock.sleep(299_000);
      expect((await smtp.say('EHLO a')).at(-1)).toBe('250 SMTPUTF8');
      await lab.clock.sleep(300_500);
      const [last = ''] = await smtp.say('NOOP');
      expect(last).toMatch(/^421 4\.4\.1 Connection timed out \[/);
      await lab.clock.sleep(3_000);
      expect(openSessions(lab)).toBe(0);
    });
  });

  it('ends a session whose client stays silent inside its TLS handshake', async () => {
    await inExchangeLab({}, async (lab) => {
      const { smtp } = await SmtpDialogue.open(lab);
      await smtp.say('EHLO a');
      await smtp.say('STARTTLS');
      await lab.clock.sleep(301_000);
      expect(openSessions(lab)).toBe(0);
    });
  });

  it.each<[string, (lab: ExchangeLab) => Promise<SmtpDialogue>]>([
    ['after the greeting', async (lab) => (await SmtpDialogue.open(lab)).smtp],
    ['after STARTTLS', (lab) => openSecured(lab)],
    [
      'while AUTH is judged',
      async (lab) => {
        const smtp = await openSecured(lab);
        smtp.say(`AUTH XOAUTH2 ${xoauth2(MAILBOX, await aToken(lab))}`).catch(() => undefined);
        await lab.clock.sleep(100);
        return smtp;
      },
    ],
    ['after AUTH', (lab) => openAuthenticated(lab)],
    [
      'after RCPT',
      async (lab) => {
        const smtp = await openAuthenticated(lab);
        for (const line of [`MAIL FROM:<${MAILBOX}>`, 'RCPT TO:<a@x.example>']) await smtp.say(line);
        return smtp;
      },
    ],
    [
      'inside DATA',
      async (lab) => {
        const smtp = await openAuthenticated(lab);
        for (const line of [`MAIL FROM:<${MAILBOX}>`, 'RCPT TO:<a@x.example>', 'DATA']) await smtp.say(line);
        smtp.say('Subject: never to be finished').catch(() => undefined);
        await lab.clock.sleep(10);
        return smtp;
      },
    ],
    [
      'inside a chunk',
      async (lab) => {
        const smtp = await openAuthenticated(lab);
        for (const line of [`MAIL FROM:<${MAILBOX}>`, 'RCPT TO:<a@x.example>']) await smtp.say(line);
        smtp.say('BDAT 1000 LAST\r\nhello').catch(() => undefined);
        await lab.clock.sleep(10);
        return smtp;
      },
    ],
  ])('forgets a client that vanishes %s, and accepts nothing from it', async (_when, open) => {
    await inExchangeLab({}, async (lab) => {
      const smtp = await open(lab);
      smtp.end();
      await lab.clock.sleep(10_000);
      expect(openSessions(lab)).toBe(0);
      expect(lastOf(lab, 'exchange.session-closed')).toBeDefined();
      expect(lab.exchange.messages).toHaveLength(0);
    });
  });

  it('accepts a message whose sender did not wait for the reply', async () => {
    await inExchangeLab({}, async (lab) => {
      const smtp = await openAuthenticated(lab);
      for (const line of [`MAIL FROM:<${MAILBOX}>`, 'RCPT TO:<a@x.example>', 'DATA']) await smtp.say(line);
      smtp.say(`From: ${MAILBOX}\r\n\r\nhello\r\n.`).catch(() => undefined);
      await lab.clock.sleep(100);
      smtp.end();
      await lab.clock.sleep(10_000);
      expect(lab.exchange.messages).toHaveLength(1);
    });
  });

  it('refuses an AUTH line of 1 MB and lives on', async () => {
    await inExchangeLab({}, async (lab) => {
      const smtp = await openSecured(lab);
      expect((await smtp.say(`AUTH XOAUTH2 ${'A'.repeat(1_048_576)}`))[0]).toMatch(/^500 5\.5\.2 Command too long \[/);
      expect(await smtp.say('NOOP')).toEqual(['250 2.0.0 OK']);
    });
  });

  it('refuses TLS 1.1 in the handshake, and goes on with others', async () => {
    await inExchangeLab({}, async (lab) => {
      const { smtp } = await SmtpDialogue.open(lab);
      await smtp.say('EHLO a');
      await smtp.say('STARTTLS');
      const hello = Buffer.from('160302002f0100002b0302' + '00'.repeat(32) + '000004002f00350100', 'hex');
      smtp.send(hello);
      await lab.clock.sleep(1_000);
      expect(openSessions(lab)).toBe(0);
      expect(await openSecured(lab)).toBeDefined();
    });
  });

  it('takes a client that never reads its replies no further than its buffers', async () => {
    await inExchangeLab({ settings: { idleMsMax: 60_000 } }, async (lab) => {
      const socket: Socket = connect(lab.exchangeServer.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.pause();
      let sent = 0;
      const commands = Buffer.from('HELP\r\n'.repeat(10_000));
      while (sent < 60_000_000 && socket.write(commands)) {
        sent += commands.length;
        await lab.clock.sleep(1);
      }
      expect(sent).toBeLessThan(60_000_000);
      await lab.clock.sleep(61_000);
      expect(openSessions(lab)).toBe(0);
      socket.destroy();
    });
  });
});
