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
const entraRefusal = (reason: string) =>
  journalOf({ kind: 'entra.token-refused', reason, tenant: 't1', clientId: 'c1' });
const dialFailure = (failure: string, dialled: object = {}) =>
  journalOf(
    { kind: 'network.dialled', host: SMTP, port: 587, ...dialled },
    { kind: 'network.failed', cause: 2, host: SMTP, port: 587, failure },
  );
const tlsFailure = (failure: string, fields: object = {}) =>
  journalOf({ kind: 'tls.failed', host: SMTP, failure, certificate: 'outlook.com', ...fields });

/** For each root cause a journal that shows it. */
const SHOWN_BY: Record<string, EvidenceRecord[]> = {
  'ise.smtp-server-not-configured': journalOf({ kind: 'mail.refused', code: 'settings.not-configured' }),
  'network.egress-dropped': dialFailure('connect-timeout'),
  'network.proxy-unreachable': dialFailure('connect-timeout', { proxyFor: `${SMTP}:587` }),
  'network.proxy-refused': journalOf({ kind: 'proxy.refused', host: SMTP, status: 407, reason: 'no credentials' }),
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
  'tls.handshake-failed': tlsFailure('handshake-failed'),
  'exchange.no-full-access': submissionRefusal('no-full-access'),
  'exchange.send-as-denied': submissionRefusal('send-as-denied'),
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
    expect(diagnosis?.evidence).toEqual([ATTEMPT, records.at(-1)?.seq]);
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
    expect(diagnose(dialFailure('connection-refused', { proxyFor: 'x:1' }), ATTEMPT)?.code).toBe(
      'network.proxy-unreachable',
    );
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
