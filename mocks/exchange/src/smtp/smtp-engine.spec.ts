import fc from 'fast-check';
import type { Reply } from './protocol-refusals.ts';
import type { SmtpEffect, SmtpEngineSettings, SmtpQuestion } from './smtp-effects.ts';
import { SmtpEngine } from './smtp-engine.ts';

const SETTINGS: SmtpEngineSettings = {
  ehlo: (isSecure) => ['host Hello', isSecure ? 'AUTH LOGIN XOAUTH2' : 'STARTTLS', 'SMTPUTF8'],
  lineBytesMax: 32_768,
  messageBytesMax: 1_000,
  headerBytesMax: 300,
  protocolErrorsMax: 10,
  recipientsMax: () => 3,
  isTlsRateExceeded: () => false,
  authBeforeTls: { code: 504, text: '5.7.4 Unrecognized authentication type' },
};

const USER = 'ise@lab.example';
const BLOB = Buffer.from(`user=${USER}\x01auth=Bearer token\x01\x01`).toString('base64');
const ANSWERS: Record<SmtpQuestion['kind'], Reply> = {
  authenticate: { code: 235, text: '2.7.0 Authentication successful' },
  mail: { code: 250, text: '2.1.0 Sender OK' },
  submit: { code: 250, text: '2.0.0 OK' },
};

/** An engine whose questions are all answered with yes. */
class Dialogue {
  readonly questions: SmtpQuestion[] = [];
  readonly heard: string[] = [];
  isClosed = false;
  readonly engine: SmtpEngine;

  constructor(
    settings: Partial<SmtpEngineSettings> = {},
    private readonly answers = ANSWERS,
  ) {
    this.engine = new SmtpEngine({ ...SETTINGS, ...settings });
  }

  /** Sends octets, gives the replies as they go over the wire, lines parted by `|`. */
  send(octets: string | Buffer): string[] {
    return this.follow(this.engine.receive(typeof octets === 'string' ? Buffer.from(octets) : octets));
  }

  say(...lines: string[]): string[] {
    return lines.flatMap((line) => this.send(`${line}\r\n`));
  }

  private follow(effects: readonly SmtpEffect[]): string[] {
    return effects.flatMap((effect) => {
      switch (effect.kind) {
        case 'heard':
          this.heard.push(effect.line);
          return [];
        case 'reply':
          return [`${effect.reply.code} ${effect.reply.text.replaceAll('\n', '|')}`];
        case 'ask':
          this.questions.push(effect.question);
          return this.follow(this.engine.answer(this.answers[effect.question.kind]));
        case 'start-tls':
          this.engine.secured();
          return [];
        case 'close':
          this.isClosed = true;
          return [];
      }
    });
  }

  get submitted(): string[] {
    return this.questions.flatMap((question) => (question.kind === 'submit' ? [question.raw.toString('latin1')] : []));
  }
}

function greeted(): Dialogue {
  const dialogue = new Dialogue();
  dialogue.say('EHLO client.example');
  return dialogue;
}

function secured(settings: Partial<SmtpEngineSettings> = {}): Dialogue {
  const dialogue = new Dialogue(settings);
  dialogue.say('EHLO client.example', 'STARTTLS', 'EHLO client.example');
  return dialogue;
}

function authenticated(settings: Partial<SmtpEngineSettings> = {}): Dialogue {
  const dialogue = secured(settings);
  dialogue.say(`AUTH XOAUTH2 ${BLOB}`);
  return dialogue;
}

function withoutRecipient(): Dialogue {
  const dialogue = authenticated();
  dialogue.say(`MAIL FROM:<${USER}>`);
  return dialogue;
}

function inMail(settings: Partial<SmtpEngineSettings> = {}): Dialogue {
  const dialogue = authenticated(settings);
  dialogue.say(`MAIL FROM:<${USER}>`, 'RCPT TO:<guest@visitor.example>');
  return dialogue;
}

