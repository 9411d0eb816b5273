import { consequencesOf } from './consequences.ts';
import { diagnose, explainAttempt } from './diagnose.ts';
import { observationsOf } from './journal-evidence.ts';
import type { EvidenceRecord } from './evidence.ts';
import { ROOT_CAUSE_CODES, ROOT_CAUSES, rootCause, type CauseFacts } from './root-cause.ts';

const ATTEMPT = 1;
const NODE = 'psn1';
const TOKEN_ENDPOINT = 'login.microsoftonline.com';
const SMTP = 'smtp.office365.com';

/** A journal: an attempt, and what follows from it on the node, unless a record says otherwise. */
function journalOf(...records: { kind: string; [field: string]: unknown }[]): EvidenceRecord[] {
  return [
    { seq: ATTEMPT, kind: 'mail.attempted', node: NODE, t: timeOf(0) },
    ...records.map((record, index) => ({
      cause: ATTEMPT,
      node: NODE,
      t: timeOf(index + 1),
      ...record,
      seq: index + 2,
    })),
  ];
}

function timeOf(seconds: number): string {
  return new Date(Date.parse('2026-02-02T05:00:00Z') + seconds * 1000).toISOString();
}

const replied = (stage: string, reply: string) => journalOf({ kind: 'smtp.session-failed', stage, reply });
const refusedToken = (aadsts: number) =>
  journalOf({
    kind: 'token.refused',
    aadsts,
    status: 400,
    error: 'invalid_client',
    description: `AADSTS${aadsts}: No.`,
  });
const dialFailure = (failure: string, dialled: object = {}) =>
  journalOf(
    { kind: 'network.dialled', host: SMTP, port: 587, ...dialled },
    { kind: 'network.failed', cause: 2, host: SMTP, port: 587, failure },
  );
const tlsFailure = (failure: string, fields: object = {}) =>
  journalOf({ kind: 'tls.failed', host: SMTP, failure, certificate: 'outlook.com', ...fields });
const lost = (code: string, during: string) =>
  journalOf({ kind: 'smtp.session-failed', stage: 'connection', host: SMTP, code: `network.${code}`, during });

const codeOf = (records: readonly EvidenceRecord[]) => diagnose(records, ATTEMPT)?.code;

