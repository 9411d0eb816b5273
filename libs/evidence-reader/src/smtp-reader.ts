import type { SmtpStage } from '#libs/diagnosis';
import { defined, type Findings, type Place } from './findings.ts';
import type { SmtpReplyObservation } from './observation-types.ts';

/** Marks that programs put in front of what the server says, and of what they say themselves. */
const FROM_SERVER =
  /(?:^|[\s\]])(?:S:|Server:|<--|<-|<~|<\*\*|<~\*|<<<|<|reply:)\s{1,4}b?['"]?(?=[2-5]\d\d(?:[ -]|\b))/;
const FROM_CLIENT =
  /(?:^|[\s\]])(?:C:|Client:|-->|->|~>|>>>|>|send:)\s{1,4}b?['"]?(EHLO|HELO|STARTTLS|AUTH|MAIL FROM|RCPT TO|DATA|BDAT|RSET|NOOP|QUIT|\.)(?=$|[\s:'"\\])(.{0,200})/i;
/** JavaMail's debug output has no marks (`mail.debug=true`). */
const PLAIN_COMMAND = /^(?:DEBUG SMTP: )?(EHLO|HELO|STARTTLS|AUTH|MAIL FROM|RCPT TO|DATA|QUIT)\b(.{0,200})/;
const PLAIN_REPLY = /^([2-5]\d\d)(?:([ -])(.*))?$/;
const REPLY = /^([2-5]\d\d)([ -]?)(.*)$/;

/** A refusal within other text: code, enhanced code, words. */
const WITHIN = /(?:^|[^\d.:,])([45]\d\d)[ -]#?([45]\.\d{1,3}\.\d{1,3})\b[\s:;,]{0,3}(.*)/;
/** `(535, b'5.7.3 …')` of smtplib. */
const PYTHON = /\(([45]\d\d), b?['"](?:([45]\.\d{1,3}\.\d{1,3})[ :]{0,2})?([^'"]{0,2000})/;
/** Cut off in front. */
const WITHOUT_CODE =
  /(?:^|[^\d.])([45]\.\d{1,3}\.\d{1,3})\s(?=Authentication unsuccessful|SendAsDenied|STOREDRV|Basic authentication|Client not auth|Client was not)(.*)/i;
const WORDS_ONLY: readonly { says: RegExp; code: number; enhanced?: string; stage: SmtpStage }[] = [
  { says: /SmtpClientAuthentication is disabled/i, code: 535, enhanced: '5.7.139', stage: 'auth' },
  { says: /mailbox logon failure/i, code: 430, enhanced: '4.2.0', stage: 'end-of-data' },
  {
    says: /SendAsDenied|not allowed to send as|permissions to send as this sender/i,
    code: 554,
    enhanced: '5.2.252',
    stage: 'end-of-data',
  },
  {
    says: /Basic authentication is not supported for Client Submission/i,
    code: 550,
    enhanced: '5.7.30',
    stage: 'auth',
  },
];
const BOUNCE =
  /(?:Diagnostic-Code:\s{0,4}smtp;\s{0,4}|Remote Server returned\s{0,2}['"<]?|returned an error:\s{0,2})(?:[^#\d]{0,120}#)?(?:[45]\d\d[ -]?)?(?:\s?#)?([45]\.\d{1,3}\.\d{1,3})\b[\s<]{0,2}(.*)|\b(5\.\d{1,3}\.\d{1,3})\s(RESOLVER\..*)/i;
const BOUNCED_RECIPIENT = /(?:Recipient|for|rfc822;)\s{0,2}<?([^\s<>;@]{1,64}@[\w.-]{1,255})/i;
/** Programs that keep the server's words to themselves. */
const WORDLESS_AUTH = /curl: \(67\)|Login denied|Unrecognized command 'AQ=='|SASL authentication failed/;

const STAGES: Readonly<Record<string, SmtpStage>> = {
  EHLO: 'ehlo',
  HELO: 'ehlo',
  STARTTLS: 'starttls',
  AUTH: 'auth',
  'MAIL FROM': 'mail',
  'RCPT TO': 'rcpt',
  DATA: 'data',
  BDAT: 'end-of-data',
  '.': 'end-of-data',
  QUIT: 'quit',
};

/** Without a command for so many lines, a reply belongs to another conversation. */
const CONVERSATION_LINES_MAX = 400;
const TEXT_CHARACTERS_MAX = 1_000;

/** Replies of SMTP servers: in transcripts of many programs, in their messages, and in non-delivery reports. */
export class SmtpReader {
  private command: { stage: SmtpStage; text?: string; line: number } | undefined;
  private isTls = false;
  private reply: { code: number; texts: string[] } | undefined;
  private wordless: Place | undefined;
  private authRefused = false;

  constructor(
    private readonly findings: Findings,
    /** What is further from a command does not answer it. */
    private readonly conversationLinesMax = CONVERSATION_LINES_MAX,
  ) {}

  /** The stage of the conversation that a transcript has come to; undefined outside of one. */
  stageAt(line: number): SmtpStage | undefined {
    return this.isTalking(line) ? this.command?.stage : undefined;
  }

  /** Whether the line was part of a conversation, or holds a refusal. */
  read(line: string, place: Place): boolean {
    const number = place.source.line ?? 0;
    const bounce = BOUNCE.exec(line);
    if (bounce) return this.bounced(bounce, line, place);
    const marked = FROM_CLIENT.exec(line) ?? PLAIN_COMMAND.exec(line);
    if (marked) return this.said(marked[1]?.toUpperCase() ?? '', marked[2] ?? '', number);
    const server = FROM_SERVER.exec(line);
    const spoken = server ? line.slice(server.index + server[0].length) : undefined;
    const reply = spoken === undefined ? this.plainReply(line, number) : REPLY.exec(spoken);
    if (reply) return this.replied(reply, place);
    return this.refusedWithin(line, place);
  }

  end(): void {
    const { wordless } = this;
    if (!wordless || this.authRefused) return;
    const text = 'AUTH was refused; the program does not show the words of the server';
    this.add({ kind: 'smtp-reply', code: 535, text, stage: 'auth', source: wordless.source }, wordless);
  }

  private isTalking(line: number): boolean {
    return this.command !== undefined && line - this.command.line <= this.conversationLinesMax;
  }

  private plainReply(line: string, number: number): RegExpExecArray | null {
    const reply = PLAIN_REPLY.exec(line);
    if (!reply) return null;
    const isGreeting = reply[1] === '220' && /ESMTP|SMTP|MAIL Service/i.test(line);
    return isGreeting || this.isTalking(number) ? reply : null;
  }

  private said(command: string, argument: string, line: number): boolean {
    const stage = STAGES[command] ?? 'other';
    const mechanism = /^\s*([A-Z\d-]{3,20})/i.exec(argument)?.[1];
    const text = command === 'AUTH' ? `AUTH ${mechanism ?? ''}`.trim() : `${command}${argument}`.slice(0, 200);
    if (command === 'EHLO' && this.command?.stage === 'quit') this.isTls = false;
    this.command = { stage, text, line };
    this.findings.recognise('smtp-transcript');
    return true;
  }

  private replied([, digits = '', separator, words = '']: RegExpExecArray, place: Place): boolean {
    const { source } = place;
    const code = Number(digits);
    const text = words.replace(/(?:\\r)?(?:\\n)?['"]?\s*$/, '').slice(0, TEXT_CHARACTERS_MAX);
    if (this.reply?.code !== code) this.reply = { code, texts: [] };
    this.reply.texts.push(text);
    if (separator === '-') return true;
    const { texts } = this.reply;
    this.reply = undefined;
    const line = source.line ?? 0;
    const isGreeting = code === 220 && /ESMTP|MAIL Service/i.test(text);
    const stage = isGreeting ? 'greeting' : this.isTalking(line) ? this.command?.stage : undefined;
    this.findings.recognise('smtp-transcript');
    if (isGreeting) [this.isTls, this.command] = [false, { stage: 'greeting', line }];
    if (stage === 'ehlo' && code === 250) this.offered(texts, place);
    if (stage === 'starttls' && code === 220) this.isTls = true;
    const asksForMore = code === 334 || code === 354;
    if (code === 354) this.command = { stage: 'end-of-data', line };
    if (asksForMore || stage === 'quit') return true;
    this.add(this.observed(code, texts.join(' '), stage, place), place);
    return true;
  }

  private observed(code: number, words: string, stage: SmtpStage | undefined, { source }: Place): SmtpReplyObservation {
    const [, enhanced, rest] = /^#?([245]\.\d{1,3}\.\d{1,3})\b:?\s?(.*)$/.exec(words) ?? [];
    const command = stage === undefined ? undefined : this.command?.text;
    return {
      kind: 'smtp-reply',
      code,
      ...defined({ enhanced, stage, command }),
      text: (rest ?? words).slice(0, TEXT_CHARACTERS_MAX),
      source,
    };
  }

  private offered(texts: readonly string[], place: Place): void {
    const offers = texts.slice(1).map((text) => text.trim().toUpperCase().split(/[ =]+/));
    const mechanisms = offers.find(([keyword]) => keyword === 'AUTH')?.slice(1);
    const extensions = offers.map(([keyword = '']) => keyword).slice(0, 50);
    const { source } = place;
    this.findings.add(
      { kind: 'smtp-offer', extensions, ...defined({ mechanisms }), overTls: this.isTls, source },
      place,
    );
  }

  private refusedWithin(line: string, place: Place): boolean {
    const [, code, enhanced, text] = PYTHON.exec(line) ?? WITHIN.exec(line) ?? [];
    if (code !== undefined) {
      const words = [enhanced, text]
        .filter(Boolean)
        .join(' ')
        .replace(/(?:\\r)?\\n['"]?\s*$/, '');
      this.add(this.observed(Number(code), words, this.stageOf(line, place), place), place);
      return true;
    }
    const bare = WITHOUT_CODE.exec(line);
    const known = WORDS_ONLY.find(({ says }) => says.test(line));
    if (known) {
      const { code: usual, enhanced: status, stage } = known;
      const seen = { kind: 'smtp-reply', code: usual, ...defined({ enhanced: status }), stage } as const;
      this.add({ ...seen, text: line.slice(0, TEXT_CHARACTERS_MAX), source: place.source }, place);
      return true;
    }
    if (bare) {
      const usual = bare[1]?.startsWith('5.7.3') || bare[1] === '5.7.139' ? 535 : bare[1]?.startsWith('4') ? 451 : 550;
      this.add(this.observed(usual, `${bare[1]} ${bare[2]}`, undefined, place), place);
      return true;
    }
    if (WORDLESS_AUTH.test(line)) this.wordless ??= place;
    return false;
  }

  /** What libraries say they were doing. */
  private stageOf(line: string, { source }: Place): SmtpStage | undefined {
    if (/Invalid login|AuthenticationFailed|SMTPAuthenticationError|authentication failed|AUTH/.test(line))
      return 'auth';
    if (/Message failed|SMTPDataError|did not accept the mail/.test(line)) return 'end-of-data';
    if (/SMTPSenderRefused|Mail command failed/.test(line)) return 'mail';
    if (/SMTPRecipientsRefused|Can't send mail - all recipients/.test(line)) return 'rcpt';
    if (/Invalid greeting|SMTPConnectError/.test(line)) return 'greeting';
    return this.stageAt(source.line ?? 0);
  }

  private add(reply: SmtpReplyObservation, place: Place): void {
    if (reply.code >= 400) this.findings.recognise('smtp-reply');
    if (reply.code >= 500 && /^AQ==|'AQ=='/.test(reply.text.replace('Unrecognized command ', ''))) {
      this.wordless ??= place;
      return;
    }
    this.authRefused ||= reply.code >= 400 && (reply.stage === 'auth' || reply.enhanced?.startsWith('5.7.') === true);
    this.findings.add(reply, place);
  }

  private bounced([, plain, text, resolver, rest]: RegExpExecArray, line: string, place: Place): boolean {
    const enhanced = plain ?? resolver ?? '';
    const words = (text ?? rest ?? '').slice(0, TEXT_CHARACTERS_MAX);
    const recipient = BOUNCED_RECIPIENT.exec(line)?.[1];
    const { source } = place;
    this.findings.recognise('bounce');
    this.findings.add({ kind: 'bounce', enhanced, text: words, ...defined({ recipient }), source }, place);
    return true;
  }
}
