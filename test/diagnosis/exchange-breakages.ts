import type { PathStep } from '#libs/diagnosis';
import { breaking, mending, type Breakage, type BreakageOf } from './breakage.ts';

const PASSWORD = { authentication: 'password', userName: '{{mailbox}}', password: 'Winter-2026' } as const;

/** Causes in Exchange Online. */
export const EXCHANGE_BREAKAGES: Readonly<Record<string, BreakageOf>> = {
  'exchange.temporary-authentication-failure': (random) =>
    changed('exchange.conditions', {
      broken: { temporaryAuthenticationFailure: random.pick(['454 4.7.0', '451 4.7.0', '451 4.7.3']) },
      mended: { temporaryAuthenticationFailure: null },
    }),
  'exchange.tenant-smtp-auth-disabled': () =>
    changed('exchange.run', {
      broken: 'Set-TransportConfig -SmtpClientAuthenticationDisabled $true',
      mended: 'Set-TransportConfig -SmtpClientAuthenticationDisabled $false',
    }),
  'exchange.mailbox-smtp-auth-disabled': () =>
    changed('exchange.run', {
      broken: "Set-CASMailbox -Identity '{{mailbox}}' -SmtpClientAuthenticationDisabled $true",
      mended: "Set-CASMailbox -Identity '{{mailbox}}' -SmtpClientAuthenticationDisabled $false",
    }),
  'exchange.token-expired': (random) => ({
    at: 'auth',
    broken: [
      breaking({
        'entra.policies': { tokenLifetime: '10m' },
        'fault.add': { name: 'congestion', type: 'latency', ms: random.integer(60, 70) * 1000, when: { peer: 'smtp' } },
      }),
    ],
    typed: { connectionTimeoutSeconds: 600 },
    attempts: ['test'],
    mended: [mending({ 'fault.remove': { name: 'congestion' } })],
  }),
  'exchange.role-missing': () => ({
    at: 'auth',
    broken: [breaking({ 'entra.revokeConsent': {} })],
    hiddenByCache: true,
    mended: [mending({ 'entra.grantConsent': {} }), { wait: '1h' }],
  }),
  'exchange.token-from-before-consent': (_random, { pan, psn }) => ({
    at: 'auth',
    broken: [
      breaking({ 'entra.revokeConsent': {} }),
      { click: `${psn} / Sponsor Portal / Resend`, with: { guest: '1001' } },
      breaking({ 'entra.grantConsent': {} }),
      ...(pan === psn ? [] : [{ click: `${pan} / SMTP Server / Test Connection` }]),
    ],
    hiddenByCache: true,
    attempts: ['mail'],
    mended: [{ wait: '1h' }],
  }),
  'exchange.tenant-mismatch': () => changed('exchange.changeTenantId', { broken: {}, mended: {} }),
  'exchange.service-principal-missing': () => ({
    at: 'auth',
    broken: [breaking({ 'exchange.removeServicePrincipal': { appId: '{{app.clientId}}' } })],
    mended: [registration()],
  }),
  'exchange.service-principal-wrong-object-id': (random) => ({
    at: 'auth',
    broken: [
      breaking({
        'exchange.replaceServicePrincipal': {
          appId: '{{app.clientId}}',
          objectId: random.chance(0.7) ? '{{app.registrationObjectId}}' : random.uuid(),
        },
      }),
    ],
    mended: [mending({ 'exchange.replaceServicePrincipal': RIGHT })],
  }),
  'exchange.mailbox-unknown': (random) =>
    random.chance(0.5)
      ? {
          at: 'auth',
          broken: [],
          typed: { emailAddress: `ise-${random.hex(4)}@{{tenant.domain}}` },
          attempts: ['test'],
          mended: [],
        }
      : {
          at: 'auth',
          broken: [breaking({ 'exchange.removeMailbox': {} })],
          mended: [mending({ 'exchange.createMailbox': {}, 'exchange.addMailboxPermission': {} })],
        },
  'exchange.mailbox-unlicensed': () => mailbox({ hasLicense: false }, { hasLicense: true }),
  'exchange.mailbox-soft-deleted': () => mailbox({ isSoftDeleted: true }, { isSoftDeleted: false }),
  'exchange.mailbox-out-of-scope': () => ({
    at: 'auth',
    broken: [
      breaking({
        'entra.revokeConsent': {},
        'exchange.run': [
          `New-ManagementScope -Name 'ISE mailboxes' -RecipientRestrictionFilter "CustomAttribute1 -eq 'ISE'"`,
          "New-ManagementRoleAssignment -App '{{app.clientId}}' -Role 'Application SMTP.SendAsApp' -CustomResourceScope 'ISE mailboxes'",
        ],
      }),
    ],
    hiddenByCache: true,
    mended: [mending({ 'entra.grantConsent': {} }), { wait: '1h' }],
  }),
  'exchange.basic-authentication': () => password({}),
  'exchange.basic-authentication-retired': () => password({ basicAuthentication: 'retired' }),
  'exchange.security-defaults': () => password({ basicAuthentication: 'allowed', securityDefaults: true }),
  'exchange.password-wrong': () => password({ basicAuthentication: 'allowed' }),
  'exchange.tls-required': (_random, { pan }) => saved(pan, { ...PASSWORD, encryption: false }),
  'exchange.authentication-required': (_random, { pan }) => saved(pan, { authentication: 'none' }),
  'exchange.service-unavailable': () => condition('isUnavailable', 'greeting'),
  'exchange.too-many-connections': () =>
    changed('exchange.settings', { broken: { connectionsMax: 0 }, mended: { connectionsMax: 5_000 }, at: 'greeting' }),
  'exchange.tls-rate-exceeded': () => condition('isTlsRateExceeded', 'smtp-tls'),
  'exchange.too-few-resources': () => forMails(condition('hasTooFewResources', 'mail')),
  'exchange.rate-exceeded': () => ({
    at: 'mail',
    broken: [breaking({ 'exchange.usage': { messages: 30 } })],
    attempts: ['mail'],
    mended: [{ wait: '2m' }],
  }),
  'exchange.too-many-recipients': () => ({
    ...forMails(
      changed('exchange.run', {
        broken: 'Set-TransportConfig -MaxRecipientEnvelopeLimit 1',
        mended: 'Set-TransportConfig -MaxRecipientEnvelopeLimit Unlimited',
      }),
    ),
    at: 'rcpt',
    needsCopy: true,
  }),
  'exchange.mailbox-disabled': () => inCondition('disabled'),
  'exchange.submission-disabled': () => inCondition('submission-disabled'),
  'exchange.no-full-access': () => ({
    at: 'end-of-data',
    broken: [breaking({ 'exchange.removeMailboxPermission': {} })],
    attempts: ['mail'],
    mended: [mending({ 'exchange.addMailboxPermission': {} })],
  }),
  'exchange.permission-not-propagated': (random) => ({
    at: 'end-of-data',
    broken: [
      breaking({
        'exchange.settings': {
          permissionPropagation: { deny: `${random.integer(5, 50)}m`, flap: '30m', flapEvery: '5m' },
        },
        'exchange.removeMailboxPermission': {},
        'exchange.addMailboxPermission': {},
      }),
    ],
    attempts: ['mail'],
    mended: [{ wait: '2h' }],
  }),
  'exchange.send-as-denied': (random) => ({
    at: 'end-of-data',
    given: {
      guestEmailSettings: {
        defaultFrom: `${random.pick(['guest', 'wifi', 'reception'])}-${random.hex(2)}@isebed.onmicrosoft.com`,
      },
      alarmSettings: { sender: 'alarms@lab.example' },
    },
    broken: [],
    attempts: ['mail'],
    mended: [],
  }),
  'exchange.sender-restricted': () => inCondition('restricted'),
  'exchange.tenant-blocked': (random) =>
    forMails(
      changed('exchange.organization', {
        broken: { sendingBlock: random.pick(['5.7.501', '5.7.502', '5.7.503', '5.7.705', '5.7.708', '5.7.750']) },
        mended: { sendingBlock: null },
      }),
    ),
  'exchange.concurrency-exceeded': () =>
    forMails(changed('exchange.usage', { broken: { connections: 3 }, mended: { connections: 0 } })),
  'exchange.daily-quota-exceeded': () => ({
    at: 'end-of-data',
    broken: [breaking({ 'exchange.usage': { recipients: 10_000 } })],
    attempts: ['mail'],
    mended: [{ wait: '24h' }],
  }),
  'exchange.message-too-large': (random) =>
    forMails(mailbox({ sendBytesMax: random.integer(100, 300) }, { sendBytesMax: 36_700_160 })),
  'exchange.mailbox-full': () => inCondition('full'),
  'exchange.recipient-unknown': (random) => ({
    at: 'delivery',
    broken: [],
    attempts: ['mail'],
    recipient: `${random.pick(['gerta', 'hanz', 'lukaz'])}@{{tenant.domain}}`,
    mended: [],
  }),
  'exchange.recipient-mailbox-full': (random) => {
    const name = `${random.pick(['greta', 'hans', 'lukas'])}@{{tenant.domain}}`;
    return {
      at: 'delivery',
      broken: [
        breaking({
          'exchange.createMailbox': { mailbox: name },
          'exchange.mailbox': { mailbox: name, conditions: ['full'] },
        }),
      ],
      attempts: ['mail'],
      recipient: name,
      mended: [mending({ 'exchange.mailbox': { mailbox: name, conditions: [] } })],
    };
  },
};

