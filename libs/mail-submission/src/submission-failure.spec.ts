import fc from 'fast-check';
import { DialError, type DialFailure } from '#libs/network';
import { TlsError, type TlsFailure } from '#libs/trust';
import { guiMessageOf } from './gui-message.ts';
import { javaExceptionOf } from './java-exception.ts';
import { parseReply, permanenceOf, type SubmissionFailure } from './submission-failure.ts';

const SMTP = { host: 'smtp.office365.com', port: 587 };

function dial(failure: DialFailure): SubmissionFailure {
  return { stage: 'dial', peer: 'smtp', error: new DialError(failure, SMTP) };
}

function tls(failure: TlsFailure, peer: 'smtp' | 'token-endpoint' = 'smtp'): SubmissionFailure {
  return { stage: 'tls', peer, error: new TlsError(failure, SMTP.host, 'outlook.com') };
}

function token(aadsts: number | undefined, status = 401, error = 'invalid_client'): SubmissionFailure {
  const known = aadsts === undefined ? {} : { aadsts };
  return { stage: 'token', refusal: { kind: 'refused', status, error, description: `AADSTS${aadsts}: no.`, ...known } };
}

function refused(stage: 'auth' | 'envelope' | 'data', line: string): SubmissionFailure {
  const reply = parseReply(line);
  if (!reply) throw new Error(`${line} is no reply`);
  return { stage, reply };
}

const session = (during: 'greeting' | 'starttls', line: string): SubmissionFailure => {
  const reply = parseReply(line);
  if (!reply) throw new Error(`${line} is no reply`);
  return { stage: 'session', during, server: SMTP, reply };
};

const SETTINGS: SubmissionFailure = { stage: 'settings', reason: 'not-configured' };
const GARBLED: SubmissionFailure = { stage: 'token-garbled', description: 'not JSON' };
const PROTOCOL: SubmissionFailure = { stage: 'protocol', description: 'Greeting never received' };

describe('parseReply', () => {
  it('splits code and enhanced status code', () => {
    const line = '535 5.7.3 Authentication unsuccessful';
    expect(parseReply(line)).toEqual({ code: 535, enhanced: '5.7.3', line });
  });

  it('finds again what a reply line was made from', () => {
    const part = fc.integer({ min: 0, max: 999 });
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        fc.constantFrom(' ', '-'),
        fc.option(fc.tuple(fc.constantFrom(2, 4, 5), part, part), { nil: undefined }),
        fc.stringMatching(/^[a-zA-Z][ -~]*$/),
        (code, separator, status, text) => {
          const enhanced = status?.join('.');
          const line = `${code}${separator}${enhanced === undefined ? '' : `${enhanced} `}${text}`;
          expect(parseReply(line)).toEqual({ code, ...(enhanced === undefined ? {} : { enhanced }), line });
        },
      ),
    );
  });

  it('never throws, and keeps the line', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `550${text}`),
        ),
        (line) => {
          const reply = parseReply(line);
          if (reply) expect(line.startsWith(String(reply.code).padStart(3, '0'))).toBe(true);
          expect(reply?.line ?? line).toBe(line);
        },
      ),
    );
  });

  it.each([
    ['421', 421, undefined],
    ['250 2.0.0', 250, '2.0.0'],
    ['250 2.0.0.1 no status', 250, undefined],
    ['554 5.2.252 SendAsDenied', 554, '5.2.252'],
    ['550-5.7.60 first\n550 5.7.60 last', 550, '5.7.60'],
  ])('takes %j', (line, code, enhanced) => {
    expect(parseReply(line)).toEqual({ code, ...(enhanced === undefined ? {} : { enhanced }), line });
  });

  it.each(['', '55', '5500 no', 'abc', ' 550 no', '550no'])('takes %j for no reply', (line) => {
    expect(parseReply(line)).toBeUndefined();
  });
});

describe('permanence', () => {
  it.each(['auth', 'envelope', 'data'] as const)('of a reply after %s follows its first digit', (stage) => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), (code) => {
        expect(permanenceOf(refused(stage, `${code} no`))).toBe(code <= 499 ? 'transient' : 'permanent');
      }),
    );
  });

  it.each([
    [401, 'permanent'],
    [428, 'permanent'],
    [429, 'transient'],
    [430, 'permanent'],
    [499, 'permanent'],
    [500, 'transient'],
    [503, 'transient'],
  ])('of a token refusal with HTTP %i is %s', (status, permanence) => {
    expect(permanenceOf(token(7000215, status))).toBe(permanence);
  });

  it.each([
    ['no settings', SETTINGS, 'permanent'],
    ['a server that is not trusted', tls('no-certification-path'), 'permanent'],
    ['a server that can not be reached', dial('connect-timeout'), 'transient'],
    ['an answer that is no token', GARBLED, 'transient'],
    ['a session that breaks off', PROTOCOL, 'transient'],
    ['a server that takes no session for now', session('greeting', '421 4.3.2 Service not available'), 'transient'],
    ['a server that takes no session at all', session('greeting', '554 No SMTP service here'), 'permanent'],
  ])('of %s', (_what, failure, permanence) => {
    expect(permanenceOf(failure)).toBe(permanence);
  });
});

