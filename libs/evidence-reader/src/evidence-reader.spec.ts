import fc from 'fast-check';
import type { Observation } from '#libs/diagnosis';
import { EvidenceReader, type EvidenceRead } from './evidence-reader.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');

function readOf(...chunks: readonly (string | Uint8Array)[]): EvidenceRead {
  const reader = new EvidenceReader({ now: NOW });
  const open = reader.open('input');
  for (const chunk of chunks) open.feed(Buffer.from(chunk));
  open.end();
  return reader.result();
}

function seenIn(text: string): readonly Observation[] {
  return readOf(text).observations;
}

describe('what is read', () => {
  it('keeps file and line of what it saw', () => {
    const [seen] = seenIn('nothing\n\nAADSTS7000222: expired\n');
    expect(seen).toMatchObject({ kind: 'aadsts', number: 7000222, source: { file: 'input', line: 3 } });
  });

  it('counts a body that tells its number thrice as one refusal', () => {
    const body = { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid.', error_codes: [7000215] };
    expect(seenIn(JSON.stringify(body, null, 2))).toHaveLength(1);
  });

  it('takes no number that a clipped line may have cut off', () => {
    expect(seenIn(`${'x'.repeat(102 - 'AADSTS70002'.length)}AADSTS70002`)).toEqual([]);
  });

  it('knows the stage of a refusal from the conversation', () => {
    const talk = ['S: 220 x ESMTP', 'C: MAIL FROM:<a@b.example>', 'S: 550 5.7.1 no'].join('\r\n');
    expect(seenIn(talk).at(-1)).toMatchObject({ kind: 'smtp-reply', code: 550, stage: 'mail' });
  });

  it('takes what follows the message for the answer to it', () => {
    const talk = ['> DATA', '< 354 go on', '} [120 bytes data]', '< 430 4.2.0 STOREDRV; x'].join('\n');
    expect(seenIn(talk).at(-1)).toMatchObject({ code: 430, stage: 'end-of-data' });
  });

  it('gives what a log line names: the time, and by its logger the server', () => {
    const line =
      '2026-02-10 14:34:06,549 ERROR [admin-http-pool19][[]] cpm.guestaccess.apiservices.oauth.ExchangeOnlineP -::admin:::- x\n' +
      'java.net.SocketTimeoutException: connect timed out';
    expect(seenIn(line)[0]).toMatchObject({
      kind: 'network',
      failure: 'connect-timeout',
      peer: 'token-endpoint',
      source: { line: 2, at: '2026-02-10T14:34:06.549' },
    });
  });

  it('reads UTF-16, as Windows writes it', () => {
    const bytes = Buffer.from('\ufeffAADSTS90002: Tenant not found\r\n', 'utf16le');
    expect(readOf(bytes).observations[0]).toMatchObject({ kind: 'aadsts', number: 90002 });
  });

  it.each([
    ['a recipe', 'Take 535 g of flour.'],
    ['a timeout that is a setting', 'save: connection timeout 60 seconds'],
    ['a version', 'version 5.7.3 released'],
  ])('sees no failure in %s', (_what, text) => {
    expect(seenIn(text)).toEqual([]);
  });
});

describe('secrets', () => {
  const token = `eyJhbGciOiJub25lIn0.${Buffer.from('{"aud":"https://outlook.office.com","roles":["R"]}').toString('base64url')}.c2ln`;
  it.each([
    ['a token', `535 5.7.3 no access_token=${token}`, token],
    ['a client secret in a form', 'client_secret=abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789 AADSTS7000215: x', 'abc8Q~'],
    ['a client secret in JSON', '{"client_secret":"hunter2hunter2","x":"AADSTS7000215: x"}', 'hunter2hunter2'],
    ['an escaped one', '{\\"client_secret\\":\\"hunter2hunter2\\"} AADSTS7000215: x', 'hunter2hunter2'],
    ['a password', 'password: hunter2hunter2 Connection refused', 'hunter2hunter2'],
    ['the blob of AUTH', 'C: AUTH PLAIN AGlzZQBodW50ZXIy\nS: 535 5.7.3 no', 'AGlzZQBodW50ZXIy'],
    ['a header', 'Authorization: Basic aXNlOmh1bnRlcjI= ECONNREFUSED', 'aXNlOmh1bnRlcjI'],
    ['a proxy address', 'http://ise:hunter2@proxy.example ECONNREFUSED', 'hunter2'],
  ])('are in no answer: %s', (_what, text, secret) => {
    const { observations, quotes } = readOf(text);
    expect(observations).not.toEqual([]);
    expect(JSON.stringify([observations, quotes])).not.toContain(secret);
  });

  it('of a token only the claims that tell are kept', () => {
    expect(seenIn(token)).toEqual([
      expect.objectContaining({ kind: 'token', audience: 'https://outlook.office.com', roles: ['R'] }),
    ]);
  });
});

describe('hostile inputs', () => {
  it('any bytes are read to their end', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 6 }), (chunks) => {
        expect(readOf(...chunks).observations.length).toBeLessThan(1_000);
      }),
    );
  });

  it('any mixture of telling words is read to its end', () => {
    const words = [
      'AADSTS',
      '7000215',
      '"error":',
      '535 5.7.3 ',
      'S: ',
      'C: AUTH ',
      '\n',
      '\u001b[',
      '{',
      'eyJ',
      '.eyJ',
      '-----BEGIN CERTIFICATE-----',
      '\r',
      'CONNECTED(00000003)',
      ' 0 s:',
      'HTTP/1.1 ',
      '430',
      ' '.repeat(50),
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 60 }), (parts) => {
        expect(readOf(parts.join('')).quotes.length).toBeLessThan(1_000);
      }),
    );
  });

  it.each([
    ['blanks', ' '],
    ['digits', '5'],
    ['dots', 'a.'],
    ['quotes', '"'],
    ['base64', 'A'],
    ['the beginning of a token', 'eyJ'],
    ['open braces', '{"error":'],
    ['escapes', '\u001b['],
    ['a word of secrets', 'secret='],
  ])('a line of %s without end takes no time', (_what, piece) => {
    const startedAt = performance.now();
    readOf(`error ${piece.repeat(2_000_000 / piece.length)}`);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('keeps the later part of a log that fails without end', () => {
    const { observations, isPartial } = readOf(
      'AADSTS90002: no\nAADSTS90033: no\n'.repeat(5_000),
      'AADSTS7000222: old',
    );
    expect(observations.length).toBeLessThanOrEqual(4_000);
    expect(observations.at(-1)).toMatchObject({ number: 7000222 });
    expect(isPartial).toBe(true);
  });
});
