import { createHash, X509Certificate } from 'node:crypto';
import type { GraphEntity, GraphMember } from './entity-type.ts';
import type {
  GraphAppRoleAssignment,
  GraphApplication,
  GraphCertificate,
  GraphDirectory,
  GraphOauth2Grant,
  GraphResourceApi,
  GraphSecret,
  GraphServicePrincipal,
  GraphSku,
  GraphTenant,
  GraphUser,
} from './graph-directory.ts';

/** As Graph writes instants: to the second. */
function dateTime(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

export function userEntity({ createdAt, assignedLicenses, ...user }: GraphUser): GraphMember {
  return {
    ...user,
    assignedLicenses: assignedLicenses.map(({ skuId, disabledPlans }) => ({ disabledPlans, skuId })),
    createdDateTime: dateTime(createdAt),
    userType: 'Member',
  };
}

export function licenseDetailsOf(user: GraphUser, tenant: GraphTenant): GraphEntity[] {
  return user.assignedLicenses.flatMap(({ skuId, disabledPlans }) =>
    tenant.subscribedSkus
      .filter((sku) => sku.skuId === skuId)
      .map((sku) => ({
        id: stableId(user.id, skuId),
        skuId,
        skuPartNumber: sku.skuPartNumber,
        servicePlans: sku.servicePlans.map(({ servicePlanId, servicePlanName }) => ({
          servicePlanId,
          servicePlanName,
          provisioningStatus: disabledPlans.includes(servicePlanId) ? 'Disabled' : 'Success',
          appliesTo: 'User',
        })),
      })),
  );
}

export function skuEntity({ skuId, skuPartNumber, seats, servicePlans }: GraphSku, tenant: GraphTenant): GraphEntity {
  const holds = (user: GraphUser): boolean => user.assignedLicenses.some((license) => license.skuId === skuId);
  return {
    id: `${tenant.tenantId}_${skuId}`,
    appliesTo: 'User',
    capabilityStatus: 'Enabled',
    consumedUnits: tenant.users.filter(holds).length,
    prepaidUnits: { enabled: seats, suspended: 0, warning: 0 },
    servicePlans: servicePlans.map(({ servicePlanId, servicePlanName }) => ({
      servicePlanId,
      servicePlanName,
      provisioningStatus: 'Success',
      appliesTo: 'User',
    })),
    skuId,
    skuPartNumber,
  };
}

export function domainEntities({ verifiedDomains, unverifiedDomains }: GraphTenant): GraphMember[] {
  return [...verifiedDomains, ...unverifiedDomains].map((name) => ({
    id: name,
    authenticationType: 'Managed',
    isDefault: name === verifiedDomains[0],
    isInitial: isInitial(name),
    isRoot: true,
    isVerified: verifiedDomains.includes(name),
    supportedServices: ['Email', 'OfficeCommunicationsOnline'],
  }));
}

export function organizationEntity(tenant: GraphTenant): GraphMember {
  return {
    id: tenant.tenantId,
    countryLetterCode: tenant.countryLetterCode,
    createdDateTime: dateTime(tenant.createdAt),
    displayName: tenant.displayName,
    tenantType: 'AAD',
    verifiedDomains: tenant.verifiedDomains.map((name, index) => ({
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault: index === 0,
      isInitial: isInitial(name),
      name,
      type: 'Managed',
    })),
  };
}

export function applicationEntity(application: GraphApplication, { verifiedDomains }: GraphTenant): GraphMember {
  const { clientId, objectId, createdAt, disabledByMicrosoft, secrets, keyCredentials } = application;
  return {
    id: objectId,
    deletedDateTime: null,
    appId: clientId,
    createdDateTime: dateTime(createdAt),
    disabledByMicrosoftStatus: disabledByMicrosoft ? 'DisabledDueToViolationOfServicesAgreement' : null,
    displayName: application.displayName,
    identifierUris: application.identifierUris,
    publisherDomain: verifiedDomains[0] ?? null,
    signInAudience: application.signInAudience,
    api: { knownClientApplications: [], oauth2PermissionScopes: [], preAuthorizedApplications: [] },
    appRoles: [],
    keyCredentials: keyCredentials.map(keyCredentialEntity),
    passwordCredentials: secrets.filter(({ removedAt }) => removedAt === null).map((secret) => secretEntity(secret)),
    requiredResourceAccess: application.requiredResourceAccess.map(({ resourceAppId, resourceAccess }) => ({
      resourceAppId,
      resourceAccess: resourceAccess.map(({ id, type }) => ({ id, type })),
    })),
    web: { redirectUris: [], homePageUrl: null, logoutUrl: null },
  };
}

/** `secretText` is there once: in the answer to the call that created the secret. */
export function secretEntity(
  { secretId, displayName, hint, startsAt, endsAt }: Omit<GraphSecret, 'removedAt'>,
  secretText: string | null = null,
): GraphEntity {
  return {
    customKeyIdentifier: null,
    displayName,
    endDateTime: dateTime(endsAt),
    hint,
    keyId: secretId,
    secretText,
    startDateTime: dateTime(startsAt),
  };
}

function keyCredentialEntity({ keyId, displayName, certificatePem, startsAt, endsAt }: GraphCertificate): GraphEntity {
  const thumbprint = createHash('sha1').update(new X509Certificate(certificatePem).raw).digest('hex');
  return {
    customKeyIdentifier: thumbprint.toUpperCase(),
    displayName,
    endDateTime: dateTime(endsAt),
    key: null,
    keyId,
    startDateTime: dateTime(startsAt),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  };
}

export function servicePrincipalEntity(
  { objectId, appId, displayName, createdAt, ...state }: GraphServicePrincipal,
  tenant: GraphTenant,
  { resources }: Pick<GraphDirectory, 'resources'>,
): GraphMember {
  const resource = resources.find((known) => known.appId === appId);
  const registration = tenant.applications.find(({ clientId }) => clientId === appId);
  return {
    id: objectId,
    deletedDateTime: null,
    accountEnabled: state.accountEnabled,
    appDisplayName: registration?.displayName ?? displayName,
    appId,
    appOwnerOrganizationId: state.appOwnerTenantId,
    appRoleAssignmentRequired: state.appRoleAssignmentRequired,
    createdDateTime: dateTime(createdAt),
    displayName,
    servicePrincipalNames: [appId, ...(resource?.identifierUris ?? registration?.identifierUris ?? [])],
    servicePrincipalType: 'Application',
    appRoles: permissionsOf(resource, 'Role').map(({ id, value }) => ({
      allowedMemberTypes: ['Application'],
      description: value,
      displayName: value,
      id,
      isEnabled: true,
      origin: 'Application',
      value,
    })),
    oauth2PermissionScopes: permissionsOf(resource, 'Scope').map(({ id, value }) => ({
      adminConsentDescription: value,
      adminConsentDisplayName: value,
      id,
      isEnabled: true,
      type: 'User',
      userConsentDescription: value,
      userConsentDisplayName: value,
      value,
    })),
  };
}

function permissionsOf(resource: GraphResourceApi | undefined, type: 'Role' | 'Scope') {
  return resource?.permissions.filter((permission) => permission.type === type) ?? [];
}

export function assignmentEntity(
  { id, principalId, resourceId, appRoleId, createdAt }: GraphAppRoleAssignment,
  { servicePrincipals }: GraphTenant,
): GraphMember {
  const nameOf = (wanted: string): string | null =>
    servicePrincipals.find(({ objectId }) => objectId === wanted)?.displayName ?? null;
  return {
    id,
    deletedDateTime: null,
    appRoleId,
    createdDateTime: dateTime(createdAt),
    principalDisplayName: nameOf(principalId),
    principalId,
    principalType: 'ServicePrincipal',
    resourceDisplayName: nameOf(resourceId),
    resourceId,
  };
}

export function grantEntity({ clientId, consentType, id, principalId, resourceId, scope }: GraphOauth2Grant) {
  return { clientId, consentType, id, principalId, resourceId, scope };
}

function isInitial(domain: string): boolean {
  return domain.endsWith('.onmicrosoft.com');
}

/** An opaque ID that the same parts always give. */
function stableId(...parts: string[]): string {
  return createHash('sha256').update(parts.join('/')).digest('base64url');
}
