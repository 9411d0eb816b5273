import { named } from './named.ts';
import type { RootCause } from './root-cause.ts';

const SMTP_SERVER = 'SMTP Server page';
const SECRETS = 'App registrations > Certificates & secrets';
const ENTERPRISE = 'Entra > Enterprise applications';

/** Why Entra grants no token. */
export const ENTRA_CAUSES: readonly RootCause[] = [
  {
    code: 'entra.service-down',
    title: 'The token endpoint is down',
    cause: () => 'The front door of Microsoft Entra answers with an error page: it has no server for the request.',
    remedy: () => 'Wait: mails stay in the queue. Watch the service health of Microsoft 365.',
  },
  {
    code: 'entra.service-degraded',
    title: 'The token service has a failure of its own',
    cause: () => 'Microsoft Entra answers with a transient error of its own; the settings are not at fault.',
    remedy: () => 'Wait: mails stay in the queue. Watch the service health of Microsoft 365.',
  },
  {
    code: 'entra.throttled',
    title: 'Too many requests for tokens',
    cause: () => 'Microsoft Entra takes no more requests for tokens of this tenant for now (429 Too Many Requests).',
    remedy: () =>
      'Wait for a minute; then find out which application of the tenant asks for tokens over and over, and have it keep them.',
  },
  {
    code: 'entra.request-loop',
    title: 'The requests for tokens are taken for a loop',
    cause: ({ clientId }) =>
      `The application${named(clientId)} has asked for the same token so often that Microsoft Entra takes it for a loop.`,
    remedy: () =>
      'Find who else uses this client ID, give each program an app registration of its own, and wait some minutes.',
  },
  {
    code: 'entra.not-json',
    title: 'Something else answers in place of the token endpoint',
    cause: ({ host }) =>
      `What came back from ${host ?? 'the token endpoint'} is no answer of Microsoft Entra, which saw no such request: a captive portal or a filter on the way answers with a page for browsers.`,
    remedy: () => 'Exempt login.microsoftonline.com from web filters and captive portals for every ISE node.',
  },
  {
    code: 'entra.tenant-unknown',
    title: 'The tenant ID is wrong',
    cause: ({ tenant }) => `Entra does not know the tenant${named(tenant)}.`,
    remedy: () => `${SMTP_SERVER}: enter the Directory (tenant) ID of the app registration, Test Connection, Save.`,
  },
  {
    code: 'entra.tenant-malformed',
    title: 'The tenant ID is neither a GUID nor a domain',
    cause: () => 'What was entered as tenant ID is neither a GUID nor a domain name.',
    remedy: () => `${SMTP_SERVER}: enter the Directory (tenant) ID of the app registration, Test Connection, Save.`,
  },
  {
    code: 'entra.application-unknown',
    title: 'The client ID is not known in the tenant',
    cause: ({ clientId }) =>
      `The tenant has no application with ${clientId === undefined ? 'this client ID' : `the client ID ${clientId}`}.`,
    remedy: () => `${SMTP_SERVER}: enter the Application (client) ID of the app registration, Test Connection, Save.`,
  },
  {
    code: 'entra.application-too-new',
    title: 'The application is not known everywhere yet',
    cause: ({ clientId }) =>
      `The application${named(clientId)} was registered moments ago and has not reached every Entra server.`,
    remedy: () => 'Wait some minutes and click Test Connection again.',
  },
  {
    code: 'entra.client-id-invalid',
    title: 'The client ID is not an application ID',
    cause: () => 'What was entered as client ID is no valid application ID.',
    remedy: () => `${SMTP_SERVER}: enter the Application (client) ID of the app registration, Test Connection, Save.`,
  },
  {
    code: 'entra.application-disabled',
    title: 'The application is disabled',
    cause: ({ clientId }) => `The application${named(clientId)} is disabled in the tenant.`,
    remedy: () => `${ENTERPRISE} > Properties: set "Enabled for users to sign-in?" to Yes.`,
  },
  {
    code: 'entra.service-principal-missing',
    title: 'The enterprise application is missing',
    cause: ({ clientId }) =>
      `The app registration${named(clientId)} is there, its enterprise application (service principal) is not: it was deleted, or never created.`,
    remedy: () =>
      `${ENTERPRISE}: restore it from the deleted ones, or New-MgServicePrincipal -AppId …; a new one has another object ID, so grant admin consent, run New-ServicePrincipal and Add-MailboxPermission again.`,
  },
  {
    code: 'entra.secret-missing',
    title: 'No client secret was sent',
    cause: () => 'The request for a token held no client secret, or nothing but blanks.',
    remedy: () => `${SMTP_SERVER}: enter the Value of the client secret, Test Connection, Save.`,
  },
  {
    code: 'entra.secret-wrong',
    title: 'The client secret is wrong',
    cause: ({ clientId }) =>
      `None of the client secrets of the application${named(clientId)} has the value that ISE sends.`,
    remedy: () => `${SECRETS}: create a secret, enter its Value, Test Connection, Save.`,
  },
  {
    code: 'entra.secret-is-the-id',
    title: 'The secret ID was entered instead of its value',
    cause: () => 'ISE sends the Secret ID; Entra wants the Value, which is shown once, when the secret is created.',
    remedy: () =>
      `${SMTP_SERVER}: enter the Value of the secret (create a new one if it was not kept), Test Connection, Save.`,
  },
  {
    code: 'entra.secret-expired',
    title: 'The client secret has expired',
    cause: ({ clientId }) => `The client secret of the application${named(clientId)} is past its end date in Entra.`,
    remedy: () => `${SECRETS}: create a new secret, enter its Value and expiry date, Test Connection, Save.`,
  },
  {
    code: 'entra.secret-too-new',
    title: 'The client secret is not known everywhere yet',
    cause: () => 'The client secret was created moments ago and has not reached every Entra server.',
    remedy: () => 'Wait a minute and click Test Connection again.',
  },
  {
    code: 'entra.resource-disabled',
    title: 'Exchange Online is disabled in the tenant',
    cause: () => 'The enterprise application "Office 365 Exchange Online", which the token is for, is disabled.',
    remedy: () =>
      `${ENTERPRISE} > Office 365 Exchange Online > Properties: set "Enabled for users to sign-in?" to Yes; check that the subscription has not lapsed.`,
  },
  {
    code: 'entra.assignment-required',
    title: 'Exchange Online is open to assigned applications only',
    cause: ({ clientId }) =>
      `"Assignment required?" is on for Office 365 Exchange Online, and the application${named(clientId)} has no role there.`,
    remedy: () =>
      'App registrations > API permissions: add SMTP.SendAsApp and "Grant admin consent"; or switch "Assignment required?" off.',
  },
  {
    code: 'entra.conditional-access',
    title: 'Conditional Access blocks the application',
    cause: ({ clientId }) =>
      `A Conditional Access policy for workload identities blocks the application${named(clientId)}, by its location or risk.`,
    remedy: () =>
      'Entra > Conditional Access: exclude the application, or add the public address of the ISE nodes to the named locations.',
  },
];
