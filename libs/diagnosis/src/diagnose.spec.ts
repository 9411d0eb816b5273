import { consequencesOf, diagnose } from './diagnose.ts';
import type { EvidenceRecord } from './evidence.ts';
import { ROOT_CAUSE_CODES, ROOT_CAUSES, rootCause, type CauseFacts } from './root-cause.ts';

const ATTEMPT = 1;
const TOKEN_ENDPOINT = 'login.microsoftonline.com';
const SMTP = 'smtp.office365.com';

/** A journal: an attempt, and what follows from it; each record follows from the attempt unless it says otherwise. */
function journalOf(...records: { kind: string; [field: string]: unknown }[]): EvidenceRecord[] {
  return [
    { seq: ATTEMPT, kind: 'mail.attempted' },
    ...records.map((record, index) => ({ cause: ATTEMPT, ...record, seq: index + 2 })),
  ];
}

const exchangeRefusal = (reason: string) =>
  journalOf(
    { kind: 'token.acquired', clientId: 'c1' },
    { kind: 'exchange.auth-refused', reason, mailbox: 'ise@lab.example', expected: 'good-1', actual: 'bad-1' },
  );
const submissionRefusal = (reason: string) =>
  journalOf({ kind: 'exchange.message-refused', reason, mailbox: 'ise@lab.example', from: 'sponsor@lab.example' });
const refusedAs = (kind: string, reason: string) =>
  journalOf({ kind: `exchange.${kind}`, reason, mailbox: 'ise@lab.example', to: 'guest@lab.example' });
const shownBy = (kind: string, reasons: readonly string[]) =>
  Object.fromEntries(reasons.map((reason) => [`exchange.${reason}`, refusedAs(kind, reason)]));

/** An attempt with a token that was obtained before what is given, which may be records of something else. */
const cachedToken = (...later: { kind: string; [field: string]: unknown }[]): EvidenceRecord[] => [
  { seq: -1, kind: 'token.acquired', node: 'psn1', fromCache: false, clientId: 'c1', expiresAt: 'soon' },
  { seq: 0, kind: 'entra.token-granted', clientId: 'c2', roles: ['SMTP.SendAsApp'] },
  ...[
    { kind: 'mail.attempted' },
    { kind: 'token.acquired', cause: ATTEMPT, node: 'psn1', fromCache: true, clientId: 'c1', expiresAt: 'soon' },
    ...later,
  ].map((record, index) => ({ ...record, seq: index + 1 })),
];

const entraRefusal = (reason: string) =>
  journalOf({ kind: 'entra.token-refused', reason, tenant: 't1', clientId: 'c1' });
const dialFailure = (failure: string, dialled: object = {}) =>
  journalOf(
    { kind: 'network.dialled', host: SMTP, port: 587, ...dialled },
    { kind: 'network.failed', cause: 2, host: SMTP, port: 587, failure },
  );
const tlsFailure = (failure: string, fields: object = {}) =>
  journalOf({ kind: 'tls.failed', host: SMTP, failure, certificate: 'outlook.com', ...fields });

const loss = (code: string, during: string, ...before: { kind: string; [field: string]: unknown }[]) =>
  journalOf({ kind: 'network.connected', host: SMTP, port: 587 }, ...before, {
    kind: 'smtp.session-failed',
    stage: 'connection',
    code: `network.${code}`,
    during,
  });
const proxyRefusal = (status: number, reason: string) =>
  journalOf({ kind: 'proxy.refused', host: SMTP, port: 587, status, reason });

/** A mail that ISE itself stopped, or a click. */
const stoppedBy = (kind: string, fields: object = {}): EvidenceRecord[] => [{ seq: ATTEMPT, kind, ...fields }];

/** A refused mail, with what was recorded of it before. */
const refusedMail = (composed: object, saved: object, refusal: { kind: string; reason: string }): EvidenceRecord[] => [
  { seq: -1, kind: 'smtp-server.saved', ...saved },
  { seq: 0, kind: 'mail.composed', mail: 'mnt1-1', ...composed },
  { seq: ATTEMPT, kind: 'mail.attempted', mail: 'mnt1-1', cause: 0, t: '2026-03-15T12:00:00.000Z' },
  { seq: 2, cause: ATTEMPT, ...refusal },
];
const secretExpired = { kind: 'entra.token-refused', reason: 'secret-expired' };
const sendAsDenied = { kind: 'exchange.message-refused', reason: 'send-as-denied' };
const guestMail = { type: 'guest-credentials', from: 'ise@lab.example', subject: 'Your Guest Account Credentials' };

