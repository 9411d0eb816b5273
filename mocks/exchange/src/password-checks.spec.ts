import { Random } from '#libs/simulation';
import { judgeAuthentication } from './auth-checks.ts';
import { ExchangeOnline } from './exchange-online.ts';
import type { ExchangeOrganization } from './exchange-organization.ts';
import { USUAL_SETTINGS } from './exchange-settings.ts';

const MAILBOX = 'ise@lab.example';

/** An organization that still takes passwords, and whose every password is right. */
function anExchange() {
  const online = new ExchangeOnline();
  const organization = online.createOrganization({
    tenantId: 'aaaaaaaa-0000-4000-8000-000000000001',
    domain: 'lab.example',
    random: new Random('1'),
    verifyPassword: () => 'right',
  });
  organization.basicAuthentication = 'allowed';
  organization.createMailbox({ address: MAILBOX, displayName: 'ISE' });
  const judge = (user: string) =>
    judgeAuthentication({ user, password: 'correct-Horse-1' }, { online, settings: USUAL_SETTINGS, now: 0 });
  return { online, organization, judge };
}

describe('checks of AUTH LOGIN', () => {
  it('accept the owner of the mailbox, who then acts as no application', () => {
    expect(anExchange().judge('ISE@lab.example')).toEqual({ kind: 'accepted', sender: { mailbox: MAILBOX } });
  });

  it.each<[string, (organization: ExchangeOrganization, online: ExchangeOnline) => void, number, string]>([
    [
      'while the service cannot authenticate',
      (_organization, online) => void (online.conditions.temporaryAuthenticationFailure = '454 4.7.0'),
      454,
      'temporary-authentication-failure',
    ],
    [
      'when SMTP AUTH is off for the tenant',
      (organization) => organization.setTransportConfig({ smtpClientAuthenticationDisabled: true }),
      535,
      'tenant-smtp-auth-disabled',
    ],
    [
      'when SMTP AUTH is off for the mailbox',
      (organization) => organization.setCasMailbox(MAILBOX, { smtpClientAuthenticationDisabled: true }),
      535,
      'mailbox-smtp-auth-disabled',
    ],
    [
      'when the mailbox has no licence',
      (organization) => organization.setMailbox(MAILBOX, { hasLicense: false }),
      535,
      'mailbox-unlicensed',
    ],
    ['when the user has no mailbox', (organization) => organization.removeMailbox(MAILBOX), 535, 'mailbox-unknown'],
  ])('refuse the right password %s', (_when, change, code, reason) => {
    const { online, organization, judge } = anExchange();
    change(organization, online);
    expect(judge(MAILBOX)).toMatchObject({ kind: 'refused', refusal: { code, reason } });
  });
});
