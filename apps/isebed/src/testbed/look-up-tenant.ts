import type { TenantFacts } from '#libs/diagnosis';
import type { EntraState, ServiceHealth, Tenant } from '#mocks/entra';
import { isInScope, isUsable, type Mailbox, type OrganizationState } from '#mocks/exchange';
import type { MicrosoftState } from './microsoft-state.ts';
import type { SimulatedMicrosoft } from './simulated-microsoft.ts';

type ExchangeFacts = NonNullable<TenantFacts['exchange']>;
type EntraFacts = NonNullable<TenantFacts['entra']>;

/** The app role SMTP.SendAsApp of Office 365 Exchange Online (fact sheet microsoft 5.2). */
const SEND_AS_APP = { id: '7146a1f0-8703-45b3-9eae-527a64c00995', name: 'SMTP.SendAsApp' } as const;

/** What RBAC for Applications has in its place (fact sheet microsoft 5.5). */
const APPLICATION_ROLE = 'Application SMTP.SendAsApp';

/**
 * What an administrator finds when looking up the tenant: pages of the Entra portal, answers of cmdlets, service health.
 * Nothing of why something was refused, and no value of a secret.
 */
export function lookUpTenant(microsoft: SimulatedMicrosoft): TenantFacts {
  const { organization, tenant } = microsoft;
  return factsIn(microsoft.exportState(), organization.domain, tenant.tenantId);
}

/** The same from an exported state: of the tenant that ISE uses. */
export function factsOfState(state: MicrosoftState): TenantFacts {
  const { tenantDomain, entra } = state;
  const tenant = entra.tenants.find(({ verifiedDomains }) => verifiedDomains.includes(tenantDomain));
  return factsIn(state, tenantDomain, tenant?.tenantId);
}

function factsIn({ entra, exchange }: MicrosoftState, domain: string, ownId: string | undefined): TenantFacts {
  const tenant = entra.tenants.find(({ tenantId }) => tenantId === ownId);
  const organization = exchange.organizations.find((one) => one.domain === domain);
  const isDown = exchange.conditions.isUnavailable;
  return {
    ...(tenant && { entra: entraFacts(tenant, entra.settings) }),
    ...(organization && { exchange: { ...exchangeFacts(organization), health: isDown ? 'down' : 'healthy' } }),
  };
}

function entraFacts(tenant: Tenant, { serviceHealth }: EntraState['settings']): EntraFacts {
  const { tenantId, applications, servicePrincipals, appRoleAssignments, policies } = tenant;
  return {
    tenantId,
    applications: applications.map(({ clientId, objectId, createdAt, secrets }) => ({
      clientId,
      objectId,
      createdAt: iso(createdAt),
      secrets: secrets
        .filter(({ removedAt }) => removedAt === null)
        .map(({ secretId, startsAt, endsAt, addedAt }) => ({
          secretId,
          startsAt: iso(startsAt),
          endsAt: iso(endsAt),
          createdAt: iso(addedAt),
        })),
    })),
    enterpriseApplications: servicePrincipals.map((principal) => ({
      clientId: principal.appId,
      objectId: principal.objectId,
      enabled: principal.accountEnabled,
      assignmentRequired: principal.appRoleAssignmentRequired,
      roles: appRoleAssignments
        .filter(({ principalId, appRoleId }) => principalId === principal.objectId && appRoleId === SEND_AS_APP.id)
        .map(({ createdAt }) => ({ name: SEND_AS_APP.name, since: iso(createdAt) })),
    })),
    blockedByConditionalAccess: policies.blockedByConditionalAccess,
    health: HEALTH[serviceHealth.status],
  };
}

const HEALTH = { available: 'healthy', degraded: 'degraded', down: 'down' } as const satisfies Record<
  ServiceHealth['status'],
  EntraFacts['health']
>;

function exchangeFacts(organization: OrganizationState): ExchangeFacts {
  const { smtpClientAuthenticationDisabled, maxRecipientEnvelopeLimit, basicAuthentication } = organization;
  const { mailboxes, roleAssignments, managementScopes } = organization;
  const applications = [
    ...new Set(roleAssignments.filter(({ role }) => role === APPLICATION_ROLE).map(({ app }) => app)),
  ];
  return {
    tenantId: organization.tenantId,
    domains: organization.acceptedDomains.map(({ name }) => name),
    transport: { smtpClientAuthenticationDisabled, maxRecipientEnvelopeLimit },
    basicAuthentication,
    securityDefaults: organization.securityDefaults,
    sendingBlocked: organization.sendingBlock !== null,
    servicePrincipals: organization.servicePrincipals.map(({ appId, objectId }) => ({ appId, objectId })),
    mailboxes: mailboxes.map(mailboxFacts),
    applicationRoles: applications.map((objectId) => ({
      objectId,
      mailboxesInScope: mailboxes
        .filter((mailbox) =>
          roleAssignments.some(
            (assignment) => assignment.app === objectId && isInScope(mailbox, assignment, managementScopes),
          ),
        )
        .map(({ address }) => address),
    })),
  };
}

function mailboxFacts(mailbox: Mailbox): NonNullable<ExchangeFacts['mailboxes']>[number] {
  const { address, aliases, isSoftDeleted, conditions, permissions, sendAs, sendBytesMax } = mailbox;
  const denied = permissions.filter(({ deny }) => deny).map(({ trustee }) => trustee);
  return {
    address,
    aliases,
    usable: isUsable(mailbox),
    softDeleted: isSoftDeleted,
    smtpClientAuthenticationDisabled: mailbox.smtpClientAuthenticationDisabled,
    fullAccess: permissions
      .filter(
        ({ deny, accessRights, trustee }) => !deny && accessRights.includes('FullAccess') && !denied.includes(trustee),
      )
      .map(({ trustee }) => trustee),
    sendAs: sendAs.map(({ trustee }) => trustee),
    full: conditions.includes('full'),
    disabled: conditions.includes('disabled'),
    restricted: conditions.includes('restricted'),
    submissionDisabled: conditions.includes('submission-disabled'),
    sendBytesMax,
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
