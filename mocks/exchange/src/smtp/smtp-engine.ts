import { InvariantError } from '#libs/diagnosis';
import { AuthDialogue, type AuthStep } from './auth-dialogue.ts';
import { ClientInput } from './client-input.ts';
import { isClientName, parseChunkSize, parseMail, parseRecipient } from './command-arguments.ts';
import {
  refusalOfAuth,
  refusalOfMail,
  refusalOfMessage,
  refusalOfRecipient,
  refusalOfStartTls,
  type Standing,
} from './command-order.ts';
import { DotStuffedReader, MessageBuffer, headerBytes } from './message-receiver.ts';
import { PROTOCOL_REFUSALS, unknownCommand, type ProtocolRefusalReason, type Reply } from './protocol-refusals.ts';
import type { SmtpEffect, SmtpEngineSettings, SmtpQuestion } from './smtp-effects.ts';
import { printable, withheld } from './transcript-line.ts';

type Dialogue =
  | { step: 'command' }
  | { step: 'auth'; auth: AuthDialogue }
  | { step: 'data'; message: MessageBuffer; reader: DotStuffedReader }
  | { step: 'chunk'; octetsLeft: number; octets: number; isLast: boolean; isWanted: boolean }
  | { step: 'asking'; about: SmtpQuestion['kind'] }
  | { step: 'closed' };

/** Commands of SMTP that Exchange Online does not carry out. */
const NOT_IMPLEMENTED = new Set(['EXPN', 'TURN', 'ETRN', 'SEND', 'SOML', 'SAML']);

const HELP = 'This server supports the following commands:\nHELO EHLO STARTTLS RCPT DATA RSET MAIL QUIT HELP AUTH BDAT';

/**
 * The server's side of an SMTP session as a state machine: octets in, effects out. It knows neither sockets nor time,
 * and whatever the service decides it asks for (RFC 5321; 1870 SIZE; 2920 pipelining; 3030 BDAT; 3207 STARTTLS; 4954
 * AUTH). Memory is bounded by `lineBytesMax` and `messageBytesMax`.
 */
export class SmtpEngine {
  private readonly input: ClientInput;
  private dialogue: Dialogue = { step: 'command' };
  private readonly standing: Standing = { hello: 'none', isSecure: false, isAuthenticated: false };
  private hasTriedAuth = false;
  private errors = 0;
  private effects: SmtpEffect[] = [];

  constructor(private readonly settings: SmtpEngineSettings) {
    this.input = new ClientInput(settings.lineBytesMax);
  }

  /** Takes octets from the client; those that come while a question is open are kept until its answer. */
  receive(octets: Buffer): SmtpEffect[] {
    if (this.dialogue.step === 'closed') return [];
    this.input.push(octets);
    return this.run();
  }

  /** The service's answer to the question that is open; a reply of 421 ends the session. */
  answer(reply: Reply): SmtpEffect[] {
    if (this.dialogue.step !== 'asking') throw new InvariantError('an answer to a question that nobody asked');
    const { about } = this.dialogue;
    this.dialogue = { step: 'command' };
    this.effects.push({ kind: 'reply', reply });
    if (about === 'authenticate') this.standing.isAuthenticated = reply.code === 235;
    // A sender that was refused, or a message that is dealt with, leaves no transaction behind.
    if (about === 'submit' || (about === 'mail' && reply.code !== 250)) this.standing.transaction = undefined;
    if (reply.code === 421) this.close();
    return this.run();
  }

  /** The handshake is done: the client must introduce itself anew. */
  secured(): void {
    this.standing.isSecure = true;
    this.input.clear();
    this.standing.hello = 'none';
    this.standing.transaction = undefined;
  }

  /** Ends the session for this reason. */
  end(reason: 'idle'): SmtpEffect[] {
    if (this.dialogue.step === 'closed') return [];
    this.refuse(reason);
    this.close();
    return this.flush();
  }

  private run(): SmtpEffect[] {
    while (this.step());
    return this.flush();
  }

  private flush(): SmtpEffect[] {
    const effects = this.effects;
    this.effects = [];
    return effects;
  }

  /** Deals with one piece of input; false when more is needed, or an answer. */
  private step(): boolean {
    const { dialogue } = this;
    switch (dialogue.step) {
      case 'asking':
      case 'closed':
        return false;
      case 'data':
        return this.readData(dialogue.message, dialogue.reader);
      case 'chunk':
        return this.readChunk(dialogue);
      default: {
        const line = this.input.nextLine();
        if (line?.kind === 'line') this.take(line.text);
        else if (line) this.refuseLine();
        return line !== undefined;
      }
    }
  }

