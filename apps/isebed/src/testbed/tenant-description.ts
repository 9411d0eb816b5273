import { RESOURCES, type AppRegistration, type ServicePrincipal, type Tenant } from '#mocks/entra';
import type { OrganizationState } from '#mocks/exchange';
import { describeOrganization } from './exchange-description.ts';
import type { MicrosoftState } from './microsoft-state.ts';

/** What somebody may know of a secret value: whether it is the same. */
export interface HiddenValue {
  readonly sha256: string;
}
export type Description = string | HiddenValue | DescriptionOfMany;
export interface DescriptionOfMany {
  readonly [name: string]: Description;
}

/** Template ID of the Entra role Global Administrator. */
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';

/**
 * A state in an administrator's words: things by their names, what hangs on IDs by what it means. Left out: the IDs of
 * consents, when something was created or given, and the notes of secret values.
 */
export function describeState(state: MicrosoftState): DescriptionOfMany {
  const { entra, exchange, exchangeSettings, application, mailbox } = state;
  const organizations = exchange.organizations;
  const homeless = organizations.filter(
    ({ tenantId }) => !entra.tenants.some((tenant) => tenant.tenantId === tenantId),
  );
  return byName([
    ...entra.tenants.map((tenant): [string, Description] => [
      tenant.displayName,
      describeTenant(
        tenant,
        entra.tenants,
        organizations.find(({ tenantId }) => tenantId === tenant.tenantId),
      ),
    ]),
    ...homeless.map((organization): [string, Description] => [
      `Exchange of ${organization.domain}`,
      describeOrganization(organization, { applications: [], servicePrincipals: [] }),
    ]),
    ['Entra', values(entra.settings)],
    ['Exchange Online', { ...values(exchange.conditions), ...values(exchangeSettings) }],
    ['ISE', { application: application?.displayName ?? 'none', mailbox: mailbox || 'none' }],
  ]);
}

function describeTenant(
  tenant: Tenant,
  all: readonly Tenant[],
  organization: OrganizationState | undefined,
): DescriptionOfMany {
  const { verifiedDomains, unverifiedDomains, subscribedSkus, users, applications, servicePrincipals } = tenant;
  const isResource = ({ appId }: ServicePrincipal): boolean => RESOURCES.some((resource) => resource.appId === appId);
  const foreign = servicePrincipals.filter(
    (principal) => !isResource(principal) && !applications.some(({ clientId }) => clientId === principal.appId),
  );
  const known = { applications: all.flatMap((each) => each.applications), servicePrincipals };
  return {
    tenantId: tenant.tenantId,
    domains: byName([
      ...verifiedDomains.map((name, index): [string, string] => [name, index === 0 ? 'default' : 'verified']),
      ...unverifiedDomains.map((name): [string, string] => [name, 'not verified']),
    ]),
    licences: byName(subscribedSkus.map(({ skuPartNumber, seats }) => [skuPartNumber, `${seats} seats`])),
    policies: values(tenant.policies),
    users: byName(users.map((user) => [user.userPrincipalName, describeUser(user)])),
    applications: byName(
      applications.map((application) => [application.displayName, describeApplication(application, tenant)]),
    ),
    'foreign applications': byName(
      foreign.map((principal) => [
        principal.displayName,
        { clientId: principal.appId, ...describeEnterpriseApplication(principal, tenant, undefined) },
      ]),
    ),
    'Microsoft applications': byName(
      servicePrincipals
        .filter(isResource)
        .map(({ displayName, accountEnabled, appRoleAssignmentRequired }) => [
          displayName,
          values({ enabled: accountEnabled, assignmentRequired: appRoleAssignmentRequired }),
        ]),
    ),
    exchange: organization ? describeOrganization(organization, known) : 'none',
  };
}

function describeUser({
  assignedLicenses,
  createdAt: _createdAt,
  userPrincipalName: _name,
  ...user
}: Tenant['users'][number]) {
  return { ...values(user), licensed: assignedLicenses.length > 0 ? 'true' : 'false' };
}

