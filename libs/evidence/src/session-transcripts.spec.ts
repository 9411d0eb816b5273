import { recorded } from './capture.fixture.ts';
import type { Conversation } from './conversation.ts';
import { renderSessions } from './session-transcripts.ts';

/** The lines of one session without times: `C: EHLO …`. Each turn is `C` or `S` and what is said. */
async function transcript(
  turns: readonly (readonly ['C' | 'S' | 'TLS', string])[],
  beyondProxy?: { host: string; port: number },
): Promise<string[]> {
  const log = await recorded(async ({ clock, dial }) => {
    const conversation = dial(undefined, beyondProxy);
    conversation.resolved('203.0.113.25', false);
    conversation.connected(20);
    await clock.sleep(20);
    play(conversation, turns);
  });
  const [file] = renderSessions(log);
  return (file?.text ?? '')
    .trimEnd()
    .split('\n')
    .slice(3)
    .map((line) => line.slice('2026-02-02T05:00:00.020Z  '.length));
}

function play(conversation: Conversation, turns: readonly (readonly ['C' | 'S' | 'TLS', string])[]): void {
  let isSecured = false;
  for (const [by, text] of turns) {
    const bytes = Buffer.from(text);
    if (by === 'TLS') {
      isSecured = true;
      conversation.tlsBegun();
      conversation.sent(Buffer.from([0x16, 3, 1]));
    } else if (by === 'C') {
      if (isSecured) conversation.said(bytes);
      else conversation.sent(bytes);
    } else if (isSecured) conversation.heard(bytes);
    else conversation.received(bytes);
  }
}

describe('an SMTP session', () => {
  it('is told through STARTTLS, without the token and without the message', async () => {
    const lines = await transcript([
      ['S', '220 ready\r\n'],
      ['C', 'STARTTLS\r\n'],
      ['S', '220 2.0.0 go\r\n'],
      ['TLS', ''],
      ['C', 'AUTH XOAUTH2 dXNlcj1h\r\n'],
      ['S', '235 2.7.0 ok\r\n'],
      ['C', 'DATA\r\n'],
      ['S', '354 go on\r\n'],
      ['C', 'Subject: x\r\n\r\nPassword: 1234\r\n'],
      ['C', '.\r\n'],
      ['S', '250 2.0.0 OK\r\n'],
      ['C', 'QUIT\r\n'],
    ]);
    expect(lines).toEqual([
      'S: 220 ready',
      'C: STARTTLS',
      'S: 220 2.0.0 go',
      '-- TLS handshake',
      'C: AUTH XOAUTH2 ********',
      'S: 235 2.7.0 ok',
      'C: DATA',
      'S: 354 go on',
      'C: (message, 30 octets)',
      'C: .',
      'S: 250 2.0.0 OK',
      'C: QUIT',
    ]);
  });

  it('hides each line of an AUTH LOGIN, and no command after a refusal', async () => {
    const lines = await transcript([
      ['S', '220 ready\r\n'],
      ['C', 'auth login\r\n'],
      ['S', '334 VXNlcm5hbWU6\r\n'],
      ['C', 'dXNlcg==\r\n'],
      ['S', '334 UGFzc3dvcmQ6\r\n'],
      ['C', 'c2VjcmV0\r\n'],
      ['S', '535 5.7.3 no\r\n'],
      ['C', 'QUIT\r\n'],
    ]);
    expect(lines.filter((line) => line.startsWith('C'))).toEqual([
      'C: auth login',
      'C: ********',
      'C: ********',
      'C: QUIT',
    ]);
  });

  it('shows control characters as what they are', async () => {
    expect(await transcript([['S', '220 \u001b[31mred\r\n']])).toEqual(['S: 220 \\x1b[31mred']);
  });
});

