import type { JWTPayload } from 'jose';
import {
  OTHER_TENANT,
  APP,
  ENTERPRISE,
  MAILBOX,
  aToken,
  inExchangeLab,
  lastOf,
  openAuthenticated,
  submit,
  type ExchangeLab,
} from './exchange-lab.ts';
import { ERROR_SUFFIX, openSecured, xoauth2 } from './smtp-dialogue.ts';

/** Vectors of fact sheet microsoft 4.4, without the suffix that names server, time and session. */
const UNSUCCESSFUL = '535 5.7.3 Authentication unsuccessful';
const TENANT_OFF =
  '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.';
const MAILBOX_OFF =
  '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.';

const SUFFIX = new RegExp(` ${ERROR_SUFFIX}$`);
const REGISTRATION = 'dddddddd-0000-4000-8000-000000000001';

interface AuthCase {
  break?: (lab: ExchangeLab) => void;
  claims?: JWTPayload;
  user?: string;
  token?: (lab: ExchangeLab) => Promise<string>;
}

/** The reply to AUTH, without its suffix, and the reason that the journal gives. */
async function authenticate(lab: ExchangeLab, { user = MAILBOX, claims = {}, token }: AuthCase) {
  const smtp = await openSecured(lab);
  const accessToken = token ? await token(lab) : await aToken(lab, claims);
  const [reply = ''] = await smtp.say(`AUTH XOAUTH2 ${xoauth2(user, accessToken)}`);
  smtp.end();
  if (!reply.startsWith('235')) expect(reply).toMatch(SUFFIX);
  return { reply: reply.replace(SUFFIX, ''), reason: lastOf(lab, 'exchange.auth-refused')?.['reason'] };
}

const second = (lab: Pick<ExchangeLab, 'clock'>) => Math.floor(lab.clock.now() / 1_000);

function unsigned(payload: JWTPayload): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', kid: 'lab-key' })}.${part(payload)}.`;
}

