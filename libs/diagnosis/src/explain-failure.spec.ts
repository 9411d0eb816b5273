import { explainFailure } from './explain-failure.ts';
import type { Observation } from './observation.ts';
import type { TenantFacts } from './tenant-facts.ts';

const CLIENT = 'c1c1c1c1-0000-4000-8000-000000000001';
const MAILBOX = 'no-reply@lab.example';
const ENTERPRISE_ID = 'aaaaaaaa-0000-4000-8000-000000000002';
const REGISTRATION_ID = 'bbbbbbbb-0000-4000-8000-000000000003';
const TENANT = 'dddddddd-0000-4000-8000-000000000004';

const at = (minute: number, node = 'psn1') => ({
  source: { node, at: `2026-02-02T05:${String(minute).padStart(2, '0')}:00Z` },
});

const settings: Observation = {
  kind: 'settings',
  present: true,
  authentication: 'oauth',
  emailAddress: MAILBOX,
  clientId: CLIENT,
  tenantId: TENANT,
  secretForm: 'other',
  secretEnteredAt: '2026-02-02T04:00:00Z',
  ...at(10),
};
const refused: Observation = {
  kind: 'smtp-reply',
  code: 535,
  enhanced: '5.7.3',
  text: 'Authentication unsuccessful [FR3P281CA8800.DEUP281.PROD.OUTLOOK.COM]',
  stage: 'auth',
  ...at(11),
};
const freshToken: Observation = { kind: 'token', fromCache: false, clientId: CLIENT, ...at(10) };
const authRefusal = [settings, freshToken, refused];

type MailboxFacts = NonNullable<NonNullable<TenantFacts['exchange']>['mailboxes']>[number];

const mailbox: MailboxFacts = {
  address: MAILBOX,
  usable: true,
  softDeleted: false,
  smtpClientAuthenticationDisabled: null,
  fullAccess: [ENTERPRISE_ID],
};

interface Differences {
  roles?: { name: string; since?: string }[];
  registeredAs?: string | undefined;
  mailboxes?: MailboxFacts[];
  mailboxTenant?: string;
  applicationRoles?: { objectId: string; mailboxesInScope: string[] }[];
  secretCreatedAt?: string;
  applications?: [];
}

function tenant(differences: Differences = {}): TenantFacts {
  const {
    roles = [{ name: 'SMTP.SendAsApp', since: '2026-01-01T00:00:00Z' }],
    registeredAs = ENTERPRISE_ID,
    mailboxes = [mailbox],
    mailboxTenant = TENANT,
    applicationRoles = [],
    secretCreatedAt: createdAt = '2026-01-01T00:00:00Z',
  } = differences;
  const secrets = [{ secretId: 's1', startsAt: createdAt, endsAt: '2027-01-01T00:00:00Z', createdAt }];
  return {
    entra: {
      tenantId: TENANT,
      applications: differences.applications ?? [{ clientId: CLIENT, objectId: REGISTRATION_ID, secrets }],
      enterpriseApplications: [
        { clientId: CLIENT, objectId: ENTERPRISE_ID, enabled: true, assignmentRequired: false, roles },
      ],
    },
    exchange: {
      tenantId: mailboxTenant,
      transport: { smtpClientAuthenticationDisabled: false },
      servicePrincipals: registeredAs === '' ? [] : [{ appId: CLIENT, objectId: registeredAs }],
      mailboxes,
      applicationRoles,
    },
  };
}

const codesOf = (observations: Observation[], options?: Parameters<typeof explainFailure>[1]) =>
  explainFailure(observations, options).causes.map(({ code }) => code);

describe('535 5.7.3 that names neither application nor mailbox, beside the state of a tenant', () => {
  it('is not decided by it: which application and which mailbox it is about is not known', () => {
    const microsoft = tenant();
    microsoft.entra?.applications?.push({ clientId: 'another', objectId: 'o2', secrets: [] });
    const { verdict, causes } = explainFailure([refused], { microsoft });
    expect(verdict).toBe('ambiguous');
    expect(causes.map(({ code }) => code)).toContain('exchange.service-principal-missing');
    expect(Math.max(...causes.map(({ probability }) => probability))).toBeLessThan(0.7);
  });
});

