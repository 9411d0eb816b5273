import { named } from './named.ts';
import type { RootCause } from './root-cause.ts';

/** Why Exchange Online lets a node not in, although Entra granted a token where one was needed. */
export const EXCHANGE_AUTH_CAUSES: readonly RootCause[] = [
  {
    code: 'exchange.temporary-authentication-failure',
    title: 'Exchange Online can authenticate nobody for now',
    cause: () => 'Exchange Online answers AUTH with a temporary failure of its own; the settings are not at fault.',
    remedy: () => 'Wait: mails stay in the queue. Watch the service health of Microsoft 365.',
  },
  {
    code: 'exchange.tenant-smtp-auth-disabled',
    title: 'SMTP AUTH is off for the organization',
    cause: () =>
      'SMTP AUTH is off for the organization, and this mailbox does not override it. Entra had granted a good token.',
    remedy: () =>
      'Set-CASMailbox -SmtpClientAuthenticationDisabled $false for this mailbox, or Set-TransportConfig for all.',
  },
  {
    code: 'exchange.mailbox-smtp-auth-disabled',
    title: 'SMTP AUTH is off for the mailbox',
    cause: ({ mailbox }) =>
      `"Authenticated SMTP" is off for ${mailbox ?? 'the mailbox'}. Entra had granted a good token.`,
    remedy: ({ mailbox }) =>
      `Set-CASMailbox -Identity ${mailbox ?? '<mailbox>'} -SmtpClientAuthenticationDisabled $false`,
  },
  {
    code: 'exchange.token-expired',
    title: 'The token ended before it reached Exchange',
    cause: () =>
      'The token was still good when the node took it, and past its end when Exchange looked at it: the way there took too long for its lifetime.',
    remedy: () =>
      'Have the path to smtp.office365.com checked for delays; check token lifetime policies of the tenant (Get-MgPolicyTokenLifetimePolicy).',
  },
  {
    code: 'exchange.role-missing',
    title: 'Admin consent is missing',
    cause: () =>
      'The token is good but has no role SMTP.SendAsApp: the permission was not added, or no administrator has consented to it.',
    remedy: () =>
      'App registrations > API permissions: add SMTP.SendAsApp, then "Grant admin consent". Tokens in caches keep their roles for up to an hour.',
  },
  {
    code: 'exchange.token-from-before-consent',
    title: 'The node still uses a token from before the consent',
    cause: () =>
      'Admin consent is there, but the node took its token from its cache: it dates from before the consent and has no role SMTP.SendAsApp.',
    remedy: () => 'Wait until the token has ended (up to an hour), or restart the application server of this node.',
  },
  {
    code: 'exchange.tenant-mismatch',
    title: 'Token and mailbox belong to different tenants',
    cause: ({ mailbox }) => `The token is of another tenant than the mailbox${named(mailbox)}.`,
    remedy: () => 'Register the application in the tenant of the mailbox, and enter its IDs on the SMTP Server page.',
  },
  {
    code: 'exchange.service-principal-missing',
    title: 'Exchange does not know the application',
    cause: ({ expected }) =>
      `The application's service principal${named(short(expected))} is not registered in Exchange. Entra had granted a good token.`,
    remedy: ({ clientId, expected }) =>
      `New-ServicePrincipal -AppId ${clientId ?? '<client ID>'} -ObjectId ${expected ?? '<object ID of the enterprise application>'}`,
  },
  {
    code: 'exchange.service-principal-wrong-object-id',
    title: 'Exchange knows the application under another object ID',
    cause: ({ actual, expected }) =>
      `Exchange knows the application under another object ID than that of its enterprise application${actual && expected ? `: ${short(actual)} instead of ${short(expected)}` : ''}. Entra had granted a good token.`,
    remedy: ({ expected }) =>
      `Remove-ServicePrincipal, then New-ServicePrincipal -AppId … -ObjectId ${expected ?? '<object ID of the enterprise application>'}`,
  },
  {
    code: 'exchange.mailbox-unknown',
    title: 'The mailbox does not exist',
    cause: ({ mailbox }) =>
      `Exchange has no ${mailbox === undefined ? 'such mailbox' : `mailbox ${mailbox}`}. Entra had granted a good token.`,
    remedy: () => 'SMTP Server page: enter the address of a licensed mailbox, or create it in Exchange.',
  },
  {
    code: 'exchange.mailbox-unlicensed',
    title: 'The mailbox has no licence',
    cause: ({ mailbox }) => `The licence of ${mailbox ?? 'the mailbox'} was taken away, so nobody can log in to it.`,
    remedy: ({ mailbox }) =>
      `Microsoft 365 admin center: assign a licence with Exchange Online to ${mailbox ?? 'the user'}; or make it a shared mailbox below 50 GB (Set-Mailbox -Type Shared).`,
  },
  {
    code: 'exchange.mailbox-soft-deleted',
    title: 'The mailbox was deleted',
    cause: ({ mailbox }) =>
      `The user of ${mailbox ?? 'the mailbox'} was deleted; the mailbox waits for its final removal.`,
    remedy: () =>
      'Microsoft 365 admin center > Deleted users: restore the user within 30 days (or Undo-SoftDeletedMailbox).',
  },
  {
    code: 'exchange.mailbox-out-of-scope',
    title: 'The application may not use this mailbox (RBAC for Applications)',
    cause: ({ mailbox }) =>
      `The application has its role by RBAC for Applications, and ${mailbox ?? 'the mailbox'} is not in the scope of the assignment.`,
    remedy: () =>
      'Set-ManagementScope -RecipientRestrictionFilter so that it takes the mailbox in, or New-ManagementRoleAssignment with another -CustomResourceScope.',
  },
  {
    code: 'exchange.basic-authentication',
    title: 'Basic authentication is refused',
    cause: () => 'The node logs in with user name and password; the organization does not take these.',
    remedy: () => 'SMTP Server page: choose "MS Exchange Online OAuth".',
  },
  {
    code: 'exchange.basic-authentication-retired',
    title: 'Basic authentication is gone for good',
    cause: () => 'The node logs in with user name and password; Exchange Online no longer takes these from anybody.',
    remedy: () => 'SMTP Server page: choose "MS Exchange Online OAuth".',
  },
  {
    code: 'exchange.security-defaults',
    title: 'Security defaults forbid passwords alone',
    cause: () =>
      'The node logs in with user name and password; the security defaults of the tenant ask for more than a password.',
    remedy: () => 'SMTP Server page: choose "MS Exchange Online OAuth".',
  },
  {
    code: 'exchange.password-wrong',
    title: 'User name or password is wrong',
    cause: ({ mailbox }) => `The node logs in as ${mailbox ?? 'a user'} with a password that is not the right one.`,
    remedy: () => 'SMTP Server page: choose "MS Exchange Online OAuth", which needs no password of a user.',
  },
  {
    code: 'exchange.tls-required',
    title: 'TLS is switched off on port 587',
    cause: () =>
      'The TLS/SSL toggle is off, so the node says nothing of STARTTLS; Exchange Online offers no AUTH and takes no mail without TLS.',
    remedy: () => 'SMTP Server page: switch TLS/SSL encryption on and choose "MS Exchange Online OAuth".',
  },
  {
    code: 'exchange.authentication-required',
    title: 'The node does not authenticate',
    cause: () =>
      'Authentication is off on the SMTP Server page; smtp.office365.com takes mail from known clients only.',
    remedy: () => 'SMTP Server page: choose "MS Exchange Online OAuth".',
  },
];

/** The first group of a GUID: enough to tell two apart, as administrators do. */
function short(guid: string | undefined): string | undefined {
  return guid?.split('-')[0];
}