describe('what a node saw, as the journal has it', () => {
  it.each<[string, string, EvidenceRecord[]]>([
    [
      'no settings',
      'ise.smtp-server-not-configured',
      journalOf({ kind: 'mail.refused', code: 'settings.not-configured' }),
    ],
    ['a name without an address', 'network.dns-failure', dialFailure('dns-failure')],
    ['a port that refuses', 'network.connection-refused', dialFailure('connection-refused')],
    [
      'a proxy that refuses',
      'network.proxy-connection-refused',
      dialFailure('connection-refused', { proxyFor: `${SMTP}:587` }),
    ],
    [
      'a proxy without an address',
      'network.proxy-unreachable',
      dialFailure('dns-failure', { proxyFor: `${SMTP}:587` }),
    ],
    [
      'a proxy that asks for a password',
      'network.proxy-authentication-required',
      journalOf({ kind: 'token.unreachable', failure: 'network.proxy-authentication-required' }),
    ],
    [
      'a proxy that forbids the port',
      'network.proxy-port-forbidden',
      journalOf({ kind: 'smtp.session-failed', stage: 'dial', peer: 'smtp', code: 'network.proxy-forbidden' }),
    ],
    ['a reset at AUTH', 'network.connection-reset', lost('connection-reset', 'auth')],
    ['an end without a word', 'network.connection-reset', lost('connection-closed', 'greeting')],
    ['silence at the greeting', 'network.server-silent', lost('read-timeout', 'greeting')],
    ['silence after the message', 'network.stalled-in-data', lost('read-timeout', 'end-of-data')],
    ['a handshake that breaks off', 'network.connection-reset', tlsFailure('handshake-failed')],
    ['a certificate past its end', 'tls.certificate-expired', tlsFailure('expired')],
    ['a certificate of another name', 'tls.wrong-name', tlsFailure('wrong-name')],
    ['a certificate for later', 'tls.certificate-not-yet-valid', tlsFailure('not-yet-valid')],
    [
      'an unknown chain',
      'tls.smtp-ca-missing',
      tlsFailure('no-certification-path', { presented: 2, issuer: 'DigiCert' }),
    ],
    [
      'an unknown chain at the token endpoint',
      'tls.token-endpoint-ca-missing',
      tlsFailure('no-certification-path', { presented: 2, issuer: 'DigiCert', host: TOKEN_ENDPOINT }),
    ],
    ['an expired secret', 'entra.secret-expired', refusedToken(7000222)],
    ['an unknown tenant', 'entra.tenant-unknown', refusedToken(90002)],
    [
      'a page in place of a token',
      'entra.not-json',
      journalOf({ kind: 'token.garbled', status: 403, description: 'Unexpected token \'<\', "<!DOCTYPE "' }),
    ],
    [
      'a gateway that has no server',
      'entra.service-down',
      journalOf({ kind: 'token.garbled', status: 503, description: 'Unexpected token \'<\', "<!DOCTYPE "' }),
    ],
    [
      'too many requests',
      'entra.throttled',
      journalOf({ kind: 'token.garbled', status: 429, description: 'Unexpected token T, "Too Many Requests"' }),
    ],
    [
      'a mail without login',
      'exchange.authentication-required',
      replied('envelope', '530 5.7.57 Client not authenticated to send mail. [X]'),
    ],
    [
      'a foreign sender',
      'exchange.send-as-denied',
      replied('data', '554 5.2.252 SendAsDenied; a not allowed to send as b'),
    ],
    ['too many recipients', 'exchange.too-many-recipients', replied('envelope', '452 4.5.3 Too many recipients [X]')],
    [
      'a report in the mailbox',
      'exchange.recipient-unknown',
      journalOf(
        { kind: 'mail.accepted', mail: 'm1' },
        {
          kind: 'exchange.message-bounced',
          node: undefined,
          to: 'x@lab.example',
          reply: '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found',
        },
      ),
    ],
  ])('%s: %s', (_what, code, records) => {
    expect(diagnose(records, ATTEMPT)).toMatchObject({ code, evidence: [ATTEMPT, expect.any(Number)] });
  });

  it('takes nothing from what the other side says of itself', () => {
    const records = journalOf(
      { kind: 'entra.token-refused', node: undefined, reason: 'secret-wrong', aadsts: 7000215 },
      {
        kind: 'exchange.auth-refused',
        node: undefined,
        reason: 'role-missing',
        reply: '535 5.7.3 Authentication unsuccessful',
      },
      { kind: 'proxy.refused', node: undefined, status: 403, reason: 'port-forbidden' },
      { kind: 'network.dropped', node: undefined, host: SMTP, port: 587, reason: 'port-blocked' },
      { kind: 'fault.applied', name: 'ips', type: 'reset', stage: 'auth', host: SMTP },
      { kind: 'inspection.intercepted', node: undefined, host: SMTP, mode: 'tls' },
    );
    expect(observationsOf(records, ATTEMPT).observations).toEqual([]);
    expect(diagnose(records, ATTEMPT)).toBeUndefined();
  });

  it('says the same whatever reason the other side notes', () => {
    const refused = { kind: 'smtp.session-failed', stage: 'auth', reply: '535 5.7.3 Authentication unsuccessful [X]' };
    const noted = (reason: string) => journalOf({ kind: 'exchange.auth-refused', node: undefined, reason }, refused);
    const [one, other] = ['mailbox-unknown', 'role-missing'].map((reason) => diagnose(noted(reason), ATTEMPT));
    expect(one).toEqual(other);
    expect(one?.verdict).toBe('ambiguous');
  });

  it.each([
    ['an attempt that succeeded', journalOf({ kind: 'token.acquired' }, { kind: 'mail.accepted' })],
    ['nothing that followed', journalOf()],
    ['a number that nobody knows', refusedToken(1)],
    ['a failure of something else', journalOf({ kind: 'token.refused', aadsts: 7000222, cause: 99 })],
    ['a failure of another node', journalOf({ kind: 'tls.failed', node: 'proxy', host: SMTP, failure: 'expired' })],
  ])('finds nothing in %s', (_what, records) => {
    expect(diagnose(records, ATTEMPT)).toBeUndefined();
  });

  it('blames a further attempt only for what followed from it', () => {
    const records: EvidenceRecord[] = [
      { seq: 1, kind: 'mail.attempted' },
      { seq: 2, kind: 'mail.attempted' },
      { seq: 3, kind: 'tls.failed', host: SMTP, failure: 'expired', cause: 1 },
      { seq: 4, kind: 'token.refused', aadsts: 7000222, cause: 2 },
    ];
    expect(diagnose(records, 1)?.code).toBe('tls.certificate-expired');
    expect(diagnose(records, 2)?.code).toBe('entra.secret-expired');
  });

  it('names the facts it found', () => {
    expect(diagnose(dialFailure('dns-failure'), ATTEMPT)?.cause).toContain(`${SMTP}:587`);
    const behind = tlsFailure('not-yet-valid', { clockSkewMs: -60 * 86_400_000 });
    expect(diagnose(behind, ATTEMPT)?.cause).toContain('60 days behind');
    const composed = { seq: -1, kind: 'mail.composed', mail: 'm1', type: 'alarm', from: 'sponsor@lab.example' };
    const denied = journalOf(
      { kind: 'smtp.session-failed', stage: 'data', reply: '554 5.2.252 SendAsDenied; a not allowed to send as b' },
      { kind: 'mail.refused', mail: 'm1' },
    );
    expect(diagnose([composed, ...denied], ATTEMPT)?.cause).toContain('from sponsor@lab.example');
  });
});

