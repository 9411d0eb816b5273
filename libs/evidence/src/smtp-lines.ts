import type { Spoken } from './dialogue.ts';
import { REDACTED } from './redaction.ts';

type Phase = 'commands' | 'authentication' | 'message';

/**
 * Turns an SMTP session into lines, turn by turn, without what authenticates and without messages: those are evidence of
 * their own.
 */
export class SmtpLines {
  private phase: Phase = 'commands';
  private lastCommand = '';

  of({ by, text, missing }: Spoken): string[] {
    const leftOut = missing > 0 ? [`(${missing} octets left out)`] : [];
    return [...leftOut, ...(by === 'peer' ? this.replies(text) : this.commands(text))];
  }

  private replies(text: string): string[] {
    const lines = linesOf(text);
    const code = lines.at(-1)?.slice(0, 3);
    if (code === '354' && this.lastCommand === 'DATA') this.phase = 'message';
    else if (code !== '334') this.phase = 'commands';
    return lines;
  }

  private commands(text: string): string[] {
    if (this.phase === 'message') return this.message(text);
    return linesOf(text).map((line) => {
      if (this.phase === 'authentication') return REDACTED;
      const [verb = '', mechanism = '', initialResponse] = line.split(' ');
      this.lastCommand = verb.toUpperCase();
      if (this.lastCommand !== 'AUTH') return line;
      this.phase = 'authentication';
      return [verb, mechanism, ...(initialResponse === undefined ? [] : [REDACTED])].join(' ').trimEnd();
    });
  }

  /** RFC 5321, 4.1.1.4: a line with nothing but a period ends the message. */
  private message(text: string): string[] {
    const isWhole = text.endsWith('\r\n.\r\n');
    const octets = isWhole ? text.length - 3 : text.length;
    return [`(message, ${octets} octets${isWhole ? '' : ', not to its end'})`, ...(isWhole ? ['.'] : [])];
  }
}

function linesOf(text: string): string[] {
  const lines = text.split('\r\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