/** A node that sends with an old secret, and how the primary PAN saw it before. */
const outOfSync = (status: string): EvidenceRecord[] => [
  { seq: -2, kind: 'replication.status', node: 'psn2', status: 'NotInSync' },
  { seq: -1, kind: 'replication.status', node: 'psn1', status },
  { seq: 0, kind: 'mail.composed', mail: 'psn1-1', ...guestMail },
  { seq: ATTEMPT, kind: 'mail.attempted', node: 'psn1', mail: 'psn1-1' },
  { seq: 2, cause: ATTEMPT, kind: 'entra.token-refused', reason: 'secret-wrong' },
];

/** A mail without settings, and a restore; settings were saved at -2. */
const restored = (seq: number): EvidenceRecord[] =>
  [
    { seq, kind: 'config.restored' },
    { seq: -2, kind: 'smtp-server.saved' },
    { seq: 0, kind: 'mail.composed', mail: 'psn1-1', ...guestMail },
    { seq: ATTEMPT, kind: 'mail.attempted', mail: 'psn1-1' },
    { seq: 2, cause: ATTEMPT, kind: 'mail.refused', code: 'settings.not-configured' },
  ].toSorted((one, other) => one.seq - other.seq);

/** For each root cause a journal that shows it. */
const SHOWN_BY: Record<string, EvidenceRecord[]> = {
  'ise.smtp-server-not-configured': journalOf({ kind: 'mail.refused', code: 'settings.not-configured' }),
  'ise.smtp-settings-never-tested': stoppedBy('smtp-server.save-refused'),
  'ise.admin-without-alarm-tick': stoppedBy('alarm.not-mailed', { reason: 'no recipients' }),
  'ise.guest-notifications-off': stoppedBy('mail.not-composed', {
    type: 'guest-credentials',
    code: 'notification.disabled',
  }),
  'ise.guest-without-address': stoppedBy('mail.not-composed', {
    type: 'guest-credentials',
    code: 'notification.no-recipient',
  }),
  'ise.typed-expiry-date-wrong': refusedMail(guestMail, { expiryDate: '2027-03-14' }, secretExpired),
  'ise.expired-secret-alarm-undeliverable': refusedMail(
    { type: 'alarm', subject: 'ISE Alarm : Critical : SMTP OAuth Client Secret has expired' },
    { expiryDate: '2026-03-14' },
    secretExpired,
  ),
  'ise.alarm-sender-unset': refusedMail({ type: 'alarm', from: 'ise@mnt1.lab.example' }, {}, sendAsDenied),
  'ise.primary-pan-down': stoppedBy('guests.no-primary-pan', { primary: 'pan1' }),
  'ise.active-mnt-lost': stoppedBy('alarm.delayed', { to: 'mnt1', isActive: true }),
  'ise.node-out-of-sync': outOfSync('NotInSync'),
  'ise.restored-without-settings': restored(-1),
  'ise.node-clock-ahead': tlsFailure('expired', { clockSkewMs: 400 * 86_400_000 }),
  'ise.node-deregistered': stoppedBy('mail.not-composed', { type: 'alarm', code: 'notification.node-deregistered' }),
  'network.egress-dropped': dialFailure('connect-timeout'),
  'network.proxy-unreachable': dialFailure('connect-timeout', { proxyFor: `${SMTP}:587` }),
  'network.smtp-port-blocked': journalOf(
    { kind: 'network.dialled', host: SMTP, port: 587 },
    { kind: 'network.dropped', cause: 2, host: SMTP, port: 587, reason: 'port-blocked' },
    { kind: 'network.failed', cause: 2, host: SMTP, port: 587, failure: 'connect-timeout' },
  ),
  'network.proxy-connection-refused': dialFailure('connection-refused', { proxyFor: `${SMTP}:587` }),
  'network.proxy-authentication-required': proxyRefusal(407, 'credentials-missing'),
  'network.proxy-port-forbidden': proxyRefusal(403, 'port-forbidden'),
  'network.connection-reset': loss('connection-reset', 'auth'),
  'network.server-silent': loss('read-timeout', 'greeting'),
  'network.stalled-in-data': loss('read-timeout', 'data'),
  'network.slow-link': loss('read-timeout', 'data', { kind: 'fault.applied', type: 'bandwidth' }),
  'network.dns-failure': dialFailure('dns-failure'),
  'network.connection-refused': dialFailure('connection-refused'),
  'tls.token-endpoint-ca-missing': tlsFailure('no-certification-path', { host: TOKEN_ENDPOINT }),
  'tls.smtp-ca-missing': tlsFailure('no-certification-path'),
  'tls.ca-without-infrastructure-usage': tlsFailure('no-certification-path', {
    lacking: 'infrastructure',
    trustedBut: 'DigiCert',
  }),
  'tls.ca-disabled': tlsFailure('no-certification-path', { lacking: 'enabled', trustedBut: 'DigiCert' }),
  'tls.certificate-expired': tlsFailure('expired'),
  'tls.certificate-not-yet-valid': tlsFailure('not-yet-valid'),
  'tls.wrong-name': tlsFailure('wrong-name'),
  'tls.intermediate-missing': tlsFailure('no-certification-path', { presented: 1, issuer: 'DigiCert' }),
  'tls.intercepted': journalOf(
    { kind: 'inspection.intercepted', host: SMTP },
    { kind: 'tls.failed', host: SMTP, failure: 'no-certification-path', presented: 2, issuer: 'Firewall CA' },
  ),
  'tls.starttls-not-offered': tlsFailure('starttls-not-offered'),
  'tls.no-common-version': tlsFailure('no-common-version'),
  'tls.chain-changed': journalOf(
    { kind: 'tls.established', host: SMTP, issuer: 'Old Root' },
    { kind: 'tls.failed', host: SMTP, failure: 'no-certification-path', presented: 2, issuer: 'New Root' },
  ),
  'entra.not-json': journalOf({ kind: 'token.garbled' }),
  'exchange.token-from-before-consent': cachedToken(
    { kind: 'world.changed', change: 'entra.grantConsent' },
    { kind: 'exchange.auth-refused', reason: 'role-missing', cause: ATTEMPT },
  ),
  'exchange.too-many-recipients': refusedAs('recipient-refused', 'too-many-recipients'),
  'exchange.recipient-unknown': refusedAs('message-bounced', 'recipient-unknown'),
  'exchange.recipient-mailbox-full': refusedAs('message-bounced', 'mailbox-full'),
  ...shownBy('session-refused', ['service-unavailable', 'too-many-connections', 'tls-rate-exceeded']),
  ...shownBy('message-refused', [
    'tls-required',
    'authentication-required',
    'too-few-resources',
    'rate-exceeded',
    'mailbox-disabled',
    'submission-disabled',
    'no-full-access',
    'permission-not-propagated',
    'send-as-denied',
    'sender-restricted',
    'tenant-blocked',
    'concurrency-exceeded',
    'daily-quota-exceeded',
    'message-too-large',
    'mailbox-full',
  ]),
};