  private take(line: string): void {
    if (this.dialogue.step !== 'auth') return this.command(line);
    const { auth } = this.dialogue;
    this.dialogue = { step: 'command' };
    this.follow(auth, auth.take(line));
  }

  private refuseLine(): void {
    this.dialogue = { step: 'command' };
    this.heard('(a line that is too long)');
    this.refuse('line-too-long');
  }

  private command(line: string): void {
    const [, verb = '', rest = ''] = /^\s*([^\s:]*)\s*(.*?)\s*$/s.exec(line) ?? [];
    const name = verb.toUpperCase();
    if (name === 'AUTH') return this.auth(rest);
    const handler = this.handlers[name];
    const isKnown = handler !== undefined || NOT_IMPLEMENTED.has(name);
    // A client whose AUTH was refused may go on with user name, password or token.
    this.heard(isKnown || !this.hasTriedAuth ? printable(line) : withheld(line));
    if (handler) return handler(rest);
    if (isKnown) return this.refuse('not-implemented');
    this.refuse('command-unknown', unknownCommand(verb));
  }

  private readonly handlers: Readonly<Record<string, ((rest: string) => void) | undefined>> = {
    EHLO: (rest) => this.helloAs('EHLO', rest),
    HELO: (rest) => this.helloAs('HELO', rest),
    STARTTLS: (rest) => this.startTls(rest),
    MAIL: (rest) => this.mail(rest),
    RCPT: (rest) => this.recipient(rest),
    DATA: (rest) => this.data(rest),
    BDAT: (rest) => this.chunk(rest),
    RSET: () => this.reset(),
    NOOP: () => this.reply(250, '2.0.0 OK'),
    VRFY: () => this.reply(252, '2.1.5 Cannot VRFY user'),
    HELP: () => this.reply(214, HELP),
    QUIT: () => this.quit(),
  };

  private helloAs(hello: 'HELO' | 'EHLO', name: string): void {
    if (name === '') return this.refuse(hello === 'EHLO' ? 'ehlo-without-name' : 'helo-without-name');
    if (!isClientName(name)) return this.refuse('hello-name-invalid');
    this.standing.hello = hello;
    this.standing.transaction = undefined;
    const lines = this.settings.ehlo(this.standing.isSecure);
    this.reply(250, hello === 'EHLO' ? lines.join('\n') : (lines[0] ?? ''));
  }

  private startTls(rest: string): void {
    const refusal = refusalOfStartTls(this.standing, rest);
    if (refusal) return this.refuse(refusal);
    if (this.settings.isTlsRateExceeded()) return this.refuse('tls-rate-exceeded');
    this.input.clear();
    this.reply(220, '2.0.0 SMTP server ready');
    this.effects.push({ kind: 'start-tls' });
  }

  private auth(rest: string): void {
    this.hasTriedAuth = true;
    const [given = '', initial] = rest.split(/\s+/);
    const mechanism = given.toUpperCase();
    const refusal = refusalOfAuth(this.standing, given);
    if (!refusal && (mechanism === 'XOAUTH2' || mechanism === 'LOGIN')) {
      const auth = new AuthDialogue(mechanism);
      return this.follow(auth, auth.begin(initial));
    }
    const shown = /^[A-Z0-9-]{1,16}$/.test(mechanism) ? mechanism : withheld(given);
    this.heard(`AUTH ${shown}${initial === undefined ? '' : ` ${withheld(initial)}`}`);
    if (!refusal) return this.refuse('authentication-type');
    this.refuse(refusal, refusal === 'authentication-before-tls' ? this.settings.authBeforeTls : undefined);
  }

  private follow(auth: AuthDialogue, { heard, outcome }: AuthStep): void {
    this.heard(heard);
    if (outcome.kind === 'refused') return this.refuse(outcome.reason);
    if (outcome.kind === 'complete') return this.ask(outcome.attempt);
    this.dialogue = { step: 'auth', auth };
    this.reply(334, outcome.text);
  }

  private mail(rest: string): void {
    const refusal = refusalOfMail(this.standing);
    if (refusal) return this.refuse(refusal);
    const parsed = parseMail(rest);
    if (parsed.kind === 'bad') return this.refuse(parsed.reason);
    const { address, size = 0, body } = parsed.value;
    if (size > this.settings.messageBytesMax) return this.refuse('message-too-large');
    this.standing.transaction = { from: address, body, to: [] };
    this.ask({ kind: 'mail', from: address });
  }

