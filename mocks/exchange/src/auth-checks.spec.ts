import { Random } from '#libs/simulation';
import { AUTH_CHECKS, judgeAuthentication, type TokenAttempt } from './auth-checks.ts';
import { ExchangeOnline } from './exchange-online.ts';
import type { ExchangeOrganization } from './exchange-organization.ts';
import { USUAL_SETTINGS } from './exchange-settings.ts';
import type { TokenClaims, TokenFault } from './token-inspection.ts';

const TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
const OTHER_TENANT = 'aaaaaaaa-0000-4000-8000-000000000002';
const APP = 'bbbbbbbb-0000-4000-8000-000000000001';
const ENTERPRISE = 'cccccccc-0000-4000-8000-000000000001';
const REGISTRATION = 'dddddddd-0000-4000-8000-000000000001';
const MAILBOX = 'ise@lab.example';

const CLAIMS: TokenClaims = {
  tenantId: TENANT,
  appId: APP,
  oid: ENTERPRISE,
  roles: ['SMTP.SendAsApp'],
  directoryRoles: [],
};
const GOOD: TokenAttempt = { user: MAILBOX, token: { kind: 'good', claims: CLAIMS } };

/** Two organizations, the first of which accepts `GOOD`. */
function anExchange() {
  const online = new ExchangeOnline();
  const lab = online.createOrganization({ tenantId: TENANT, domain: 'lab.example', random: new Random('1') });
  const other = online.createOrganization({ tenantId: OTHER_TENANT, domain: 'other.example', random: new Random('2') });
  lab.createMailbox({ address: MAILBOX, displayName: 'ISE' });
  other.createMailbox({ address: 'ise@other.example', displayName: 'ISE' });
  lab.newServicePrincipal({ appId: APP, objectId: ENTERPRISE });
  return { online, lab, judging: { online, settings: USUAL_SETTINGS, now: 0 } };
}

function withClaims(change: Partial<TokenClaims>): TokenAttempt {
  return { ...GOOD, token: { kind: 'good', claims: { ...CLAIMS, ...change } } };
}

describe('checks of AUTH XOAUTH2', () => {
  it('accepts a good token of the tenant for a mailbox of the tenant, whatever the case of its address', () => {
    const { judging } = anExchange();
    expect(judgeAuthentication({ ...GOOD, user: 'ISE@Lab.example' }, judging)).toEqual({
      kind: 'accepted',
      sender: { mailbox: MAILBOX, application: { appId: APP, objectId: ENTERPRISE, hasTokenRole: true } },
    });
  });

  it.each<[string, (lab: ExchangeOrganization) => void, TokenAttempt, object]>([
    [
      'SMTP AUTH off for the tenant',
      (lab) => lab.setTransportConfig({ smtpClientAuthenticationDisabled: true }),
      GOOD,
      {
        reason: 'tenant-smtp-auth-disabled',
        text: expect.stringContaining(
          '5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
        ),
      },
    ],
    [
      'SMTP AUTH off for the mailbox',
      (lab) => lab.setCasMailbox(MAILBOX, { smtpClientAuthenticationDisabled: true }),
      GOOD,
      { reason: 'mailbox-smtp-auth-disabled', text: expect.stringContaining('disabled for the Mailbox.') },
    ],
    [
      'a mailbox of another tenant',
      () => undefined,
      { ...GOOD, user: 'ise@other.example' },
      { reason: 'tenant-mismatch', expected: OTHER_TENANT, actual: TENANT },
    ],
    [
      'a token without the role',
      () => undefined,
      withClaims({ roles: ['IMAP.AccessAsApp'] }),
      { reason: 'role-missing', expected: 'SMTP.SendAsApp', actual: 'IMAP.AccessAsApp' },
    ],
    [
      'an application that is not registered',
      (lab) => lab.removeServicePrincipal(APP),
      GOOD,
      { reason: 'service-principal-missing', expected: ENTERPRISE },
    ],
    [
      'an application registered under the object ID of its app registration',
      (lab) => {
        lab.removeServicePrincipal(APP);
        lab.newServicePrincipal({ appId: APP, objectId: REGISTRATION });
      },
      GOOD,
      { reason: 'service-principal-wrong-object-id', expected: ENTERPRISE, actual: REGISTRATION },
    ],
    ['a mailbox that was removed', (lab) => lab.removeMailbox(MAILBOX), GOOD, { reason: 'mailbox-unknown' }],
    ['a domain of nobody', () => undefined, { ...GOOD, user: 'ise@nowhere.example' }, { reason: 'mailbox-unknown' }],
    ['something that is no address', () => undefined, { ...GOOD, user: 'ise' }, { reason: 'mailbox-unknown' }],
  ])('refuses %s', (_what, change, attempt, refusal) => {
    const { judging, lab } = anExchange();
    change(lab);
    expect(judgeAuthentication(attempt, judging)).toMatchObject({
      kind: 'refused',
      refusal: { code: 535, ...refusal },
    });
  });

  it.each<TokenFault>(['token-malformed', 'token-signature', 'token-expired', 'token-audience'])(
    'answers the same to every bad token: %s',
    (fault) => {
      const { judging } = anExchange();
      expect(judgeAuthentication({ user: MAILBOX, token: { kind: 'bad', fault } }, judging)).toEqual({
        kind: 'refused',
        refusal: { reason: fault, code: 535, text: '5.7.3 Authentication unsuccessful' },
      });
    },
  );

  it('answers with a transient code when the token could not be judged', () => {
    const { judging } = anExchange();
    const attempt: TokenAttempt = { user: MAILBOX, token: { kind: 'bad', fault: 'keys-unavailable' } };
    expect(judgeAuthentication(attempt, judging)).toMatchObject({ refusal: { code: 454 } });
  });

  it.each([
    [false, null, 'accepted'],
    [false, false, 'accepted'],
    [false, true, 'mailbox-smtp-auth-disabled'],
    [true, null, 'tenant-smtp-auth-disabled'],
    [true, false, 'accepted'],
    [true, true, 'mailbox-smtp-auth-disabled'],
  ])('with the tenant at %s and the mailbox at %s: %s', (tenant, mailbox, outcome) => {
    const { judging, lab } = anExchange();
    lab.setTransportConfig({ smtpClientAuthenticationDisabled: tenant });
    lab.setCasMailbox(MAILBOX, { smtpClientAuthenticationDisabled: mailbox });
    const judgement = judgeAuthentication(GOOD, judging);
    expect(judgement.kind === 'refused' ? judgement.refusal.reason : judgement.kind).toBe(outcome);
  });

  it('lets the switches hide a bad token, and a bad token hide everything after it', () => {
    const { judging, lab } = anExchange();
    const bad: TokenAttempt = { user: MAILBOX, token: { kind: 'bad', fault: 'token-expired' } };
    lab.removeServicePrincipal(APP);
    expect(judgeAuthentication(bad, judging)).toMatchObject({ refusal: { reason: 'token-expired' } });
    lab.setTransportConfig({ smtpClientAuthenticationDisabled: true });
    expect(judgeAuthentication(bad, judging)).toMatchObject({ refusal: { reason: 'tenant-smtp-auth-disabled' } });
    expect(AUTH_CHECKS).toHaveLength(11);
  });
});
