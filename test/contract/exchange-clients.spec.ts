import { execFile, execFileSync } from 'node:child_process';
import { createTransport } from 'nodemailer';
import { APP, MAILBOX, aToken, inRealTimeExchangeLab, type ExchangeLab } from './exchange-lab.ts';
import { xoauth2 } from './smtp-dialogue.ts';

/** Arguments: port, XOAUTH2 data; the root certificate comes on standard input. Prints what each step gave. */
const SMTPLIB = `
import smtplib, ssl, sys
context = ssl.create_default_context(cadata=sys.stdin.read())
client = smtplib.SMTP('127.0.0.1', int(sys.argv[1]), local_hostname='client.example', timeout=20)
client._host = 'smtp.office365.com'
client.starttls(context=context)
client.ehlo()
print(sorted(client.esmtp_features))
code, text = client.docmd('AUTH', 'XOAUTH2 ' + sys.argv[2])
print(code, text.decode())
try:
    print(client.sendmail('${MAILBOX}', ['a@x.example', 'b@x.example'], 'From: ${MAILBOX}\\r\\nSubject: smtplib\\r\\n\\r\\n.dot\\r\\n'))
except smtplib.SMTPException as error:
    print(type(error).__name__, error)
client.quit()
`;

function smtplib(lab: ExchangeLab, token: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const args = ['-c', SMTPLIB, String(lab.exchangeServer.port), xoauth2(MAILBOX, token)];
    const child = execFile('python3', args, (error, stdout) =>
      error ? reject(new Error('python3 failed', { cause: error })) : resolve(stdout.trim().split('\n')),
    );
    child.stdin?.end(lab.smtpRoot);
  });
}

function hasPython(): boolean {
  try {
    execFileSync('python3', ['-c', 'import smtplib, ssl']);
    return true;
  } catch {
    return false; // the tests that need it are then reported as skipped
  }
}

const withPython = hasPython() ? it : it.skip;

describe('smtplib of Python', () => {
  withPython('authenticates and sends', async () => {
    await inRealTimeExchangeLab(async (lab) => {
      expect(await smtplib(lab, await aToken(lab))).toEqual([
        "['8bitmime', 'auth', 'binarymime', 'chunking', 'dsn', 'enhancedstatuscodes', 'pipelining', 'size', 'smtputf8']",
        '235 2.7.0 Authentication successful',
        '{}',
      ]);
      expect(lab.exchange.messages).toMatchObject([
        { subject: 'smtplib', envelope: { to: ['a@x.example', 'b@x.example'] } },
      ]);
      expect(lab.exchange.messages[0]?.raw.toString()).toMatch(/\r\n\r\n\.dot\r\n$/);
    });
  });

  withPython('shows the refusals as they are', async () => {
    await inRealTimeExchangeLab(async (lab) => {
      lab.organization.removeMailboxPermission({ mailbox: MAILBOX, user: APP });
      expect((await smtplib(lab, await aToken(lab)))[2]).toMatch(
        /^SMTPDataError \(430, b'4\.2\.0 STOREDRV; mailbox logon failure;/,
      );
      lab.organization.removeServicePrincipal(APP);
      const [, auth, mail] = await smtplib(lab, await aToken(lab));
      expect(auth).toMatch(/^535 5\.7\.3 Authentication unsuccessful \[/);
      expect(mail).toMatch(/^SMTPSenderRefused \(530, b'5\.7\.57 Client not authenticated to send mail\. \[/);
    });
  });
});

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
      expect(new Set(lab.exchange.messages.map(({ submittedBy }) => submittedBy?.sessionId)).size).toBe(3);
    });
  });
});