describe('535 5.7.3, from the node alone', () => {
  const explanation = explainFailure(authRefusal);

  it('is ambiguous, and all that Exchange answers so is among the causes', () => {
    expect(explanation.verdict).toBe('ambiguous');
    expect(explanation.causes.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        'exchange.service-principal-wrong-object-id',
        'exchange.service-principal-missing',
        'exchange.role-missing',
        'exchange.mailbox-unknown',
        'exchange.mailbox-unlicensed',
        'exchange.mailbox-soft-deleted',
        'exchange.tenant-mismatch',
        'exchange.mailbox-out-of-scope',
      ]),
    );
  });

  it('ranks the most common first, and names rivals and the check that tells', () => {
    const [first, second] = explanation.causes;
    expect(first?.code).toBe('exchange.service-principal-wrong-object-id');
    expect(first?.probability).toBeGreaterThan(second?.probability ?? 1);
    expect(first?.rivals).toContain('exchange.role-missing');
    expect(first?.check.ask).toContain('Get-ServicePrincipal');
    expect(explanation.collectNext.join('\n')).toContain(CLIENT);
  });

  it('tells the path: what worked, where it broke, what was not reached', () => {
    const outcomes = Object.fromEntries(explanation.chain.map(({ step, outcome }) => [step, outcome]));
    expect(outcomes).toMatchObject({ token: 'worked', 'smtp-tls': 'worked', auth: 'failed', mail: 'not-reached' });
    expect(explanation.symptom?.text).toBe('535 5.7.3 Authentication unsuccessful');
  });

  it('takes a role that a look into the token misses for decisive', () => {
    const looked: Observation = { ...freshToken, kind: 'token', roles: [] };
    expect(codesOf([settings, looked, refused])[0]).toBe('exchange.role-missing');
  });

  it('suspects an address that was never used before', () => {
    const before: Observation[] = [
      { ...settings, kind: 'settings', present: true, emailAddress: 'old@lab.example' },
      { kind: 'mail', type: 'test-connection', outcome: 'connected', ...at(5) },
    ];
    expect(codesOf(authRefusal, { history: before })[0]).toBe('exchange.mailbox-unknown');
  });
});

describe('535 5.7.3, with the state of the tenant', () => {
  it.each<[string, Differences]>([
    ['exchange.service-principal-missing', { registeredAs: '' }],
    ['exchange.service-principal-wrong-object-id', { registeredAs: REGISTRATION_ID }],
    ['exchange.role-missing', { roles: [] }],
    ['exchange.mailbox-unknown', { mailboxes: [] }],
    ['exchange.mailbox-unlicensed', { mailboxes: [{ ...mailbox, usable: false }] }],
    ['exchange.mailbox-soft-deleted', { mailboxes: [{ ...mailbox, usable: false, softDeleted: true }] }],
    ['exchange.tenant-mismatch', { mailboxTenant: 'elsewhere' }],
    [
      'exchange.mailbox-out-of-scope',
      { roles: [], applicationRoles: [{ objectId: ENTERPRISE_ID, mailboxesInScope: [] }] },
    ],
  ])('%s is certain', (code, differences) => {
    const { verdict, causes } = explainFailure(authRefusal, { microsoft: tenant(differences) });
    expect([verdict, causes[0]?.code]).toEqual(['certain', code]);
  });

  it('names the object IDs that differ', () => {
    const { causes } = explainFailure(authRefusal, { microsoft: tenant({ registeredAs: REGISTRATION_ID }) });
    expect(causes[0]?.cause).toContain('bbbbbbbb instead of aaaaaaaa');
    expect(causes[0]?.remedy).toContain(ENTERPRISE_ID);
  });

  it.each([
    ['exchange.token-from-before-consent', '2026-02-02T05:05:00Z'],
    ['exchange.token-expired', '2026-02-02T05:03:00Z'],
  ])('tells %s by when consent was given and when the token was obtained', (code, since) => {
    const cached: Observation = {
      kind: 'token',
      fromCache: true,
      clientId: CLIENT,
      obtainedAt: '2026-02-02T05:04:00Z',
      expiresAt: code === 'exchange.token-expired' ? '2026-02-02T05:10:30Z' : '2026-02-02T06:04:00Z',
      ...at(10),
    };
    const microsoft = tenant({ roles: [{ name: 'SMTP.SendAsApp', since }] });
    expect(codesOf([settings, cached, refused], { microsoft })[0]).toBe(code);
  });

  it('names the first of two on the path of Exchange’s checks', () => {
    const microsoft = tenant({ registeredAs: REGISTRATION_ID, mailboxes: [{ ...mailbox, usable: false }] });
    expect(codesOf(authRefusal, { microsoft })[0]).toBe('exchange.service-principal-wrong-object-id');
    const mended = tenant({ mailboxes: [{ ...mailbox, usable: false }] });
    expect(codesOf(authRefusal, { microsoft: mended })[0]).toBe('exchange.mailbox-unlicensed');
  });

  it('is not certain of anything when the tenant speaks against all', () => {
    expect(explainFailure(authRefusal, { microsoft: tenant() }).verdict).not.toBe('certain');
  });
});