  private recipient(rest: string): void {
    const refusal = refusalOfRecipient(this.standing);
    const { transaction } = this.standing;
    if (refusal || !transaction) return this.refuse(refusal ?? 'mail-missing');
    const parsed = parseRecipient(rest);
    if (parsed.kind === 'bad') return this.refuse(parsed.reason);
    if (transaction.to.length >= this.settings.recipientsMax()) return this.refuse('too-many-recipients');
    transaction.to.push(parsed.value);
    this.reply(250, '2.1.5 Recipient OK');
  }

  private data(rest: string): void {
    const missing = refusalOfMessage(this.standing);
    if (missing) return this.refuse(missing);
    if (rest !== '') return this.refuse('arguments');
    // RFC 3030, 2 and 3: neither after BDAT nor for a binary body.
    if (this.standing.transaction?.chunks || this.standing.transaction?.body === 'BINARYMIME')
      return this.refuse('sequence');
    const message = new MessageBuffer(this.settings.messageBytesMax);
    this.dialogue = { step: 'data', message, reader: new DotStuffedReader(message) };
    this.reply(354, 'Start mail input; end with <CRLF>.<CRLF>');
  }

  private readData(message: MessageBuffer, reader: DotStuffedReader): boolean {
    const octets = this.input.takeAll();
    const rest = octets.length === 0 ? undefined : reader.read(octets);
    if (!rest) return false;
    this.input.push(rest);
    this.dialogue = { step: 'command' };
    this.submit(message);
    return true;
  }

  private chunk(rest: string): void {
    const size = parseChunkSize(rest);
    if (!size) return this.refuse('arguments');
    const { octets, isLast } = size;
    const missing = refusalOfMessage(this.standing);
    // The octets follow whatever the answer is (RFC 3030, 2).
    this.dialogue = { step: 'chunk', octetsLeft: octets, octets, isLast, isWanted: !missing };
    if (missing) this.refuse(missing);
    else if (this.standing.transaction)
      this.standing.transaction.chunks ??= new MessageBuffer(this.settings.messageBytesMax);
  }

  private readChunk(chunk: Extract<Dialogue, { step: 'chunk' }>): boolean {
    const octets = this.input.takeUpTo(chunk.octetsLeft);
    const message = chunk.isWanted ? this.standing.transaction?.chunks : undefined;
    message?.append(octets);
    chunk.octetsLeft -= octets.length;
    if (chunk.octetsLeft > 0) return false;
    this.dialogue = { step: 'command' };
    if (!message) return true; // answered already
    if (chunk.isLast) this.submit(message);
    else if (message.isTooLarge) this.refuseMessage('message-too-large');
    else this.reply(250, `2.6.0 CHUNK received OK, ${chunk.octets} octets`);
    return true;
  }

  private submit(message: MessageBuffer): void {
    if (!this.standing.transaction) throw new InvariantError('a message without MAIL');
    if (message.isTooLarge) return this.refuseMessage('message-too-large');
    const raw = message.take();
    if (headerBytes(raw) > this.settings.headerBytesMax) return this.refuseMessage('header-too-large');
    this.heard(`(message of ${raw.length} octets)`);
    const { from, to } = this.standing.transaction;
    this.standing.transaction = { from, to, body: '7BIT' };
    this.ask({ kind: 'submit', envelope: { from, to }, raw });
  }

  private refuseMessage(reason: ProtocolRefusalReason): void {
    this.standing.transaction = undefined;
    this.heard('(message)');
    this.refuse(reason);
  }

  private reset(): void {
    this.standing.transaction = undefined;
    this.reply(250, '2.0.0 Resetting');
  }

  private quit(): void {
    this.reply(221, '2.0.0 Service closing transmission channel');
    this.close();
  }

  private heard(line: string): void {
    this.effects.push({ kind: 'heard', line });
  }

  private ask(question: SmtpQuestion): void {
    this.dialogue = { step: 'asking', about: question.kind };
    this.effects.push({ kind: 'ask', question });
  }

  private reply(code: number, text: string): void {
    this.effects.push({ kind: 'reply', reply: { code, text } });
  }

  private refuse(reason: ProtocolRefusalReason, reply: Reply = replyFor(reason)): void {
    if (reply.code >= 500) this.errors += 1;
    const isTooMuch = this.errors >= this.settings.protocolErrorsMax;
    const refused = isTooMuch ? 'too-many-errors' : reason;
    this.effects.push({ kind: 'reply', reply: isTooMuch ? replyFor(refused) : reply, refused });
    if (isTooMuch) this.close();
  }

  private close(): void {
    this.dialogue = { step: 'closed' };
    this.input.clear();
    this.standing.transaction = undefined;
    this.effects.push({ kind: 'close' });
  }
}

function replyFor(reason: ProtocolRefusalReason): Reply {
  return reason === 'command-unknown' ? unknownCommand('') : PROTOCOL_REFUSALS[reason];
}