describe('each single deviation of a healthy tenant', () => {
  it.each<[string, string, string, AuthCase]>([
    ['no consent', 'role-missing', UNSUCCESSFUL, { claims: { roles: undefined } }],
    ['another role', 'role-missing', UNSUCCESSFUL, { claims: { roles: ['IMAP.AccessAsApp'] } }],
    ['Graph as audience', 'token-audience', UNSUCCESSFUL, { claims: { aud: 'https://graph.microsoft.com' } }],
    ['a foreign tenant', 'tenant-mismatch', UNSUCCESSFUL, { user: 'ise@other.example' }],
    ['a token of another tenant', 'tenant-mismatch', UNSUCCESSFUL, { claims: { tid: OTHER_TENANT } }],
    [
      'the issuer of another tenant',
      'token-signature',
      UNSUCCESSFUL,
      { claims: { iss: `https://sts.windows.net/${OTHER_TENANT}/` } },
    ],
    ['an unknown application', 'service-principal-missing', UNSUCCESSFUL, { claims: { appid: REGISTRATION } }],
    ['a wrong object ID', 'service-principal-wrong-object-id', UNSUCCESSFUL, { claims: { oid: REGISTRATION } }],
    ['an unknown mailbox', 'mailbox-unknown', UNSUCCESSFUL, { user: 'nobody@lab.example' }],
    [
      'no licence',
      'mailbox-unlicensed',
      UNSUCCESSFUL,
      { break: ({ organization }) => organization.setMailbox(MAILBOX, { hasLicense: false }) },
    ],
    [
      'a deleted mailbox',
      'mailbox-soft-deleted',
      UNSUCCESSFUL,
      { break: ({ organization }) => organization.setMailbox(MAILBOX, { isSoftDeleted: true }) },
    ],
    [
      'a shared mailbox of 51 GB',
      'mailbox-unlicensed',
      UNSUCCESSFUL,
      {
        break: ({ organization }) =>
          organization.setMailbox(MAILBOX, { kind: 'shared', hasLicense: false, sizeBytes: 51 * 2 ** 30 }),
      },
    ],
    [
      'SMTP AUTH off for all',
      'tenant-smtp-auth-disabled',
      TENANT_OFF,
      { break: ({ organization }) => organization.setTransportConfig({ smtpClientAuthenticationDisabled: true }) },
    ],
    [
      'SMTP AUTH off for one',
      'mailbox-smtp-auth-disabled',
      MAILBOX_OFF,
      { break: ({ organization }) => organization.setCasMailbox(MAILBOX, { smtpClientAuthenticationDisabled: true }) },
    ],
    [
      'a service that cannot authenticate',
      'temporary-authentication-failure',
      '454 4.7.0 Temporary authentication failure',
      { break: ({ online }) => void (online.conditions.temporaryAuthenticationFailure = '454 4.7.0') },
    ],
    [
      'a proxy without its back end',
      'temporary-authentication-failure',
      '451 4.7.0 Temporary server error. Please try again later. PRX1',
      { break: ({ online }) => void (online.conditions.temporaryAuthenticationFailure = '451 4.7.0') },
    ],
    [
      'a directory in trouble',
      'temporary-authentication-failure',
      '451 4.7.3 Authentication unsuccessful due to temporary server error. Please try again later.',
      { break: ({ online }) => void (online.conditions.temporaryAuthenticationFailure = '451 4.7.3') },
    ],
    [
      'algorithm none',
      'token-malformed',
      UNSUCCESSFUL,
      { token: async (lab) => unsigned({ tid: 'aaaaaaaa-0000-4000-8000-000000000001', exp: second(lab) + 60 }) },
    ],
    ['another algorithm', 'token-malformed', UNSUCCESSFUL, { token: (lab) => aToken(lab, {}, { alg: 'PS256' }) }],
    ['an unknown key', 'token-signature', UNSUCCESSFUL, { token: (lab) => aToken(lab, {}, { kid: 'another' }) }],
    [
      'a signature of another key',
      'token-signature',
      UNSUCCESSFUL,
      { token: (lab) => aToken(lab, {}, { key: 'smtp-leaf' }) },
    ],
    [
      'a token that expired a second ago',
      'token-expired',
      UNSUCCESSFUL,
      { token: (lab) => aToken(lab, { exp: second(lab) - 1 }) },
    ],
    [
      'a token that is valid from a minute on',
      'token-not-yet-valid',
      UNSUCCESSFUL,
      { token: (lab) => aToken(lab, { nbf: second(lab) + 60 }) },
    ],
    ['a token without an end', 'token-malformed', UNSUCCESSFUL, { claims: { exp: undefined } }],
    ['a token without a beginning', 'token-malformed', UNSUCCESSFUL, { claims: { nbf: undefined } }],
    ['a token without an application', 'token-malformed', UNSUCCESSFUL, { claims: { appid: undefined } }],
    ['a token without an object ID', 'token-malformed', UNSUCCESSFUL, { claims: { oid: undefined } }],
    ['three words', 'token-malformed', UNSUCCESSFUL, { token: async () => 'this.is.none' }],
  ])('at AUTH: %s (%s)', async (_what, reason, reply, given) => {
    await inExchangeLab({}, async (lab) => {
      given.break?.(lab);
      expect(await authenticate(lab, given)).toEqual({ reply, reason });
    });
  });

  it.each<[string, AuthCase]>([
    ['the other audience', { claims: { aud: 'https://outlook.office365.com' } }],
    ['a token in its last second', { token: (lab) => aToken(lab, { exp: second(lab) + 2 }) }],
    [
      'a shared mailbox of 50 GB without a licence',
      {
        break: ({ organization }) =>
          organization.setMailbox(MAILBOX, { kind: 'shared', hasLicense: false, sizeBytes: 50 * 2 ** 30 }),
      },
    ],
    [
      'the mailbox switched on although the tenant is off',
      {
        break: ({ organization }) => {
          organization.setTransportConfig({ smtpClientAuthenticationDisabled: true });
          organization.setCasMailbox(MAILBOX, { smtpClientAuthenticationDisabled: false });
        },
      },
    ],
  ])('accepts %s', async (_what, given) => {
    await inExchangeLab({}, async (lab) => {
      given.break?.(lab);
      expect(await authenticate(lab, given)).toEqual({
        reply: '235 2.7.0 Authentication successful',
        reason: undefined,
      });
    });
  });

  it.each<[string, string, string, (lab: ExchangeLab) => void]>([
    [
      'no FullAccess',
      'no-full-access',
      '430 4.2.0 STOREDRV; mailbox logon failure; STOREDRV.Submission.Exception:ConnectionFailedTransientException.MapiExceptionLogonFailed; Failed to process message due to a transient exception with message [BeginDiagnosticData]Cannot open mailbox. Server = <host> ... AuthenticationContext has no rights on this session ...[EndDiagnosticData]',
      ({ organization }) => void organization.removeMailboxPermission({ mailbox: MAILBOX, user: APP }),
    ],
    [
      'FullAccess denied',
      'no-full-access',
      '430 4.2.0 STOREDRV; mailbox logon failure;',
      ({ organization }) =>
        void organization.addMailboxPermission({
          mailbox: MAILBOX,
          user: APP,
          accessRights: ['FullAccess'],
          deny: true,
        }),
    ],
    [
      'a disabled mailbox',
      'mailbox-disabled',
      '550 5.2.1 Mailbox disabled, not accepting messages',
      ({ organization }) => organization.setMailbox(MAILBOX, { conditions: ['disabled'] }),
    ],
    [
      'submission disabled',
      'submission-disabled',
      '550 5.7.1 Submission has been disabled for this account',
      ({ organization }) => organization.setMailbox(MAILBOX, { conditions: ['submission-disabled'] }),
    ],
    [
      'a full mailbox',
      'mailbox-full',
      '554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded',
      ({ organization }) => organization.setMailbox(MAILBOX, { conditions: ['full'] }),
    ],
    [
      'a known spammer',
      'sender-restricted',
      '550 5.1.8 Access denied, bad outbound sender',
      ({ organization }) => organization.setMailbox(MAILBOX, { conditions: ['restricted'] }),
    ],
    [
      'a tenant over its threshold',
      'tenant-blocked',
      '550 5.7.705 Access denied, tenant has exceeded threshold',
      ({ organization }) => void (organization.sendingBlock = '5.7.705'),
    ],
    [
      'a small send limit',
      'message-too-large',
      '552 5.3.4 Message size exceeds fixed maximum message size',
      ({ organization }) => organization.setMailbox(MAILBOX, { sendBytesMax: 50 }),
    ],
  ])('after DATA: %s (%s)', async (_what, reason, expected, change) => {
    await inExchangeLab({}, async (lab) => {
      change(lab);
      const reply = await submit(await openAuthenticated(lab));
      const host = lab.organization.serverHost;
      expect(reply.endsWith(` [Hostname=${host}]`)).toBe(true);
      expect(reply.replace(` [Hostname=${host}]`, '').startsWith(expected.replace('<host>', host))).toBe(true);
      expect(lastOf(lab, 'exchange.message-refused')).toMatchObject({ mailbox: MAILBOX, reason });
      expect(lab.exchange.messages).toHaveLength(0);
    });
  });

  it.each<[string, string, string, (lab: ExchangeLab) => void]>([
    [
      'blocked by policy',
      'basic-authentication',
      '535 5.7.139 Authentication unsuccessful, basic authentication is disabled.',
      () => undefined,
    ],
    [
      'retired',
      'basic-authentication-retired',
      '550 5.7.30 Basic authentication is not supported for Client Submission.',
      ({ organization }) => void (organization.basicAuthentication = 'retired'),
    ],
    [
      'wrong',
      'password-wrong',
      '535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.',
      ({ organization }) => void (organization.basicAuthentication = 'allowed'),
    ],
    [
      'locked by security defaults',
      'security-defaults',
      "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.",
      ({ organization }) => {
        organization.basicAuthentication = 'allowed';
        organization.securityDefaults = true;
      },
    ],
    [
      'offered while SMTP AUTH is off',
      'tenant-smtp-auth-disabled',
      TENANT_OFF,
      ({ organization }) => organization.setTransportConfig({ smtpClientAuthenticationDisabled: true }),
    ],
  ])('a password that is %s (%s)', async (_what, reason, expected, change) => {
    await inExchangeLab({}, async (lab) => {
      change(lab);
      const smtp = await openSecured(lab);
      await smtp.say(`AUTH LOGIN ${Buffer.from(MAILBOX).toString('base64')}`);
      const [reply = ''] = await smtp.say(Buffer.from('hunter2').toString('base64'));
      expect(reply.replace(SUFFIX, '')).toBe(expected);
      expect(lastOf(lab, 'exchange.auth-refused')).toMatchObject({ reason });
    });
  });

  it('lets a right password in where basic authentication is allowed, and its owner send', async () => {
    const verifyPassword = (_user: string, password: string) =>
      password === 'right' ? 'right' : ('blocked-by-conditional-access' as const);
    await inExchangeLab({ verifyPassword }, async (lab) => {
      lab.organization.basicAuthentication = 'allowed';
      const login = async (password: string) => {
        const smtp = await openSecured(lab);
        await smtp.say(`AUTH LOGIN ${Buffer.from(MAILBOX).toString('base64')}`);
        return { smtp, reply: (await smtp.say(Buffer.from(password).toString('base64')))[0] };
      };
      expect((await login('other')).reply).toMatch(
        /the request did not meet the criteria to be authenticated successfully/,
      );
      const { smtp, reply } = await login('right');
      expect(reply).toBe('235 2.7.0 Authentication successful');
      expect(await submit(smtp)).toMatch(/^250 2\.0\.0 OK <1@ise\.lab\.example>/);
    });
  });
});