describe('commands of SMTP', () => {
  it.each<[string, () => Dialogue, string]>([
    ['MAIL FROM:<a@b.example>', () => new Dialogue(), '503 5.5.2 Send hello first'],
    ['STARTTLS', () => new Dialogue(), '503 5.5.2 Send hello first'],
    ['AUTH LOGIN', () => new Dialogue(), '503 5.5.2 Send hello first'],
    ['DATA', () => new Dialogue(), '503 5.5.2 Send hello first'],
    ['EHLO', () => new Dialogue(), '501 5.0.0 EHLO requires domain address'],
    ['HELO', () => new Dialogue(), '501 5.0.0 HELO requires domain address'],
    ['EHLO my laptop', () => new Dialogue(), '501 5.5.4 Invalid domain name'],
    ['EHLO bücher', () => new Dialogue(), '501 5.5.4 Invalid domain name'],
    ['HELO client', () => new Dialogue(), '250 host Hello'],
    ['ehlo [192.0.2.1]', () => new Dialogue(), '250 host Hello|STARTTLS|SMTPUTF8'],
    ['NOOP whatever', () => new Dialogue(), '250 2.0.0 OK'],
    ['RSET', () => new Dialogue(), '250 2.0.0 Resetting'],
    ['VRFY a@b.example', () => new Dialogue(), '252 2.1.5 Cannot VRFY user'],
    [
      'HELP',
      () => new Dialogue(),
      '214 This server supports the following commands:|HELO EHLO STARTTLS RCPT DATA RSET MAIL QUIT HELP AUTH BDAT',
    ],
    ['QUIT', () => new Dialogue(), '221 2.0.0 Service closing transmission channel'],
    ['EXPN staff', () => new Dialogue(), '502 5.3.3 Command not implemented'],
    ['FROB', () => new Dialogue(), "500 5.3.3 Unrecognized command 'FROB'"],
    ['Überraschung', () => new Dialogue(), "500 5.3.3 Unrecognized command '?berraschung'"],
    ['', () => new Dialogue(), "500 5.3.3 Unrecognized command ''"],
    ['STARTTLS now', greeted, '501 5.5.4 Invalid arguments'],
    ['STARTTLS', secured, '503 5.5.2 Only one STARTTLS command can be issued per session'],
    ['AUTH', secured, '501 5.5.4 Invalid arguments'],
    ['AUTH PLAIN AGEAYg==', secured, '504 5.7.4 Unrecognized authentication type'],
    ['AUTH OAUTHBEARER', secured, '504 5.7.4 Unrecognized authentication type'],
    ['AUTH XOAUTH2 =', secured, '501 5.5.124 Invalid XOAUTH2 auth data'],
    ['AUTH XOAUTH2 bm90aGluZw==', secured, '501 5.5.124 Invalid XOAUTH2 auth data'],
    ['AUTH XOAUTH2 !!!', secured, '501 5.5.124 Invalid XOAUTH2 auth data'],
    ['AUTH XOAUTH2', secured, '334 '],
    [`AUTH XOAUTH2 ${BLOB}`, secured, '235 2.7.0 Authentication successful'],
    [`auth xoauth2 ${BLOB}`, secured, '235 2.7.0 Authentication successful'],
    ['AUTH LOGIN', secured, '334 VXNlcm5hbWU6'],
    ['AUTH LOGIN aXNl', secured, '334 UGFzc3dvcmQ6'],
    ['AUTH LOGIN ???', secured, '501 5.5.4 Invalid arguments'],
    ['MAIL FROM:<a@b.example>', secured, '530 5.7.57 Client not authenticated to send mail.'],
    [`AUTH XOAUTH2 ${BLOB}`, authenticated, '503 5.5.2 Auth command already specified'],
    ['RCPT TO:<a@b.example>', authenticated, '503 5.5.2 Need mail command'],
    ['DATA', authenticated, '503 5.5.2 Need mail command'],
    ['DATA', withoutRecipient, '503 5.5.2 Need rcpt command'],
    ['BDAT 0 LAST', withoutRecipient, '503 5.5.2 Need rcpt command'],
    ['MAIL FROM:<a@b.example>', authenticated, '250 2.1.0 Sender OK'],
    [
      'MAIL FROM: <a@b.example> SIZE=1000 BODY=8BITMIME RET=HDRS ENVID=x SMTPUTF8',
      authenticated,
      '250 2.1.0 Sender OK',
    ],
    ['MAIL FROM:<>', authenticated, '250 2.1.0 Sender OK'],
    ['MAIL FROM:<a@b.example> SIZE=1001', authenticated, '552 5.3.4 Message size exceeds fixed maximum message size'],
    ['MAIL FROM:<a@b.example> SIZE=big', authenticated, '501 5.5.4 Invalid arguments'],
    ['MAIL FROM:<a@b.example> BODY=9BIT', authenticated, '501 5.5.4 Unsupported BODY type'],
    ['MAIL FROM:<a@b.example> COLOUR=red', authenticated, '501 5.5.4 Unrecognized parameter'],
    ['MAIL FROM:<nobody>', authenticated, '501 5.1.7 Invalid address'],
    [`MAIL FROM:<${'a'.repeat(320)}@b.example>`, authenticated, '501 5.1.7 Long addresses not supported'],
    ['MAIL TO:<a@b.example>', authenticated, '501 5.5.4 Invalid arguments'],
    ['MAIL FROM:<a@b.example>', inMail, '503 5.5.2 Sender already specified'],
    ['AUTH LOGIN', inMail, '503 5.5.2 Auth command already specified'],
    ['RCPT TO:<a b@c.example>', inMail, '501 5.1.3 Invalid address'],
    ['RCPT TO:<>', inMail, '501 5.1.3 Invalid address'],
    ['RCPT TO:<a@b.example> NOTIFY=NEVER ORCPT=rfc822;a@b.example', inMail, '250 2.1.5 Recipient OK'],
    ['RCPT TO:<a@b.example> FAST', inMail, '501 5.5.4 Unrecognized parameter'],
    ['DATA now', inMail, '501 5.5.4 Invalid arguments'],
    ['BDAT', inMail, '501 5.5.4 Invalid arguments'],
    ['DATA', inMail, '354 Start mail input; end with <CRLF>.<CRLF>'],
  ])('answers "%s"', (line, dialogue, reply) => {
    expect(dialogue().say(line)).toEqual([reply]);
  });

  it('wants EHLO for extensions after HELO', () => {
    const dialogue = new Dialogue();
    dialogue.say('HELO client');
    expect(dialogue.say('STARTTLS', 'AUTH LOGIN')).toEqual(['503 5.5.2 Send EHLO first', '503 5.5.2 Send EHLO first']);
  });

  it('needs a new EHLO after STARTTLS, and forgets what came in plain text behind it', () => {
    const dialogue = new Dialogue();
    expect(dialogue.send('EHLO client\r\nSTARTTLS\r\nEHLO injected\r\nNOOP\r\n')).toHaveLength(2);
    expect(dialogue.say(`AUTH XOAUTH2 ${BLOB}`)).toEqual(['503 5.5.2 Send hello first']);
  });

  it('says that TLS is refused for now', () => {
    const dialogue = new Dialogue({ isTlsRateExceeded: () => true });
    expect(dialogue.say('EHLO a', 'STARTTLS')[1]).toBe(
      '454 4.7.0 Cannot accept TLS as maximum TLS rate exceeded for server',
    );
  });

  it('takes an AUTH line of 12 KB, and refuses one of 1 MB without keeping it', () => {
    const long = Buffer.from(`user=${USER}\x01auth=Bearer ${'t'.repeat(9_000)}\x01\x01`).toString('base64');
    expect(long.length).toBeGreaterThan(12_000);
    expect(secured().say(`AUTH XOAUTH2 ${long}`)).toEqual(['235 2.7.0 Authentication successful']);
    const dialogue = secured();
    expect(dialogue.send('AUTH XOAUTH2 ')).toEqual([]);
    const replies = Array.from({ length: 16 }, () => dialogue.send('A'.repeat(65_536))).flat();
    expect(replies).toEqual(['500 5.5.2 Command too long']);
    expect(dialogue.send('AAA\r\nNOOP\r\n')).toEqual(['250 2.0.0 OK']);
  });

  it('takes a line as long as allowed and not an octet more', () => {
    const ofLength = (length: number) => `NOOP ${'x'.repeat(length - 5)}`;
    expect(new Dialogue({ lineBytesMax: 100 }).say(ofLength(100))).toEqual(['250 2.0.0 OK']);
    expect(new Dialogue({ lineBytesMax: 100 }).say(ofLength(101))).toEqual(['500 5.5.2 Command too long']);
  });

  it('is cancelled with "*" at every challenge', () => {
    const cancelled = '501 5.5.4 Authentication cancelled';
    expect(secured().say('AUTH XOAUTH2', '*')[1]).toBe(cancelled);
    expect(secured().say('AUTH LOGIN', '*')[1]).toBe(cancelled);
    expect(secured().say('AUTH LOGIN', 'aXNl', '*')[2]).toBe(cancelled);
  });

  it('hands on user and password of LOGIN, and writes neither into the transcript', () => {
    const dialogue = secured();
    dialogue.say('AUTH LOGIN', Buffer.from(USER).toString('base64'), Buffer.from('hunter2').toString('base64'));
    expect(dialogue.questions).toEqual([{ kind: 'authenticate', mechanism: 'LOGIN', user: USER, password: 'hunter2' }]);
    expect(dialogue.heard.slice(-3)).toEqual(['AUTH LOGIN', `(user ${USER})`, '(password)']);
  });

  it('answers the stray line after a refusal, and withholds it from the transcript', () => {
    const refusing = new Dialogue({}, { ...ANSWERS, authenticate: { code: 535, text: '5.7.3 no' } });
    refusing.say('EHLO a', 'STARTTLS', 'EHLO a');
    expect(refusing.say(`AUTH XOAUTH2 ${BLOB}`, 'AQ==', `AUTH XOAUTH2 ${BLOB}`)).toEqual([
      '535 5.7.3 no',
      "500 5.3.3 Unrecognized command 'AQ=='",
      '535 5.7.3 no',
    ]);
    expect(refusing.heard.join('\n')).not.toMatch(/AQ==|token\b(?! of)/);
  });

  it('ends the session with the tenth bad command, not with the ninth', () => {
    const dialogue = new Dialogue();
    for (let bad = 1; bad <= 9; bad += 1) expect(dialogue.say('FROB')[0]).toMatch(/^500 /);
    expect(dialogue.isClosed).toBe(false);
    expect(dialogue.say('FROB')).toEqual([
      '421 4.7.0 Too many errors on this connection, closing transmission channel',
    ]);
    expect([dialogue.isClosed, dialogue.say('NOOP')]).toEqual([true, []]);
  });

  it('takes as many recipients as allowed', () => {
    const dialogue = inMail();
    const recipient = 'RCPT TO:<guest@visitor.example>';
    expect(dialogue.say(recipient, recipient, recipient)).toEqual([
      '250 2.1.5 Recipient OK',
      '250 2.1.5 Recipient OK',
      '452 4.5.3 Too many recipients',
    ]);
  });
});