function journalShowing(code: string): EvidenceRecord[] {
  const [group, reason = ''] = code.split('.');
  const shown = SHOWN_BY[code];
  if (shown) return shown;
  return group === 'entra' ? entraRefusal(reason) : exchangeRefusal(reason);
}

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

describe.each(ROOT_CAUSE_CODES)('%s', (code) => {
  it('is found in a journal that shows it', () => {
    const records = journalShowing(code);
    const diagnosis = diagnose(records, ATTEMPT);
    expect(diagnosis?.code).toBe(code);
    expect(diagnosis?.evidence).toEqual([...new Set([ATTEMPT, records.at(-1)?.seq])]);
  });

  it.each([
    ['with all facts', ALL_FACTS],
    ['without any', {}],
  ])('has words for cause and remedy %s', (_which, facts) => {
    const known = rootCause(code);
    for (const text of [known?.title, known?.cause(facts), known?.remedy(facts)]) {
      expect(text).toMatch(/\S.{9}/);
      expect(text).not.toMatch(/undefined|null|\[object/);
    }
  });
});

describe('a cause within ISE', () => {
  const codeOf = (records: EvidenceRecord[]) => diagnose(records, ATTEMPT)?.code;

  it('is not a typed date that has passed: somebody was told', () => {
    expect(codeOf(refusedMail(guestMail, { expiryDate: '2026-03-15' }, secretExpired))).toBe('entra.secret-expired');
    expect(codeOf(refusedMail(guestMail, { expiryDate: '2026-03-16' }, secretExpired))).toBe(
      'ise.typed-expiry-date-wrong',
    );
  });

  it('is not the unset sender where the sender of alarms is set, or the mail is none', () => {
    const from = 'sponsor@lab.example';
    expect(codeOf(refusedMail({ type: 'alarm', from }, {}, sendAsDenied))).toBe('exchange.send-as-denied');
    expect(codeOf(refusedMail(guestMail, {}, sendAsDenied))).toBe('exchange.send-as-denied');
  });

  it('is not a node that has caught up, nor a standby MnT, nor a restore that settings were saved after', () => {
    expect(codeOf(outOfSync('Connected'))).toBe('entra.secret-wrong');
    expect(codeOf(stoppedBy('alarm.delayed', { to: 'mnt2', isActive: false }))).toBeUndefined();
    expect(codeOf(restored(-3))).toBe('ise.smtp-server-not-configured');
  });

  it('is not a clock that is a few hours ahead where a certificate has expired', () => {
    expect(codeOf(tlsFailure('expired', { clockSkewMs: 3 * 3_600_000 }))).toBe('tls.certificate-expired');
  });

  it('is none for an alarm that is muted, or a reminder without an address', () => {
    expect(codeOf(stoppedBy('alarm.not-mailed', { reason: 'muted' }))).toBeUndefined();
    const reminder = { type: 'password-expiry', code: 'notification.no-recipient' };
    expect(codeOf(stoppedBy('mail.not-composed', reminder))).toBeUndefined();
  });
});

describe('the catalogue', () => {
  it('has each code once, in a known group', () => {
    expect(new Set(ROOT_CAUSE_CODES).size).toBe(ROOT_CAUSES.length);
    for (const code of ROOT_CAUSE_CODES) expect(code).toMatch(/^(ise|network|tls|entra|exchange)\.[a-z]+(-[a-z]+)*$/);
  });

  it('knows no code that is not in it', () => {
    expect(rootCause('exchange.unheard-of')).toBeUndefined();
  });
});

describe('diagnose', () => {
  it.each([
    ['an attempt that succeeded', journalOf({ kind: 'token.acquired' }, { kind: 'mail.accepted' })],
    ['a reason that is not in the catalogue', entraRefusal('unheard-of')],
    ['a refusal without a reason', journalOf({ kind: 'exchange.auth-refused' })],
    [
      'a session that failed for no reason that is known',
      journalOf({ kind: 'smtp.session-failed', stage: 'protocol' }),
    ],
    ['nothing that followed', journalOf()],
    ['a failure of something else', journalOf({ kind: 'entra.token-refused', reason: 'secret-wrong', cause: 99 })],
  ])('finds nothing in %s', (_what, records) => {
    expect(diagnose(records, ATTEMPT)).toBeUndefined();
  });

  it('takes the later of two causes: it is what ended the attempt', () => {
    const records = journalOf(
      { kind: 'entra.token-refused', reason: 'secret-too-new' },
      { kind: 'exchange.auth-refused', reason: 'role-missing' },
    );
    expect(diagnose(records, ATTEMPT)).toMatchObject({ code: 'exchange.role-missing', evidence: [1, 3] });
  });

  it('looks past a later failure that it does not know', () => {
    const records = journalOf(
      { kind: 'exchange.auth-refused', reason: 'role-missing' },
      { kind: 'smtp.session-failed', stage: 'auth' },
      { kind: 'exchange.auth-refused', reason: 'unheard-of' },
    );
    expect(diagnose(records, ATTEMPT)?.code).toBe('exchange.role-missing');
  });

  it('lets the refusal of Entra itself explain an answer that no node understands', () => {
    const records = journalOf({ kind: 'entra.token-refused', reason: 'throttled' }, { kind: 'token.garbled' });
    expect(diagnose(records, ATTEMPT)).toMatchObject({ code: 'entra.throttled', evidence: [1, 2] });
  });

  it.each<[string, string, ...{ kind: string; [field: string]: unknown }[]]>([
    ['exchange.role-missing', 'nothing happened since the token was obtained'],
    [
      'exchange.role-missing',
      'another application got a token with the role',
      { kind: 'entra.token-granted', clientId: 'c2', roles: ['SMTP.SendAsApp'] },
    ],
    [
      'exchange.role-missing',
      'the same application got another token without the role',
      { kind: 'entra.token-granted', clientId: 'c1', roles: [] },
    ],
    [
      'exchange.token-from-before-consent',
      'the same application got a token with the role',
      { kind: 'entra.token-granted', clientId: 'c1', roles: ['SMTP.SendAsApp'] },
    ],
  ])('finds %s behind a cached token without roles when %s', (code, _when, ...meanwhile) => {
    const refused = { kind: 'exchange.auth-refused', reason: 'role-missing', cause: ATTEMPT };
    expect(diagnose(cachedToken(...meanwhile, refused), ATTEMPT)?.code).toBe(code);
  });

  it('blames a further attempt only for what followed from it', () => {
    const records: EvidenceRecord[] = [
      { seq: 1, kind: 'mail.attempted' },
      { seq: 2, kind: 'mail.attempted' },
      { seq: 3, kind: 'tls.failed', failure: 'expired', cause: 1 },
      { seq: 4, kind: 'entra.token-refused', reason: 'secret-wrong', cause: 2 },
    ];
    expect(diagnose(records, 1)?.code).toBe('tls.certificate-expired');
    expect(diagnose(records, 2)?.code).toBe('entra.secret-wrong');
  });

  it('names the facts it found', () => {
    const wrongObject = diagnose(exchangeRefusal('service-principal-wrong-object-id'), ATTEMPT);
    expect(wrongObject?.cause).toContain('bad instead of good');
    expect(wrongObject?.remedy).toContain('-ObjectId good-1');
    expect(diagnose(exchangeRefusal('service-principal-missing'), ATTEMPT)?.remedy).toContain('-AppId c1');
    expect(diagnose(submissionRefusal('send-as-denied'), ATTEMPT)?.cause).toContain('from sponsor@lab.example');
    expect(diagnose(dialFailure('dns-failure'), ATTEMPT)?.cause).toContain(`${SMTP}:587`);
    expect(diagnose(dialFailure('dns-failure', { proxyFor: 'x:1' }), ATTEMPT)?.code).toBe('network.proxy-unreachable');
    const behind = tlsFailure('not-yet-valid', { clockSkewMs: -60 * 86_400_000 });
    expect(diagnose(behind, ATTEMPT)?.cause).toContain('60 days behind');
  });

  it.each([
    ['closed by the peer', loss('connection-closed', 'greeting'), 'network.connection-reset'],
    ['silent at AUTH', loss('read-timeout', 'auth'), 'network.server-silent'],
    ['silent after the message', loss('read-timeout', 'end-of-data'), 'network.stalled-in-data'],
    ['a handshake that is reset', tlsFailure('connection-reset'), 'network.connection-reset'],
    ['a handshake that breaks off', tlsFailure('handshake-failed'), 'network.connection-reset'],
    ['a handshake without an answer', tlsFailure('timed-out'), 'network.server-silent'],
    ['wrong proxy credentials', proxyRefusal(407, 'credentials-wrong'), 'network.proxy-authentication-required'],
    [
      'a chain that is the same as ever',
      journalOf(
        { kind: 'tls.established', host: SMTP, issuer: 'Root' },
        { kind: 'tls.failed', host: SMTP, failure: 'no-certification-path', presented: 2, issuer: 'Root' },
      ),
      'tls.smtp-ca-missing',
    ],
  ])('tells apart what looks alike: %s', (_what, records, code) => {
    expect(diagnose(records, ATTEMPT)?.code).toBe(code);
  });

  it('asks the proxy’s own dial why the proxy could not reach the server', () => {
    const records = journalOf(
      { kind: 'network.dialled', host: SMTP, port: 587, node: 'proxy' },
      { kind: 'network.failed', cause: 2, host: SMTP, port: 587, failure: 'connection-refused', node: 'proxy' },
      { kind: 'proxy.refused', host: SMTP, port: 587, status: 502, reason: 'target-unreachable' },
    );
    expect(diagnose(records, ATTEMPT)?.code).toBe('network.connection-refused');
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