describe('what came before', () => {
  const before = (...records: { kind: string; [field: string]: unknown }[]): EvidenceRecord[] =>
    records.map((record, index) => ({ node: NODE, t: timeOf(index - 100), ...record, seq: index - 100 }));

  it('tells a root that changed from one that was never there', () => {
    const failed = tlsFailure('no-certification-path', { presented: 2, issuer: 'DigiCert New Root' });
    const established = before({ kind: 'tls.established', host: SMTP, issuer: 'DigiCert Old Root' });
    expect(codeOf(failed)).toBe('tls.smtp-ca-missing');
    expect(codeOf([...established, ...failed])).toBe('tls.chain-changed');
  });

  it('dates a token from the cache, and sees that a newer one got through', () => {
    const expiresAt = timeOf(3600);
    const history = before(
      { kind: 'token.acquired', fromCache: false, clientId: 'c1', expiresAt },
      { kind: 'token.acquired', node: 'pan1', fromCache: false, clientId: 'c1', expiresAt: timeOf(3700) },
      { kind: 'smtp-server.tested', node: 'pan1', connected: true },
    );
    const refused = journalOf(
      { kind: 'token.acquired', fromCache: true, clientId: 'c1', expiresAt },
      { kind: 'smtp.session-failed', stage: 'auth', reply: '535 5.7.3 Authentication unsuccessful [X]' },
    );
    const { observations } = observationsOf([...history, ...refused], ATTEMPT);
    expect(observations[0]).toMatchObject({ kind: 'token', fromCache: true, obtainedAt: timeOf(-100) });
    expect(codeOf([...history, ...refused])).toBe('exchange.token-from-before-consent');
  });

  it('keeps when the secret was entered: with a test of what is typed, or when it was saved', () => {
    const saved = before({ kind: 'smtp-server.saved' });
    const started = {
      kind: 'smtp.session-started',
      host: SMTP,
      port: 587,
      authentication: 'oauth',
      secretForm: 'guid',
    };
    const settingsIn = (records: EvidenceRecord[]) => observationsOf([...saved, ...records], ATTEMPT).observations[0];
    expect(settingsIn(journalOf(started))).toMatchObject({ secretForm: 'guid', secretEnteredAt: timeOf(-100) });
    const [, session] = journalOf(started);
    const test = { seq: ATTEMPT, kind: 'smtp-server.test-started', node: NODE, secretAsSaved: false };
    expect(session && settingsIn([test, session])).toMatchObject({ secretEnteredAt: timeOf(1) });
  });
});

