import { describeClient, type ClientProgram, type ClientRun } from './client-run.ts';
import type { LiveLab } from './live-lab.ts';
import { acceptedBy, prepare, SMTP_CASES, type PreparedCase } from './smtp-cases.ts';

/** A program that submits one mail with a token. */
export interface SmtpClient extends ClientProgram {
  send: (lab: LiveLab, prepared: PreparedCase) => Promise<ClientRun>;
  /** What its user is shown of a refusal with this reply code. Default: the code. */
  shows?: (reply: number) => RegExp;
  /** What its user is shown when the lab root is missing. */
  distrusts: RegExp;
}

/** Runs the client against a good tenant and all the broken ones; the world must agree with what it says. */
export function describeSmtpClient(lab: () => LiveLab, client: SmtpClient): void {
  const { send, shows = (reply) => new RegExp(`\\b${reply}\\b`), distrusts } = client;
  describeClient(client, (record) => {
    it.each(SMTP_CASES)('$name: $outcome', async (given) => {
      const prepared = await prepare(lab(), given);
      const run = await send(lab(), prepared);
      record.note(given.name, run, [prepared.token]);
      const { outcome } = given;
      expect({ ...run, isSuccess: run.status === 0 }).toMatchObject({ isSuccess: outcome === 'accepted' });
      expect(await acceptedBy(lab())).toBe(outcome === 'accepted' ? 1 : 0);
      if (outcome === 'not trusted') expect(run.printed).toMatch(distrusts);
      if (typeof outcome === 'number') expect(run.printed).toMatch(shows(outcome));
    });
  });
}

/** The mail that programs are given which want one as text. */
export function plainMail(from: string, program: string): string {
  return `From: ${from}\r\nTo: guest@visitor.example\r\nSubject: from ${program}\r\n\r\nHello\r\n`;
}