describe('two deviations at once', () => {
  const allOff = ({ organization }: ExchangeLab) =>
    organization.setTransportConfig({ smtpClientAuthenticationDisabled: true });
  it.each<[string, AuthCase]>([
    ['tenant-smtp-auth-disabled', { break: allOff, claims: { exp: 1 } }],
    [
      'mailbox-smtp-auth-disabled',
      {
        break: ({ organization }) => organization.setCasMailbox(MAILBOX, { smtpClientAuthenticationDisabled: true }),
        claims: { exp: 1 },
      },
    ],
    ['token-expired', { claims: { exp: 1, tid: OTHER_TENANT } }],
    ['tenant-mismatch', { claims: { tid: OTHER_TENANT, roles: [] } }],
    ['role-missing', { claims: { roles: [], appid: REGISTRATION } }],
    ['service-principal-missing', { claims: { appid: REGISTRATION, oid: REGISTRATION } }],
    ['service-principal-missing', { claims: { appid: REGISTRATION }, user: 'nobody@lab.example' }],
    ['service-principal-wrong-object-id', { claims: { oid: REGISTRATION }, user: 'nobody@lab.example' }],
  ])('are answered for the earlier check: %s', async (reason, given) => {
    await inExchangeLab({}, async (lab) => {
      given.break?.(lab);
      expect((await authenticate(lab, given)).reason).toBe(reason);
    });
  });

  it('after DATA: each reason hides all that follow it', async () => {
    await inExchangeLab({ settings: { recipientsPerDayMax: 0, concurrentConnectionsMax: 0 } }, async (lab) => {
      const { organization } = lab;
      const mailbox = organization.findMailbox(MAILBOX);
      organization.setMailbox(MAILBOX, {
        conditions: ['disabled', 'submission-disabled', 'restricted', 'full'],
        sendBytesMax: 1,
      });
      organization.removeMailboxPermission({ mailbox: MAILBOX, user: APP });
      organization.sendingBlock = '5.7.750';
      const smtp = await openAuthenticated(lab);
      const cured: [string, () => void][] = [
        ['mailbox-disabled', () => mailbox?.conditions.shift()],
        ['submission-disabled', () => mailbox?.conditions.shift()],
        [
          'no-full-access',
          () => organization.addMailboxPermission({ mailbox: MAILBOX, user: APP, accessRights: ['FullAccess'] }),
        ],
        ['sender-restricted', () => mailbox?.conditions.shift()],
        ['tenant-blocked', () => void (organization.sendingBlock = undefined)],
        ['concurrency-exceeded', () => undefined],
      ];
      for (const [reason, cure] of cured) {
        await submit(smtp);
        expect(lastOf(lab, 'exchange.message-refused')?.['reason']).toBe(reason);
        cure();
      }
    });
  });

  it('after DATA: quota before size before a full mailbox', async () => {
    await inExchangeLab({ settings: { recipientsPerDayMax: 1 } }, async (lab) => {
      lab.organization.setMailbox(MAILBOX, { sendBytesMax: 100, conditions: ['full'] });
      const smtp = await openAuthenticated(lab);
      const long = { body: 'x'.repeat(100) };
      expect(await submit(smtp, { ...long, to: ['a@x.example', 'b@x.example'] })).toMatch(
        /^554 5\.2\.0 STOREDRV\.Submission\.Exception:SubmissionQuotaExceededException/,
      );
      expect(await submit(smtp, long)).toMatch(/^552 /);
      expect(await submit(smtp, { from: 'sponsor@lab.example', ...long })).toMatch(/^554 5\.2\.252 SendAsDenied;/);
    });
  });
});

