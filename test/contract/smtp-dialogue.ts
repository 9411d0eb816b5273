import { connect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { MicrosoftLab } from './microsoft-lab.ts';

/** Where the SMTP server is, and what to trust. */
type SmtpLab = Pick<MicrosoftLab, 'exchangeServer' | 'smtpRoot'>;

/** What error replies of the front end end with, as a pattern. */
export const ERROR_SUFFIX = String.raw`\[FR3P281CA\d{4}\.DEUP281\.PROD\.OUTLOOK\.COM 2026-02-02T\d\d:\d\d:\d\d\.\d{3}Z 08DE[0-9A-F]{12}\]`;

/** The argument of AUTH XOAUTH2. */
export function xoauth2(user: string, token: string): string {
  return Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`).toString('base64');
}

/** A session that has done STARTTLS and its second EHLO. */
export async function openSecured(lab: SmtpLab): Promise<SmtpDialogue> {
  const { smtp } = await SmtpDialogue.open(lab);
  await smtp.say('EHLO psn1.lab.example');
  await smtp.startTls(lab);
  await smtp.say('EHLO psn1.lab.example');
  return smtp;
}

/** A bare SMTP client: sends a line, gives the lines of the reply. Rejects when the server ends the connection. */
export class SmtpDialogue {
  private buffered = '';
  private waiting: { resolve: (reply: string[]) => void; reject: (error: Error) => void } | undefined;

  private constructor(private socket: Socket) {
    this.listen(socket);
  }

  static async open(lab: SmtpLab): Promise<{ smtp: SmtpDialogue; greeting: string }> {
    const smtp = new SmtpDialogue(connect(lab.exchangeServer.port, '127.0.0.1'));
    const [greeting = ''] = await smtp.reply();
    return { smtp, greeting };
  }

  async say(line: string): Promise<string[]> {
    this.socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** Octets as they are, with no reply waited for. */
  send(octets: Buffer): void {
    this.socket.write(octets);
  }

  async startTls(lab: SmtpLab): Promise<string> {
    const [reply = ''] = await this.say('STARTTLS');
    this.socket.removeAllListeners('data');
    const secure = tlsConnect({ socket: this.socket, servername: 'smtp.office365.com', ca: lab.smtpRoot });
    await new Promise<void>((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject));
    this.socket = secure;
    this.listen(secure);
    return reply;
  }

  end(): void {
    this.socket.destroy();
  }

  private listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.buffered += chunk.toString();
      this.settle();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.waiting?.reject(new Error('the server ended the connection')));
  }

  private reply(): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.settle();
    });
  }

  private settle(): void {
    const complete = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.buffered)?.[0];
    if (complete === undefined || !this.waiting) return;
    this.buffered = this.buffered.slice(complete.length);
    const { resolve } = this.waiting;
    this.waiting = undefined;
    resolve(complete.slice(0, -2).split('\r\n'));
  }
}
