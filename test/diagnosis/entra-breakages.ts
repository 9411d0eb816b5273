import { breaking, click, mending, type Breakage, type BreakageOf } from './breakage.ts';

/** Causes at the token endpoint: a token from the cache hides all of them. */
export const ENTRA_BREAKAGES: Readonly<Record<string, BreakageOf>> = {
  'entra.service-down': (random) =>
    changed('entra.settings', {
      broken: { serviceHealth: { status: 'down', httpStatus: random.pick([502, 503, 504]) } },
      mended: { serviceHealth: { status: 'available' } },
    }),
  'entra.service-degraded': (random) =>
    changed('entra.settings', {
      broken: { serviceHealth: { status: 'degraded', aadsts: random.pick([90033, 90024, 90006]) } },
      mended: { serviceHealth: { status: 'available' } },
    }),
  'entra.throttled': () =>
    changed('entra.policies', {
      broken: { throttling: { requestsMax: 0, window: '1m', retryAfter: '60s' } },
      mended: { throttling: null },
    }),
  'entra.request-loop': () =>
    changed('entra.policies', {
      broken: { loopDetection: { requestsMax: 0, window: '5m' } },
      mended: { loopDetection: null },
    }),
  'entra.not-json': (_random, { pan }) => ({
    at: 'token',
    broken: [
      click(pan, 'Trusted Certificates / Import', {
        certificate: 'Lab Firewall TLS Inspection CA',
        infrastructure: true,
      }),
      breaking({ 'network.inspect': { peer: 'token-endpoint', how: 'block-page' } }),
    ],
    hiddenByCache: true,
    mended: [mending({ 'network.stopInspecting': { peer: 'token-endpoint' } })],
  }),
  'entra.tenant-unknown': (random) =>
    random.chance(0.5) ? typed({ tenantId: random.uuid() }) : typed({ tenantId: `${random.hex(6)}.onmicrosoft.com` }),
  'entra.tenant-malformed': (random) =>
    typed({ tenantId: random.pick(['contoso', 'my company', 'ISE-mail', 'tenant']) }),
  'entra.application-unknown': (random) =>
    typed({ clientId: random.chance(0.5) ? '{{app.registrationObjectId}}' : random.uuid() }),
  'entra.application-too-new': () => ({
    at: 'token',
    // The registration is as old as the run.
    given: { clock: '2026-02-02T05:00:00Z' },
    broken: [breaking({ 'entra.settings': { newApplicationLag: '20m' } })],
    hiddenByCache: true,
    mended: [mending({ 'entra.settings': { newApplicationLag: '0s' } })],
  }),
  'entra.client-id-invalid': (random) => typed({ clientId: random.pick(['ISE mail', 'ise-smtp', random.hex(12)]) }),
  'entra.application-disabled': () =>
    changed('entra.application', { broken: { enabled: false }, mended: { enabled: true } }),
  'entra.service-principal-missing': () => ({
    at: 'token',
    broken: [breaking({ 'entra.application': { hasServicePrincipal: false } })],
    hiddenByCache: true,
    mended: [
      mending({
        'entra.application': { hasServicePrincipal: true },
        'entra.grantConsent': {},
        'exchange.replaceServicePrincipal': {
          appId: '{{app.clientId}}',
          objectId: '{{app.enterpriseObjectId}}',
        },
        'exchange.addMailboxPermission': {},
      }),
      { wait: '1h' },
    ],
  }),
  'entra.secret-missing': (random) => typed({ clientSecret: ' '.repeat(random.integer(1, 4)) }),
  'entra.secret-wrong': (random) =>
    random.chance(0.5)
      ? typed({ clientSecret: `${random.hex(3)}8Q~${random.hex(34)}` })
      : {
          at: 'token',
          broken: [breaking({ 'entra.addSecret': { as: 'renewed' }, 'entra.removeSecret': { secret: 'current' } })],
          hiddenByCache: true,
          // Nobody enters the new one here: the old one is back under its name in no tenant.
          mended: [],
        },
  'entra.secret-is-the-id': () => typed({ clientSecret: '{{secrets.current.id}}' }),
  'entra.secret-expired': (random) => ({
    at: 'token',
    given: {
      clock: '2026-02-02T05:00:00Z',
      tenant: { secretEndsOn: '2026-02-03' },
      smtpSettings: { expiryDate: '2026-02-03' },
    },
    broken: [{ waitUntil: `2026-02-0${random.integer(3, 9)}T0${random.integer(1, 9)}:00:00Z` }],
    hiddenByCache: true,
    mended: [],
  }),
  'entra.secret-too-new': () => ({
    at: 'token',
    broken: [breaking({ 'entra.settings': { secretReplicationLag: '10m' }, 'entra.addSecret': { as: 'renewed' } })],
    typed: { clientSecret: '{{secrets.renewed.value}}' },
    attempts: ['test'],
    mended: [mending({ 'entra.settings': { secretReplicationLag: '0s' } })],
  }),
  'entra.resource-disabled': () => changed('entra.resource', { broken: { enabled: false }, mended: { enabled: true } }),
  'entra.assignment-required': () => ({
    at: 'token',
    broken: [breaking({ 'entra.resource': { assignmentRequired: true }, 'entra.revokeConsent': {} })],
    hiddenByCache: true,
    mended: [mending({ 'entra.grantConsent': {} })],
  }),
  'entra.conditional-access': () =>
    changed('entra.policies', {
      broken: { blockedByConditionalAccess: ['{{app.clientId}}'] },
      mended: { blockedByConditionalAccess: [] },
    }),
};

function changed(action: string, { broken, mended }: { broken: object; mended: object }): Breakage {
  return {
    at: 'token',
    broken: [breaking({ [action]: broken })],
    hiddenByCache: true,
    // MSAL repeats the answer of an overloaded endpoint for a minute by itself.
    mended: [mending({ [action]: mended }), { wait: '2m' }],
  };
}

/** A wrong value on the page: it can't be saved, so Test Connection alone shows it. */
function typed(fields: Record<string, unknown>): Breakage {
  return { at: 'token', broken: [], typed: fields, attempts: ['test'], mended: [] };
}