describe('answers that two causes share', () => {
  const secretRefused: Observation = { kind: 'aadsts', number: 7000215, error: 'invalid_client', ...at(11) };

  it('takes a secret that looks like a secret ID for one', () => {
    const pasted: Observation = { ...settings, kind: 'settings', present: true, secretForm: 'guid' };
    expect(codesOf([pasted, secretRefused])[0]).toBe('entra.secret-is-the-id');
  });

  it.each([
    ['entra.secret-too-new', '2026-02-02T05:05:00Z', '2026-02-02T05:06:00Z'],
    ['entra.secret-wrong', '2026-02-02T05:05:00Z', '2026-02-02T05:04:00Z'],
    ['entra.secret-wrong', '2026-01-01T00:00:00Z', '2026-02-02T05:06:00Z'],
  ])('%s: created at %s, entered at %s', (code, secretCreatedAt, secretEnteredAt) => {
    const entered: Observation = { ...settings, kind: 'settings', present: true, secretEnteredAt };
    expect(codesOf([entered, secretRefused], { microsoft: tenant({ secretCreatedAt }) })[0]).toBe(code);
  });

  const logonFailure: Observation = {
    kind: 'smtp-reply',
    code: 430,
    enhanced: '4.2.0',
    text: 'STOREDRV; mailbox logon failure',
    ...at(11),
  };

  it.each([
    ['exchange.no-full-access', []],
    ['exchange.permission-not-propagated', [ENTERPRISE_ID]],
  ])('430 4.2.0 is %s by what Get-MailboxPermission shows', (code, fullAccess) => {
    const microsoft = tenant({ mailboxes: [{ ...mailbox, fullAccess }] });
    expect(codesOf([settings, logonFailure], { microsoft })[0]).toBe(code);
  });

  it('finds no application in the tenant, or one that is minutes old', () => {
    const unknown: Observation = { kind: 'aadsts', number: 700016, ...at(11) };
    expect(codesOf([settings, unknown], { microsoft: tenant({ applications: [] }) })[0]).toBe(
      'entra.application-unknown',
    );
  });
});

describe('the network', () => {
  const timedOut = (peer: 'smtp' | 'token-endpoint'): Observation => ({
    kind: 'network',
    outcome: 'failed',
    failure: 'connect-timeout',
    stage: 'connect',
    peer,
    host: 'some.example',
    port: peer === 'smtp' ? 587 : 443,
    ...at(11),
  });
  const reached: Observation = {
    kind: 'network',
    outcome: 'connected',
    peer: 'token-endpoint',
    host: 'login.microsoftonline.com',
    port: 443,
    elapsedMs: 20,
    ...at(10),
  };

  it('tells a blocked port from a network without a way out by whether the token endpoint was reached', () => {
    expect(codesOf([reached, timedOut('smtp')])[0]).toBe('network.smtp-port-blocked');
    expect(codesOf([timedOut('token-endpoint')])[0]).toBe('network.egress-dropped');
  });

  it('is not certain where a token from the cache leaves that open', () => {
    const cached: Observation = { ...freshToken, kind: 'token', fromCache: true };
    expect(explainFailure([cached, timedOut('smtp')]).verdict).toBe('ambiguous');
  });

  it.each([
    ['network.server-silent', { halfHeard: false }],
    ['network.slow-link', { halfHeard: true }],
  ])('%s by whether part of the answer had come', (code, seen) => {
    const silent: Observation = {
      kind: 'tls',
      outcome: 'failed',
      failure: 'timed-out',
      host: 'smtp.office365.com',
      ...seen,
      ...at(11),
    };
    expect(codesOf([silent])[0]).toBe(code);
  });
});

describe('a chain that leads nowhere', () => {
  const untrusted = (seen: object): Observation => ({
    kind: 'tls',
    outcome: 'failed',
    failure: 'no-certification-path',
    host: 'smtp.office365.com',
    peer: 'smtp',
    presented: 2,
    issuer: 'DigiCert Global Root CA',
    ...seen,
    ...at(11),
  });
  const before: Observation = {
    kind: 'tls',
    outcome: 'established',
    host: 'smtp.office365.com',
    issuer: 'DigiCert Global Root CA',
    ...at(1),
  };

  it.each<[string, object]>([
    ['tls.smtp-ca-missing', {}],
    ['tls.token-endpoint-ca-missing', { host: 'login.microsoftonline.com', peer: 'token-endpoint' }],
    ['tls.intermediate-missing', { presented: 1, issuer: 'DigiCert Cloud Services CA-1' }],
    ['tls.ca-without-infrastructure-usage', { nearMiss: { name: 'DigiCert', lacking: 'infrastructure' } }],
    ['tls.ca-disabled', { nearMiss: { name: 'DigiCert', lacking: 'enabled' } }],
    ['tls.intercepted', { issuer: 'Acme Perimeter CA' }],
    ['tls.chain-changed', { issuer: 'Microsoft TLS RSA Root G2' }],
  ])('%s', (code, seen) => {
    expect(codesOf([untrusted(seen)], { history: [before] })[0]).toBe(code);
  });
});

