import { createTransport } from 'nodemailer';
import { MAILBOX, aToken, inRealTimeExchangeLab } from './exchange-lab.ts';

describe('nodemailer with a pool', () => {
  it('sends many mails over a few connections in real time', async () => {
    await inRealTimeExchangeLab(async (lab) => {
      const accessToken = await aToken(lab);
      const transport = createTransport({
        pool: true,
        maxConnections: 3,
        host: '127.0.0.1',
        port: lab.exchangeServer.port,
        requireTLS: true,
        name: 'client.example',
        tls: { servername: 'smtp.office365.com', ca: lab.smtpRoot },
        auth: { type: 'OAUTH2', user: MAILBOX, accessToken },
      });
      const sent = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          transport.sendMail({ from: MAILBOX, to: 'a@x.example', subject: `mail ${index}`, text: '.\n..\nend' }),
        ),
      );
      transport.close();
      expect(sent.every(({ response }) => response.startsWith('250 2.0.0 OK'))).toBe(true);
      expect(lab.exchange.messages[0]?.raw.toString()).toMatch(/\r\n\r\n\.\r\n\.\.\r\nend\r\n$/);
      expect(new Set(lab.exchange.messages.map(({ submittedBy }) => submittedBy?.sessionId)).size).toBe(3);
    });
  });
});
