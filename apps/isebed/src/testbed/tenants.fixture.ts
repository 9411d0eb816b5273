import { Random } from '#libs/simulation';
import { beginningOf } from './tenant-beginning.ts';
import { readTenantText, type TenantSource } from './tenant-source.ts';

/** Two tenants with something of everything that a seed can say. */
export const EVERYTHING = `
ise: { tenant: Contoso, application: ISE mail, mailbox: ise@contoso.com }
entra: { secretReplicationLag: 2m, secretRemovalLag: 1m, newApplicationLag: 30s, serviceHealth: { status: degraded, aadsts: 90033 } }
exchange:
  conditions: { isTlsRateExceeded: true, temporaryAuthenticationFailure: 451 4.7.0 }
  messagesPerMinuteMax: 5
  rateDelayMax: 0s
  permissionPropagation: { deny: 1m, flap: 5m, flapEvery: 30s }
tenants:
  - name: Contoso
    tenantId: 0A000000-0000-4000-8000-000000000001
    domains: [contoso.com, Contoso.onmicrosoft.com]
    unverifiedDomains: [contoso.net]
    seats: 3
    policies:
      tokenLifetime: 2h
      blockedByConditionalAccess: [Old mail]
      throttling: { requestsMax: 10, window: 1m, retryAfter: 5s }
      graphThrottling: { requestsMax: 20, window: 1m, retryAfter: 7s }
      loopDetection: { requestsMax: 30, window: 5m }
    users:
      - { userPrincipalName: ise@contoso.com, displayName: ISE, mailbox: { aliases: [Mail@contoso.com], smtpClientAuthenticationDisabled: false } }
      - { userPrincipalName: former@contoso.com, licensed: false, accountEnabled: false, mailbox: { conditions: [full] } }
      - { userPrincipalName: nobody@contoso.com, licensed: false }
    applications:
      - name: ISE mail
        clientId: 0b000000-0000-4000-8000-000000000001
        enterpriseObjectId: 0c000000-0000-4000-8000-000000000001
        secrets:
          - { name: next }
          - { name: current, value: lab-value-1, startsOn: 2026-01-01, endsOn: 2027-01-01 }
      - { name: Old mail, permissions: [IMAP.AccessAsApp], adminConsent: false, enabled: false, disabledByMicrosoft: true, secrets: [] }
      - { name: Deleted, hasServicePrincipal: false }
      - { name: Shared app, multitenant: true, globalAdministrator: true, trustedCertificateSubjects: [CN=shared] }
    exchange:
      smtpClientAuthenticationDisabled: true
      maxRecipientEnvelopeLimit: 100
      basicAuthentication: allowed
      sendingBlock: 5.7.705
      strictIds: false
      relayDomains: [relay.contoso.com]
      sharedMailboxes: [{ address: team@contoso.com, customAttribute1: ise }]
      otherRecipients: [all@contoso.com]
      servicePrincipals:
        - { application: ise MAIL, objectId: registration }
        - { application: Deleted }
        - { appId: 0d000000-0000-4000-8000-000000000001, objectId: 0e000000-0000-4000-8000-000000000001, displayName: Stranger }
      mailboxPermissions:
        - { mailbox: ise@contoso.com, user: ISE mail, since: 2026-02-01T12:00:00Z }
        - { mailbox: team@contoso.com, user: ise@contoso.com, accessRights: [ReadPermission], deny: true }
      recipientPermissions: [{ mailbox: team@contoso.com, trustee: ISE mail }]
      managementScopes: [{ name: team, recipientRestrictionFilter: "CustomAttribute1 -eq 'ise'" }]
      roleAssignments: [{ app: ISE mail, customResourceScope: team }]
  - name: Fabrikam
    domains: [fabrikam.com]
    administrator: false
    users: [{ userPrincipalName: mail@fabrikam.com }]
    applications: [{ name: ISE mail }]
    foreignApplications: [{ name: Shared app, tenant: Contoso, adminConsent: false }]
`;

export const START = Date.parse('2026-02-02T05:00:00Z');

/** A source from its text, which has to be right. */
export function sourceOf(text: string): TenantSource {
  const read = readTenantText('seed.yaml', text);
  if ('source' in read) return read.source;
  throw new Error(read.mistakes.map(({ line, message }) => `${line}: ${message}`).join('\n'));
}

/** The state that a testbed with this chance begins with. */
export function stateOf(text: string, chance = '7') {
  return beginningOf(sourceOf(text), { now: START, random: new Random(chance) }).state;
}