const RIGHT = { appId: '{{app.clientId}}', objectId: '{{app.enterpriseObjectId}}' } as const;

function registration() {
  return mending({ 'exchange.newServicePrincipal': RIGHT });
}

function changed(
  action: string,
  { broken, mended, at = 'auth' }: { broken: unknown; mended: unknown; at?: PathStep },
): Breakage {
  return { at, broken: [breaking({ [action]: broken })], mended: [mending({ [action]: mended })] };
}

function condition(name: string, at: PathStep): Breakage {
  return changed('exchange.conditions', { broken: { [name]: true }, mended: { [name]: false }, at });
}

function mailbox(broken: object, mended: object): Breakage {
  return changed('exchange.mailbox', { broken, mended });
}

function inCondition(name: string): Breakage {
  return forMails(mailbox({ conditions: [name] }, { conditions: [] }));
}

/** Test Connection ends after AUTH and does not see it. */
function forMails(breakage: Breakage): Breakage {
  return { ...breakage, at: breakage.at === 'auth' ? 'end-of-data' : breakage.at, attempts: ['mail'] };
}

function password(organization: Record<string, unknown>): Breakage {
  const isChanged = Object.keys(organization).length > 0;
  return {
    at: 'auth',
    broken: isChanged ? [breaking({ 'exchange.organization': organization })] : [],
    typed: PASSWORD,
    attempts: ['test'],
    mended: [],
  };
}

/** Test Connection passes with it, so it is saved. */
function saved(pan: string, fields: Record<string, unknown>): Breakage {
  return {
    at: 'mail',
    broken: [
      { click: `${pan} / SMTP Server / Test Connection`, with: fields },
      { click: `${pan} / SMTP Server / Save` },
    ],
    attempts: ['mail'],
    mended: [
      { click: `${pan} / SMTP Server / Test Connection`, with: { authentication: 'oauth', encryption: true } },
      { click: `${pan} / SMTP Server / Save` },
    ],
  };
}