describe('a cause within ISE', () => {
  const stopped = (kind: string, fields: object = {}): EvidenceRecord[] => [
    { seq: ATTEMPT, kind, node: NODE, ...fields },
  ];

  it.each<[string, EvidenceRecord[]]>([
    ['ise.smtp-settings-never-tested', stopped('smtp-server.save-refused')],
    ['ise.admin-without-alarm-tick', stopped('alarm.not-mailed', { reason: 'no recipients', unticked: 1 })],
    [
      'ise.guest-notifications-off',
      stopped('mail.not-composed', { type: 'guest-credentials', code: 'notification.disabled' }),
    ],
    [
      'ise.guest-without-address',
      stopped('mail.not-composed', { type: 'guest-credentials', code: 'notification.no-recipient' }),
    ],
    ['ise.primary-pan-down', stopped('guests.no-primary-pan', { primary: 'pan1' })],
    ['ise.active-mnt-lost', stopped('alarm.delayed', { to: 'mnt1', isActive: true })],
    ['ise.node-deregistered', stopped('mail.not-composed', { type: 'alarm', code: 'notification.node-deregistered' })],
  ])('%s is what the record itself says', (code, records) => {
    expect(diagnose(records, ATTEMPT)).toMatchObject({ code, evidence: [ATTEMPT], verdict: 'certain' });
  });

  it('is none for an alarm that is muted or that nobody could be mailed, a reminder without an address, a standby MnT', () => {
    expect(codeOf(stopped('alarm.not-mailed', { reason: 'muted', unticked: 1 }))).toBeUndefined();
    expect(codeOf(stopped('alarm.not-mailed', { reason: 'no recipients', unticked: 0 }))).toBeUndefined();
    const reminder = { type: 'password-expiry', code: 'notification.no-recipient' };
    expect(codeOf(stopped('mail.not-composed', reminder))).toBeUndefined();
    expect(codeOf(stopped('alarm.delayed', { to: 'mnt2', isActive: false }))).toBeUndefined();
  });

  const mailOf = (composed: object, saved: object, ...refusal: EvidenceRecord[]): EvidenceRecord[] => [
    { seq: -2, kind: 'smtp-server.saved', ...saved },
    { seq: -1, kind: 'mail.composed', mail: 'm1', type: 'guest-credentials', from: 'ise@lab.example', ...composed },
    ...refusal,
  ];
  const expired = [
    ...journalOf(
      { kind: 'smtp.session-started', host: SMTP, port: 587, authentication: 'oauth', secretForm: 'other' },
      { kind: 'token.refused', aadsts: 7000222, description: 'AADSTS7000222: Expired.' },
      { kind: 'mail.refused', mail: 'm1' },
    ),
  ];

  it('lies behind an expired secret: a typed date to come, or the very alarm about it', () => {
    expect(codeOf(mailOf({}, { expiryDate: '2027-03-14' }, ...expired))).toBe('ise.typed-expiry-date-wrong');
    expect(codeOf(mailOf({}, { expiryDate: '2026-02-02' }, ...expired))).toBe('entra.secret-expired');
    const alarm = { type: 'alarm', subject: 'ISE Alarm : Critical : SMTP OAuth Client Secret has expired' };
    expect(codeOf(mailOf(alarm, { expiryDate: '2026-01-01' }, ...expired))).toBe(
      'ise.expired-secret-alarm-undeliverable',
    );
  });

  it('lies behind a sender that is denied: an alarm from ise@ and the name of the node', () => {
    const denied = journalOf(
      { kind: 'smtp.session-failed', stage: 'data', reply: '554 5.2.252 SendAsDenied; a not allowed to send as b' },
      { kind: 'mail.refused', mail: 'm1' },
    );
    expect(codeOf(mailOf({ type: 'alarm', from: 'ise@mnt1.lab.example' }, {}, ...denied))).toBe(
      'ise.alarm-sender-unset',
    );
    expect(codeOf(mailOf({ type: 'alarm', from: 'boss@lab.example' }, {}, ...denied))).toBe('exchange.send-as-denied');
    expect(codeOf(mailOf({ type: 'guest-credentials' }, {}, ...denied))).toBe('exchange.send-as-denied');
  });

  it.each([
    ['NotInSync', 'ise.node-out-of-sync'],
    ['Connected', 'entra.secret-wrong'],
  ])('lies behind an old secret where the node is %s', (status, code) => {
    const known: EvidenceRecord = { seq: 0, kind: 'replication.status', node: NODE, status };
    expect(codeOf([known, ...refusedToken(7000215)])).toBe(code);
  });

  it.each([
    [-1, 'ise.restored-without-settings'],
    [-3, 'ise.smtp-server-not-configured'],
  ])('lies behind missing settings where a restore came at %s and they were saved at -2', (seq, code) => {
    const before: EvidenceRecord[] = [
      { seq, kind: 'config.restored' },
      { seq: -2, kind: 'smtp-server.saved' },
    ];
    const refused = journalOf({ kind: 'mail.refused', code: 'settings.not-configured' });
    expect(codeOf([...before.toSorted((one, other) => one.seq - other.seq), ...refused])).toBe(code);
  });

  it('lies behind an expired certificate where the clock is days ahead, not hours', () => {
    expect(codeOf(tlsFailure('expired', { clockSkewMs: 400 * 86_400_000 }))).toBe('ise.node-clock-ahead');
    expect(codeOf(tlsFailure('expired', { clockSkewMs: 3 * 3_600_000 }))).toBe('tls.certificate-expired');
  });
});