describe('messages', () => {
  it('undoes dot-stuffing', () => {
    const dialogue = inMail();
    expect(dialogue.send('DATA\r\n..\r\n...x\r\n.y\r\nz\r\n.\r\n')).toHaveLength(2);
    expect(dialogue.submitted).toEqual(['.\r\n..x\r\ny\r\nz\r\n']);
  });

  it('takes an empty message, and one that ends in bare line feeds', () => {
    const dialogue = inMail();
    dialogue.send('DATA\r\n.\r\n');
    dialogue.say(`MAIL FROM:<${USER}>`, 'RCPT TO:<guest@visitor.example>', 'DATA');
    expect(dialogue.send('a\n.\nMAIL FROM:<smuggled@b.example>\n\r\n.\r\n')).toEqual(['250 2.0.0 OK']);
    expect(dialogue.submitted).toEqual(['', 'a\n.\nMAIL FROM:<smuggled@b.example>\n\r\n']);
  });

  it('refuses what is larger than announced, at the end of DATA', () => {
    const body = (octets: number) => `a: b\r\n\r\n${'x'.repeat(octets - 10)}\r\n.\r\n`;
    expect(inMail().send(`DATA\r\n${body(1_000)}`)[1]).toBe('250 2.0.0 OK');
    expect(inMail().send(`DATA\r\n${body(1_001)}`)[1]).toBe(
      '552 5.3.4 Message size exceeds fixed maximum message size',
    );
  });

  it('refuses a header that is too large', () => {
    const message = (octets: number) => `DATA\r\na:${'x'.repeat(octets - 2)}\r\n\r\nbody\r\n.\r\n`;
    expect(inMail().send(message(300))[1]).toBe('250 2.0.0 OK');
    expect(inMail().send(message(301))[1]).toBe('552 5.3.4 Header size exceeds fixed maximum size');
  });

  it('takes a message in chunks, whatever is in them', () => {
    const dialogue = inMail();
    expect(dialogue.send('BDAT 5\r\na\n.\r\nBDAT 3 LAST\r\n\0xyNOOP\r\n')).toEqual([
      '250 2.6.0 CHUNK received OK, 5 octets',
      '250 2.0.0 OK',
      '250 2.0.0 OK',
    ]);
    expect(dialogue.submitted).toEqual(['a\n.\r\n\0xy']);
  });

  it('takes BDAT 0 LAST as the end', () => {
    const dialogue = inMail();
    expect(dialogue.send('BDAT 2\r\nabBDAT 0 LAST\r\n')[1]).toBe('250 2.0.0 OK');
    expect(dialogue.submitted).toEqual(['ab']);
  });

  it('swallows the octets of a chunk that it refuses', () => {
    const dialogue = authenticated();
    expect(dialogue.send('BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n')).toEqual(['503 5.5.2 Need mail command', '250 2.0.0 OK']);
  });

  it('refuses chunks beyond the size, and those that follow', () => {
    const dialogue = inMail();
    expect(dialogue.send(`BDAT 1001\r\n${'x'.repeat(1_001)}BDAT 1 LAST\r\nx`)).toEqual([
      '552 5.3.4 Message size exceeds fixed maximum message size',
      '503 5.5.2 Need mail command',
    ]);
  });

  it('does not mix DATA with chunks or with a binary body', () => {
    const dialogue = inMail();
    dialogue.send('BDAT 1\r\nx');
    expect(dialogue.say('DATA', 'RCPT TO:<b@c.example>')).toEqual([
      '503 5.5.1 Bad sequence of commands',
      '503 5.5.1 Bad sequence of commands',
    ]);
    const binary = authenticated();
    binary.say(`MAIL FROM:<${USER}> BODY=BINARYMIME`, 'RCPT TO:<b@c.example>');
    expect(binary.say('DATA')).toEqual(['503 5.5.1 Bad sequence of commands']);
  });

  it('answers a pipelined session in order', () => {
    const dialogue = authenticated();
    const session = `MAIL FROM:<${USER}>\r\nRCPT TO:<nobody>\r\nRCPT TO:<guest@visitor.example>\r\nDATA\r\nhi\r\n.\r\nQUIT\r\n`;
    expect(dialogue.send(session).map((reply) => reply.slice(0, 3))).toEqual([
      '250',
      '501',
      '250',
      '354',
      '250',
      '221',
    ]);
  });
});