describe('RBAC for Applications', () => {
  const NO_ROLE = { claims: { roles: [] } };
  const assign = ({ organization }: ExchangeLab, address: string) => {
    organization.newManagementScope({ name: 'one', recipientRestrictionFilter: `PrimarySmtpAddress -eq '${address}'` });
    organization.newRoleAssignment({ role: 'Application SMTP.SendAsApp', app: ENTERPRISE, customResourceScope: 'one' });
  };

  it('takes the place of the role and of FullAccess inside the scope', async () => {
    await inExchangeLab({}, async (lab) => {
      assign(lab, MAILBOX);
      lab.organization.removeMailboxPermission({ mailbox: MAILBOX, user: APP });
      const smtp = await openSecured(lab);
      expect((await smtp.say(`AUTH XOAUTH2 ${xoauth2(MAILBOX, await aToken(lab, NO_ROLE.claims))}`))[0]).toMatch(
        /^235 /,
      );
      expect(await submit(smtp)).toMatch(/^250 /);
    });
  });

  it('refuses a mailbox out of scope at AUTH, or after DATA, as the setting says', async () => {
    await inExchangeLab({}, async (lab) => {
      assign(lab, 'other@lab.example');
      expect(await authenticate(lab, NO_ROLE)).toEqual({ reply: UNSUCCESSFUL, reason: 'mailbox-out-of-scope' });
    });
    await inExchangeLab({ settings: { outOfScopeShowsAt: 'submission' } }, async (lab) => {
      assign(lab, 'other@lab.example');
      const smtp = await openSecured(lab);
      await smtp.say(`AUTH XOAUTH2 ${xoauth2(MAILBOX, await aToken(lab, NO_ROLE.claims))}`);
      expect(await submit(smtp)).toMatch(/^430 4\.2\.0 /);
      expect(lastOf(lab, 'exchange.message-refused')).toMatchObject({ reason: 'mailbox-out-of-scope' });
    });
  });

  it('leaves the mailbox permission in force for who has the role as well', async () => {
    await inExchangeLab({}, async (lab) => {
      assign(lab, MAILBOX);
      lab.organization.removeMailboxPermission({ mailbox: MAILBOX, user: APP });
      expect(await submit(await openAuthenticated(lab))).toMatch(/^430 4\.2\.0 /);
    });
  });
});

describe('propagation of a right', () => {
  it('is denied, then works and fails in turns, then works', async () => {
    const permissionPropagation = { denyMs: 1_800_000, flapMs: 240_000, flapEveryMs: 60_000 };
    await inExchangeLab({ settings: { permissionPropagation } }, async (lab) => {
      const outcomes: string[] = [];
      for (const minute of [0, 29, 30.5, 31.5, 32.5, 33.5, 34.5]) {
        await lab.clock.sleep(Math.max(0, Date.parse('2026-02-02T05:00:00Z') + minute * 60_000 - lab.clock.now()));
        const smtp = await openAuthenticated(lab);
        outcomes.push((await submit(smtp)).slice(0, 3));
        smtp.end();
      }
      expect(outcomes).toEqual(['430', '430', '250', '430', '250', '430', '250']);
      expect(lab.journal.records.find(({ kind }) => kind === 'exchange.message-refused')).toMatchObject({
        reason: 'permission-not-propagated',
      });
    });
  });
});