describe('what the GUI shows', () => {
  it.each<[string, SubmissionFailure]>([
    ['SMTP server is not configured', SETTINGS],
    ['connect timed out', dial('connect-timeout')],
    ['smtp.office365.com', dial('dns-failure')],
    ['Connection refused', dial('connection-refused')],
    [
      'Unable to tunnel through proxy. Proxy returns "HTTP/1.1 407 Proxy Authentication Required"',
      dial('proxy-authentication-required'),
    ],
    ['Unable to tunnel through proxy. Proxy returns "HTTP/1.1 403 Forbidden"', dial('proxy-forbidden')],
    ['Unable to tunnel through proxy. Proxy returns "HTTP/1.1 502 Bad Gateway"', dial('proxy-bad-gateway')],
    ['unable to find valid certification path to requested target', tls('no-certification-path')],
    ['unable to find valid certification path to requested target', tls('no-certification-path', 'token-endpoint')],
    ['No subject alternative DNS name matching smtp.office365.com found.', tls('wrong-name')],
    ['Remote host terminated the handshake', tls('handshake-failed')],
    ['Invalid OAuth endpoint or tenant ID', token(90002, 400, 'invalid_request')],
    ['Invalid OAuth endpoint or tenant ID', token(900023, 400, 'invalid_request')],
    ['Invalid OAuth endpoint or tenant ID', GARBLED],
    ['Invalid client secret', token(7000215)],
    ['Invalid client secret', token(7000218)],
    ['Invalid client secret', token(7000222)],
    ['Invalid client ID', token(700016, 400, 'unauthorized_client')],
    ['OAuth token request failed: temporarily_unavailable', token(undefined, 503, 'temporarily_unavailable')],
    ['Invalid email address', refused('auth', '535 5.7.3 Authentication unsuccessful')],
    ['Connection to smtp.office365.com failed', refused('auth', '454 4.7.0 Temporary authentication failure')],
    ['Connection to smtp.office365.com failed', refused('envelope', '501 5.1.7 Invalid address')],
    ['Connection to smtp.office365.com failed', refused('data', '554 5.2.252 SendAsDenied')],
    ['Connection to smtp.office365.com failed', session('greeting', '421 4.3.2 Service not available')],
    ['Connection to smtp.office365.com failed', PROTOCOL],
  ])('%s', (message, failure) => {
    expect(guiMessageOf(failure, SMTP.host)).toBe(message);
  });

  it('says of a certificate out of its dates that the validity check failed', () => {
    for (const failure of ['expired', 'not-yet-valid'] as const) {
      expect(guiMessageOf(tls(failure), SMTP.host)).toContain('validity check failed');
    }
  });
});

describe('what the Java stack logs', () => {
  const COULD_NOT_CONNECT =
    "com.sun.mail.util.MailConnectException: Couldn't connect to host, port: smtp.office365.com, 587; timeout 60000;\n" +
    '  nested exception is:\n\t';

  it.each<[string, SubmissionFailure]>([
    ['javax.mail.MessagingException: SMTP server is not configured', SETTINGS],
    [`${COULD_NOT_CONNECT}java.net.SocketTimeoutException: connect timed out`, dial('connect-timeout')],
    [`${COULD_NOT_CONNECT}java.net.UnknownHostException: smtp.office365.com`, dial('dns-failure')],
    [
      `${COULD_NOT_CONNECT}java.net.ConnectException: Connection refused (Connection refused)`,
      dial('connection-refused'),
    ],
    [
      'javax.mail.AuthenticationFailedException: 535 5.7.3 Authentication unsuccessful',
      refused('auth', '535 5.7.3 Authentication unsuccessful'),
    ],
    [
      'com.sun.mail.smtp.SMTPSendFailedException: 430 4.2.0 STOREDRV; mailbox logon failure',
      refused('data', '430 4.2.0 STOREDRV; mailbox logon failure'),
    ],
    ['javax.mail.AuthenticationFailedException: no access token: invalid_client: AADSTS7000215: no.', token(7000215)],
    ['javax.mail.AuthenticationFailedException: no access token: not JSON', GARBLED],
    [
      'javax.mail.MessagingException: Could not connect to SMTP host: smtp.office365.com, port: 587, response: 421',
      session('greeting', '421 4.3.2 Service not available'),
    ],
    ['javax.mail.MessagingException: 454 4.7.0 Cannot accept TLS', session('starttls', '454 4.7.0 Cannot accept TLS')],
    ['javax.mail.MessagingException: Greeting never received', PROTOCOL],
  ])('%s', (exception, failure) => {
    expect(javaExceptionOf(failure, 60_000)).toBe(exception);
  });

  it.each<[string, DialFailure]>([
    ['407 Proxy Authentication Required', 'proxy-authentication-required'],
    ['403 Forbidden', 'proxy-forbidden'],
    ['502 Bad Gateway', 'proxy-bad-gateway'],
  ])('names the answer %s of a proxy', (status, failure) => {
    expect(javaExceptionOf(dial(failure), 60_000)).toContain(`Proxy returns "HTTP/1.1 ${status}"`);
  });

  it('nests the reason for which a server is not trusted, below a text that depends on the server', () => {
    const path = 'unable to find valid certification path to requested target';
    expect(javaExceptionOf(tls('no-certification-path'), 60_000)).toMatch(
      new RegExp(`^javax\\.mail\\.MessagingException: Could not convert socket to TLS;\n[^]*${path}$`),
    );
    expect(javaExceptionOf(tls('no-certification-path', 'token-endpoint'), 60_000)).toMatch(
      new RegExp(`^javax\\.mail\\.MessagingException: no access token;\n[^]*${path}$`),
    );
    expect(javaExceptionOf(tls('expired'), 60_000)).toContain('PKIX path validation failed');
  });
});