describe('what was said, not seen', () => {
  it.each([
    ['Invalid client secret', 'entra.secret-expired'],
    ['Invalid email address', 'exchange.service-principal-wrong-object-id'],
    ['Ungültiger OAuth-Endpunkt oder Tenant-ID', 'entra.tenant-unknown'],
    ['connect timed out', 'network.egress-dropped'],
  ])('a page that shows "%s" gives causes, the commonest first, and asks for the log', (text, code) => {
    const { causes, verdict, collectNext } = explainFailure([{ kind: 'gui', text, source: {} }]);
    expect(causes.map((cause) => cause.code)).toContain(code);
    expect(verdict).not.toBe('certain');
    expect(collectNext[0]).toContain('guest.log');
  });

  it('reads nested exceptions from the inside, and yields to what the protocol says', () => {
    const exception: Observation = {
      kind: 'exception',
      name: 'javax.mail.MessagingException',
      message: 'Could not convert socket to TLS',
      nested: [
        {
          name: 'javax.net.ssl.SSLHandshakeException',
          message: 'PKIX path building failed: unable to find valid certification path to requested target',
        },
      ],
      peer: 'smtp',
      source: {},
    };
    expect(codesOf([exception])[0]).toBe('tls.smtp-ca-missing');
    const told: Observation = { kind: 'aadsts', number: 7000222, source: {} };
    expect(codesOf([exception, told])[0]).toBe('entra.secret-expired');
  });

  it('does not call a clipped reply certain', () => {
    const clipped: Observation = {
      kind: 'smtp-reply',
      code: 535,
      enhanced: '5.7.139',
      text: 'Authentication unsuccess',
      source: {},
    };
    const { verdict, causes } = explainFailure([clipped]);
    expect(verdict).toBe('ambiguous');
    expect(causes[0]?.code).toBe('exchange.tenant-smtp-auth-disabled');
  });
});

describe('several failures', () => {
  it('explains the last attempt, and of that the first step that failed', () => {
    const early: Observation = { kind: 'aadsts', number: 90002, ...at(1) };
    const late: Observation = { kind: 'aadsts', number: 7000222, ...at(30) };
    const behind: Observation = { ...refused, kind: 'smtp-reply', code: 535, text: '', ...at(31) };
    expect(explainFailure([late, behind, early]).symptom?.text).toBe('AADSTS7000222');
  });
});

describe('nothing to explain', () => {
  it('gives no diagnosis for what went well', () => {
    const accepted: Observation = { kind: 'mail', type: 'alarm', outcome: 'accepted', ...at(12) };
    const { verdict, symptom, causes } = explainFailure([settings, freshToken, accepted]);
    expect({ verdict, symptom, causes }).toEqual({ verdict: 'none', symptom: undefined, causes: [] });
  });

  it('says what it saw, and what to collect, where no known cause shows like that', () => {
    const odd: Observation = { kind: 'smtp-reply', code: 599, text: 'Whatever', stage: 'mail', source: {} };
    const { verdict, symptom, collectNext } = explainFailure([odd]);
    expect([verdict, symptom?.text]).toEqual(['none', '599 Whatever']);
    expect(collectNext).not.toEqual([]);
  });
});

describe('languages', () => {
  it.each([
    ['de', 'Organisation', 'Sicher'],
    ['es', 'organización', 'Seguro'],
  ] as const)('tells cause and certainty in %s', (language, word, sure) => {
    const off: Observation = {
      kind: 'smtp-reply',
      code: 535,
      enhanced: '5.7.139',
      text: 'SmtpClientAuthentication is disabled for the Tenant.',
      source: {},
    };
    const { causes, certainty, chain } = explainFailure([off], { language });
    expect(causes[0]?.cause).toContain(word);
    expect(causes[0]?.check.tells).not.toBe(explainFailure([off]).causes[0]?.check.tells);
    expect(certainty).toContain(sure);
    expect(chain.map(({ label }) => label)).not.toContain('settings');
  });
});