function describeApplication(application: AppRegistration, tenant: Tenant): DescriptionOfMany {
  const { clientId, objectId, signInAudience, disabledByMicrosoft, identifierUris } = application;
  const { secrets, keyCredentials, trustedCertificateSubjects } = application;
  const principal = tenant.servicePrincipals.find(({ appId }) => appId === clientId);
  return {
    ...values({ clientId, objectId, multitenant: signInAudience === 'AzureADMultipleOrgs', disabledByMicrosoft }),
    ...values({ identifierUris, trustedCertificateSubjects }),
    ...describeEnterpriseApplication(principal, tenant, application),
    secrets: byName(
      secrets.map(({ displayName, secretId, valueSha256, startsAt, endsAt, removedAt }) => [
        displayName ?? secretId,
        {
          secretId,
          startsOn: date(startsAt),
          endsOn: date(endsAt),
          value: { sha256: valueSha256 },
          ...(removedAt === null ? {} : { deletedOn: date(removedAt) }),
        },
      ]),
    ),
    certificates: byName(
      keyCredentials.map(({ displayName, keyId, certificatePem, startsAt, endsAt, revoked }) => [
        displayName ?? keyId,
        {
          ...values({ keyId, revoked }),
          startsOn: date(startsAt),
          endsOn: date(endsAt),
          certificate: { sha256: certificatePem },
        },
      ]),
    ),
  };
}

function describeEnterpriseApplication(
  principal: ServicePrincipal | undefined,
  tenant: Tenant,
  registration: AppRegistration | undefined,
): DescriptionOfMany {
  const wanted = RESOURCES.flatMap(({ appId, permissions }) => {
    const required = registration?.requiredResourceAccess.find(({ resourceAppId }) => resourceAppId === appId);
    return permissions.filter(({ id }) => required?.resourceAccess.some((access) => access.id === id));
  }).map(({ value }) => value);
  const consented = principal ? consentOf(principal, tenant) : [];
  const permissions = [...new Set([...wanted, ...consented])].map((name): [string, string] => [
    name,
    consented.includes(name) ? 'with admin consent' : 'without admin consent',
  ]);
  return {
    enterpriseObjectId: principal?.objectId ?? 'none',
    enabled: String(principal?.accountEnabled ?? false),
    globalAdministrator: String(principal?.directoryRoles.includes(GLOBAL_ADMINISTRATOR) ?? false),
    permissions: byName(permissions),
  };
}

/** Names of the permissions that were consented to for the application. */
function consentOf({ objectId }: ServicePrincipal, { appRoleAssignments, oauth2Grants }: Tenant): string[] {
  const offered = RESOURCES.flatMap(({ permissions }) => permissions);
  const roles = appRoleAssignments
    .filter(({ principalId }) => principalId === objectId)
    .flatMap(({ appRoleId }) => offered.find(({ id }) => id === appRoleId)?.value ?? appRoleId);
  const scopes = oauth2Grants.filter(({ clientId }) => clientId === objectId).flatMap(({ scope }) => scope.split(' '));
  return [...roles, ...scopes.filter((scope) => scope !== '')];
}

/** Names must not meet: the second one of a name gets a number. */
export function byName(entries: Iterable<readonly [string, Description]>): DescriptionOfMany {
  const named = new Map<string, Description>();
  for (const [name, description] of entries) {
    let free = name;
    for (let number = 2; named.has(free); number += 1) free = `${name} (${number})`;
    named.set(free, description);
  }
  return Object.fromEntries(named);
}

/** Each value as text; lists in brackets, objects level by level. */
export function values(object: object): Record<string, Description> {
  return Object.fromEntries(Object.entries(object).map(([key, value]: [string, unknown]) => [key, textOf(value)]));
}

function textOf(value: unknown): Description {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return `[${value.map(String).join(', ')}]`;
  if (typeof value === 'object') return values(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Midnight UTC as a date alone, as it is typed in a seed. */
function date(instant: number): string {
  const text = new Date(instant).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
}