describe('whatever a client sends', () => {
  const COMMANDS = fc.constantFrom(
    'EHLO a.example',
    'HELO a',
    'STARTTLS',
    `AUTH XOAUTH2 ${BLOB}`,
    'AUTH XOAUTH2',
    'AUTH LOGIN',
    'AUTH LOGIN aXNl',
    BLOB,
    'aXNl',
    '*',
    `MAIL FROM:<${USER}>`,
    'RCPT TO:<guest@visitor.example>',
    'DATA',
    '.',
    'BDAT 4 LAST',
    'BDAT 3',
    'RSET',
    'NOOP',
    'VRFY x',
    'HELP',
    'FROB',
    'QUIT',
  );
  const VALID = /^[245]\d\d [^\r\n]*$|^(?:334|354) [^\r\n]*$/;

  it('is answered with valid replies and never with an exception', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(COMMANDS, fc.string({ unit: 'binary' })), { maxLength: 40 }), (lines) => {
        const dialogue = new Dialogue();
        for (const line of lines) {
          for (const reply of dialogue.say(line)) expect(reply).toMatch(VALID);
        }
      }),
    );
  });

  it('is answered with valid replies when it is just bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (pieces) => {
        const dialogue = new Dialogue({ lineBytesMax: 200 });
        for (const piece of pieces) {
          for (const reply of dialogue.send(Buffer.from(piece))) expect(reply).toMatch(VALID);
        }
      }),
    );
  });

  it('has the same answers however it is cut into pieces', () => {
    const session = fc.array(COMMANDS, { maxLength: 30 });
    fc.assert(
      fc.property(
        session,
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 30 }),
        (lines, sizes) => {
          // STARTTLS drops what comes behind it in the same piece, by design.
          const text = lines
            .filter((line) => line !== 'STARTTLS')
            .map((line) => `${line}\r\n`)
            .join('');
          const whole = secured();
          const cut = secured();
          const expected = whole.send(text);
          const given: string[] = [];
          for (let at = 0, turn = 0; at < text.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            given.push(...cut.send(text.slice(at, at + size)));
            at += size;
          }
          expect(given).toEqual(expected);
          expect(cut.submitted).toEqual(whole.submitted);
        },
      ),
    );
  });

  it('keeps a message as it was, however it is cut and stuffed', () => {
    const lines = fc.array(fc.constantFrom('', '.', '..', '.x', 'x.', 'hello', '\r', '\n.'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 7 }), (content, size) => {
        const message = content.map((line) => `${line}\r\n`).join('');
        const stuffed = message.replace(/^\./, '..').replace(/\r\n\./g, '\r\n..');
        const dialogue = inMail();
        dialogue.say('DATA');
        const wire = `${stuffed}.\r\n`;
        for (let at = 0; at < wire.length; at += size) dialogue.send(wire.slice(at, at + size));
        expect(dialogue.submitted).toEqual([message]);
      }),
    );
  });
});