describe('the explanation of an attempt', () => {
  it('has the path in order, and speaks the language that it is asked for', () => {
    const records = replied(
      'auth',
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
    );
    const { chain, causes, verdict } = explainAttempt(records, ATTEMPT, { language: 'de' });
    expect(chain.find(({ outcome }) => outcome === 'failed')?.step).toBe('auth');
    expect([verdict, causes[0]?.code]).toEqual(['certain', 'exchange.tenant-smtp-auth-disabled']);
    expect(causes[0]?.cause).toContain('Organisation');
  });
});

const ALL_FACTS: Required<CauseFacts> = {
  host: SMTP,
  expected: 'good-1',
  actual: 'bad-1',
  mailbox: 'ise@lab.example',
  recipient: 'guest@visitor.example',
  tenant: 't1',
  clientId: 'c1',
  certificate: 'DigiCert',
  proxy: 'proxy.lab.example:3128',
  answer: '535 5.7.3 Authentication unsuccessful',
  during: 'AUTH',
  skew: '2 days',
};

describe('the catalogue', () => {
  it.each([
    ['with all facts', ALL_FACTS],
    ['without any', {}],
  ])('has words for cause and remedy %s', (_which, facts) => {
    for (const known of ROOT_CAUSES) {
      for (const text of [known.title, known.cause(facts), known.remedy(facts)]) {
        expect(text).toMatch(/\S.{9}/);
        expect(text).not.toMatch(/undefined|null|\[object/);
      }
    }
  });

  it('has each code once, in a known group', () => {
    expect(new Set(ROOT_CAUSE_CODES).size).toBe(ROOT_CAUSES.length);
    for (const code of ROOT_CAUSE_CODES) expect(code).toMatch(/^(ise|network|tls|entra|exchange)\.[a-z]+(-[a-z]+)*$/);
  });

  it('knows no code that is not in it', () => {
    expect(rootCause('exchange.unheard-of')).toBeUndefined();
  });
});

describe('consequencesOf', () => {
  it('follows causes however far, and leaves out the record itself, what came before and what is unrelated', () => {
    const records: EvidenceRecord[] = [
      { seq: 1, kind: 'before' },
      { seq: 2, kind: 'attempt', cause: 1 },
      { seq: 3, kind: 'dialled', cause: 2 },
      { seq: 4, kind: 'unrelated', cause: 1 },
      { seq: 5, kind: 'failed', cause: 3 },
    ];
    expect(consequencesOf(records, 2).map(({ seq }) => seq)).toEqual([3, 5]);
  });
});
