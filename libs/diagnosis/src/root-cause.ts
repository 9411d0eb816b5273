import { NETWORK_CAUSES } from './network-causes.ts';
import { TLS_CAUSES } from './tls-causes.ts';

/** The facts of a failure that texts about it may name; all absent ones are left out of the text. */
export interface CauseFacts {
  /** The server that was talked to, by name. */
  host?: string;
  expected?: string;
  actual?: string;
  mailbox?: string;
  tenant?: string;
  clientId?: string;
  certificate?: string;
  proxy?: string;
  /** The step of the connection at which it was lost. */
  during?: string;
  /** How far the node's clock is off: `60 days behind`. */
  skew?: string;
  /** The final reply or answer as the node saw it. */
  answer?: string;
}

/** A root cause that the testbed knows: stable code, and what to say and to do about it. */
export interface RootCause {
  /** Dotted and stable: `group.what-is-wrong`. */
  code: string;
  /** One line for lists. */
  title: string;
  cause: (facts: CauseFacts) => string;
  /** In the terms of the GUI or the cmdlet. */
  remedy: (facts: CauseFacts) => string;
}

/** Root causes by group, in the order of the path of a mail. */
export const ROOT_CAUSES: readonly RootCause[] = [
  {
    code: 'ise.smtp-server-not-configured',
    title: 'No SMTP server is saved',
    cause: () => 'The node has no SMTP server settings: none were saved, or a restore left them out.',
    remedy: () => 'Administration > System > Settings > SMTP Server: fill in, Test Connection, Save.',
  },
  ...NETWORK_CAUSES,
  ...TLS_CAUSES,
  {
    code: 'entra.tenant-unknown',
    title: 'The tenant ID is wrong',
    cause: ({ tenant }) => `Entra knows no tenant ${tenant ?? ''}.`,
    remedy: () => 'SMTP Server page: enter the Directory (tenant) ID of the app registration, Test Connection, Save.',
  },
  {
    code: 'entra.tenant-malformed',
    title: 'The tenant ID is neither a GUID nor a domain',
    cause: () => 'What was entered as tenant ID is neither a GUID nor a domain name.',
    remedy: () => 'SMTP Server page: enter the Directory (tenant) ID of the app registration, Test Connection, Save.',
  },
  {
    code: 'entra.application-unknown',
    title: 'The client ID is not known in the tenant',
    cause: ({ clientId }) => `The tenant has no application with the client ID ${clientId ?? ''}.`,
    remedy: () => 'SMTP Server page: enter the Application (client) ID of the app registration, Test Connection, Save.',
  },
  {
    code: 'entra.client-id-invalid',
    title: 'The client ID is not an application ID',
    cause: () => 'What was entered as client ID is no valid application ID.',
    remedy: () => 'SMTP Server page: enter the Application (client) ID of the app registration, Test Connection, Save.',
  },
  {
    code: 'entra.application-disabled',
    title: 'The application is disabled',
    cause: ({ clientId }) => `The application ${clientId ?? ''} is disabled in the tenant.`,
    remedy: () => 'Entra > Enterprise applications > Properties: set "Enabled for users to sign-in?" to Yes.',
  },
  {
    code: 'entra.secret-wrong',
    title: 'The client secret is wrong',
    cause: ({ clientId }) =>
      `None of the client secrets of application ${clientId ?? ''} has the value that ISE sends.`,
    remedy: () =>
      'App registrations > Certificates & secrets: create a secret, enter its Value, Test Connection, Save.',
  },
  {
    code: 'entra.secret-is-the-id',
    title: 'The secret ID was entered instead of its value',
    cause: () => 'ISE sends the Secret ID; Entra wants the Value, which is shown once, when the secret is created.',
    remedy: () =>
      'SMTP Server page: enter the Value of the secret (create a new one if it was not kept), Test Connection, Save.',
  },
  {
    code: 'entra.secret-expired',
    title: 'The client secret has expired',
    cause: ({ clientId }) => `The client secret of application ${clientId ?? ''} is past its end date in Entra.`,
    remedy: () =>
      'App registrations > Certificates & secrets: create a new secret, enter its Value and expiry date, Test Connection, Save.',
  },
  {
    code: 'entra.secret-missing',
    title: 'No client secret was sent',
    cause: () => 'The request for a token held no client secret.',
    remedy: () => 'SMTP Server page: enter the Value of the client secret, Test Connection, Save.',
  },
  {
    code: 'entra.secret-too-new',
    title: 'The client secret is not known everywhere yet',
    cause: () => 'The client secret was created moments ago and has not reached every Entra server.',
    remedy: () => 'Wait a minute and click Test Connection again.',
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
    code: 'exchange.role-missing',
    title: 'Admin consent is missing',
    cause: () =>
      'The token is good but has no role SMTP.SendAsApp: the permission was not added, or no administrator has consented to it.',
    remedy: () =>
      'App registrations > API permissions: add SMTP.SendAsApp, then "Grant admin consent". Tokens in caches keep their roles for up to an hour.',
  },
  {
    code: 'exchange.service-principal-missing',
    title: 'Exchange does not know the application',
    cause: ({ expected }) =>
      `The application's service principal ${short(expected)} is not registered in Exchange. Entra had granted a good token.`,
    remedy: ({ clientId, expected }) =>
      `New-ServicePrincipal -AppId ${clientId ?? '<client ID>'} -ObjectId ${expected ?? '<object ID of the enterprise application>'}`,
  },
  {
    code: 'exchange.service-principal-wrong-object-id',
    title: 'Exchange knows the application under another object ID',
    cause: ({ actual, expected }) =>
      `Exchange knows the application under another object ID: ${short(actual)} instead of ${short(expected)} (enterprise application). Entra had granted a good token.`,
    remedy: ({ expected }) =>
      `Remove-ServicePrincipal, then New-ServicePrincipal -AppId … -ObjectId ${expected ?? '<object ID of the enterprise application>'}`,
  },
  {
    code: 'exchange.mailbox-unknown',
    title: 'The mailbox does not exist',
    cause: ({ mailbox }) => `Exchange has no mailbox ${mailbox ?? ''}. Entra had granted a good token.`,
    remedy: () => 'SMTP Server page: enter the address of a licensed mailbox, or create it in Exchange.',
  },
  {
    code: 'exchange.tenant-mismatch',
    title: 'Token and mailbox belong to different tenants',
    cause: ({ mailbox }) => `The token is of another tenant than the mailbox ${mailbox ?? ''}.`,
    remedy: () => 'Register the application in the tenant of the mailbox.',
  },
  {
    code: 'exchange.basic-authentication',
    title: 'Basic authentication is refused',
    cause: () => 'The node logs in with user name and password; Exchange Online no longer takes these.',
    remedy: () => 'SMTP Server page: choose "MS Exchange Online OAuth".',
  },
  {
    code: 'exchange.no-full-access',
    title: 'The application has no right to the mailbox',
    cause: ({ mailbox }) =>
      `The application may log in but has no FullAccess to ${mailbox ?? 'the mailbox'}: authentication succeeds, the mail is refused after DATA.`,
    remedy: ({ mailbox }) =>
      `Add-MailboxPermission -Identity ${mailbox ?? '<mailbox>'} -User <object ID of the service principal> -AccessRights FullAccess`,
  },
  {
    code: 'exchange.send-as-denied',
    title: 'The sender address is not the mailbox',
    cause: ({ mailbox, actual }) =>
      `The mail is from ${actual ?? 'another address'}, and ${mailbox ?? 'the mailbox'} may not send as it.`,
    remedy: () =>
      'Guest Email Settings or Alarm Notification: use the mailbox as sender; or Add-RecipientPermission … -AccessRights SendAs.',
  },
];

/** Codes of all root causes. */
export const ROOT_CAUSE_CODES: readonly string[] = ROOT_CAUSES.map(({ code }) => code);

export function rootCause(code: string): RootCause | undefined {
  return ROOT_CAUSES.find((cause) => cause.code === code);
}

/** The first group of a GUID: enough to tell two apart, as administrators do. */
function short(guid: string | undefined): string {
  return guid?.split('-')[0] ?? 'unknown';
}