describe('an HTTP exchange', () => {
  const ID = '00072cbc-125c-4ed0-9a90-ab4a0fc1f796';
  const FORM = 'content-type: application/x-www-form-urlencoded\r\n\r\n';

  it('is told without secret, token, cookie and the IDs that the client draws', async () => {
    const lines = await transcript([
      ['TLS', ''],
      ['C', `POST /t?client-request-id=${ID} HTTP/1.1\r\nauthorization: Basic abc\r\n${FORM}`],
      ['C', 'client_id=1&client_secret=s3cret&client_assertion=ey&x-client-OS=linux'],
      ['S', 'HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Type: application/json; charset=utf-8\r\n\r\n'],
      ['S', `{"access_token":"eyJ0","nested":{"refresh_token":"r"},"correlation_id":"${ID}"}`],
    ]);
    expect(lines).toEqual([
      '-- TLS handshake',
      'C: POST /t?client-request-id=<client-request-id> HTTP/1.1',
      'C: authorization: ********',
      'C: content-type: application/x-www-form-urlencoded',
      'C:',
      'C: client_id=1',
      'C: client_secret=********',
      'C: client_assertion=********',
      'C: x-client-OS=<of the machine>',
      'S: HTTP/1.1 200 OK',
      'S: Set-Cookie: ********',
      'S: Content-Type: application/json; charset=utf-8',
      'S:',
      'S: {',
      'S:   "access_token": "********",',
      'S:   "nested": {',
      'S:     "refresh_token": "********"',
      'S:   },',
      'S:   "correlation_id": "<client-request-id>"',
      'S: }',
    ]);
  });

  it('shows nothing of a document that breaks off: what is secret in it cannot be told', async () => {
    const lines = await transcript([
      ['C', 'GET / HTTP/1.1\r\n\r\n'],
      ['S', 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{"access_token":"eyJ0'],
    ]);
    expect(lines.at(-1)).toBe('S: (21 octets that are no JSON document)');
  });

  it('shows a page that came instead, chunked or not', async () => {
    const lines = await transcript([
      ['C', 'GET / HTTP/1.1\r\n\r\n'],
      [
        'S',
        'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n5\r\n<html\r\n1\r\n>\r\n0\r\n\r\n',
      ],
    ]);
    expect(lines.at(-1)).toBe('S: <html>');
  });
});

describe('a session through a proxy', () => {
  it("has the proxy's part first, without its password, and then who greets through it", async () => {
    const lines = await transcript(
      [
        ['C', 'CONNECT smtp.office365.com:587 HTTP/1.1\r\nProxy-Authorization: Basic aXNl\r\n\r\n'],
        ['S', 'HTTP/1.1 200 Connection established\r\n\r\n220 ready\r\n'],
        ['C', 'AUTH XOAUTH2 dXNlcj1h\r\n'],
      ],
      { host: 'smtp.office365.com', port: 587 },
    );
    expect(lines).toEqual([
      'C: CONNECT smtp.office365.com:587 HTTP/1.1',
      'C: Proxy-Authorization: ********',
      'S: HTTP/1.1 200 Connection established',
      'S: 220 ready',
      'C: AUTH XOAUTH2 ********',
    ]);
  });

  it('ends with its refusal', async () => {
    const lines = await transcript(
      [
        ['C', 'CONNECT smtp.office365.com:587 HTTP/1.1\r\n\r\n'],
        ['S', 'HTTP/1.1 403 Forbidden\r\n\r\n'],
      ],
      { host: 'smtp.office365.com', port: 587 },
    );
    expect(lines.at(-1)).toBe('S: HTTP/1.1 403 Forbidden');
  });
});

it('tells of no connection between nodes, and of none that did not come about', async () => {
  const log = await recorded(async ({ dial }) => {
    const replication = dial({ host: 'psn1.lab.example', port: 12_001 });
    replication.resolved('10.20.0.13', true);
    replication.connected(20);
    const refused = dial();
    refused.resolved('203.0.113.25', true);
    refused.failed('connection-refused');
  });
  expect(renderSessions(log)).toEqual([]);
});
