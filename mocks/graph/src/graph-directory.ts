/** An instant, epoch milliseconds. */
type Instant = number;

export interface GraphUser {
  id: string;
  userPrincipalName: string;
  displayName: string;
  mailNickname: string;
  mail: string | null;
  givenName: string | null;
  surname: string | null;
  jobTitle: string | null;
  mobilePhone: string | null;
  officeLocation: string | null;
  preferredLanguage: string | null;
  businessPhones: string[];
  usageLocation: string | null;
  accountEnabled: boolean;
  assignedLicenses: { skuId: string; disabledPlans: string[] }[];
  createdAt: Instant;
}

/** What of a user Graph can change. */
export type GraphUserChanges = Omit<GraphUser, 'id' | 'mail' | 'assignedLicenses' | 'createdAt'>;

export interface GraphSku {
  skuId: string;
  skuPartNumber: string;
  seats: number;
  servicePlans: { servicePlanId: string; servicePlanName: string }[];
}

export interface GraphSecret {
  secretId: string;
  displayName: string | null;
  hint: string;
  startsAt: Instant;
  endsAt: Instant;
  /** Null as long as it is there. */
  removedAt: Instant | null;
}

export interface GraphCertificate {
  keyId: string;
  displayName: string | null;
  certificatePem: string;
  startsAt: Instant;
  endsAt: Instant;
}

export interface GraphRequiredAccess {
  resourceAppId: string;
  resourceAccess: { id: string; type: 'Role' | 'Scope' }[];
}

export interface GraphApplication {
  clientId: string;
  objectId: string;
  displayName: string;
  createdAt: Instant;
  signInAudience: 'AzureADMyOrg' | 'AzureADMultipleOrgs';
  identifierUris: string[];
  disabledByMicrosoft: boolean;
  secrets: GraphSecret[];
  keyCredentials: GraphCertificate[];
  requiredResourceAccess: GraphRequiredAccess[];
}

export interface GraphApplicationRequest {
  displayName: string;
  signInAudience?: GraphApplication['signInAudience'];
  identifierUris?: readonly string[];
  requiredResourceAccess?: readonly GraphRequiredAccess[];
}

export interface GraphServicePrincipal {
  objectId: string;
  appId: string;
  displayName: string;
  createdAt: Instant;
  accountEnabled: boolean;
  appRoleAssignmentRequired: boolean;
  appOwnerTenantId: string;
}

export interface GraphAppRoleAssignment {
  id: string;
  principalId: string;
  resourceId: string;
  appRoleId: string;
  createdAt: Instant;
}

export interface GraphOauth2Grant {
  id: string;
  clientId: string;
  resourceId: string;
  consentType: 'AllPrincipals' | 'Principal';
  principalId: string | null;
  scope: string;
}

/** An API with the permissions that it offers. */
export interface GraphResourceApi {
  appId: string;
  identifierUris: readonly string[];
  permissions: readonly { id: string; value: string; type: 'Role' | 'Scope' }[];
}

/** A tenant as Graph reads it. */
export interface GraphTenant {
  tenantId: string;
  displayName: string;
  countryLetterCode: string;
  createdAt: Instant;
  /** The first one is the default. */
  verifiedDomains: string[];
  unverifiedDomains: string[];
  users: GraphUser[];
  subscribedSkus: GraphSku[];
  applications: GraphApplication[];
  servicePrincipals: GraphServicePrincipal[];
  appRoleAssignments: GraphAppRoleAssignment[];
  oauth2Grants: GraphOauth2Grant[];
  policies: {
    graphThrottling: { requestsMax: number; windowMs: number; retryAfterS: number } | null;
  };
}

/**
 * The directory that Graph shows and changes. It reads tenants as they are and changes them by these operations alone,
 * which throw a `TestbedError` for what cannot be done. Objects are named by their object IDs.
 */
export abstract class GraphDirectory {
  abstract readonly resources: readonly GraphResourceApi[];

  abstract findTenant(tenantId: string): GraphTenant | undefined;

  abstract addDomain(tenantId: string, name: string): void;
  abstract verifyDomain(tenantId: string, name: string): void;

  abstract readonly users: {
    create(
      tenantId: string,
      request: Pick<GraphUser, 'userPrincipalName' | 'displayName' | 'mailNickname'> & Partial<GraphUserChanges>,
    ): GraphUser;
    update(tenantId: string, id: string, changes: Partial<GraphUserChanges>): GraphUser;
    delete(tenantId: string, id: string): void;
    assignLicenses(
      tenantId: string,
      id: string,
      changes: { add: readonly { skuId: string; disabledPlans?: readonly string[] }[]; remove: readonly string[] },
    ): GraphUser;
  };

  abstract readonly applications: {
    create(tenantId: string, request: GraphApplicationRequest): GraphApplication;
    update(tenantId: string, id: string, changes: Partial<GraphApplicationRequest>): GraphApplication;
    delete(tenantId: string, id: string): void;
    addSecret(
      tenantId: string,
      id: string,
      request: { displayName: string | null; startsAt: Instant; endsAt: Instant },
    ): { secretId: string; value: string; hint: string };
    removeSecret(tenantId: string, id: string, secretId: string): void;
    addCertificate(
      tenantId: string,
      id: string,
      request: { certificatePem: string; displayName: string | null },
    ): GraphCertificate;
    removeCertificate(tenantId: string, id: string, keyId: string): void;
  };

  abstract readonly servicePrincipals: {
    create(tenantId: string, request: { appId: string }): GraphServicePrincipal;
    update(
      tenantId: string,
      id: string,
      changes: Partial<Pick<GraphServicePrincipal, 'accountEnabled' | 'appRoleAssignmentRequired' | 'displayName'>>,
    ): GraphServicePrincipal;
    delete(tenantId: string, id: string): void;
    assignAppRole(
      tenantId: string,
      request: { principalId: string; resourceId: string; appRoleId: string },
    ): GraphAppRoleAssignment;
    removeAppRoleAssignment(tenantId: string, id: string): void;
    grantScopes(tenantId: string, request: Omit<GraphOauth2Grant, 'id'>): GraphOauth2Grant;
    updateGrant(tenantId: string, id: string, changes: { scope: string }): GraphOauth2Grant;
    removeGrant(tenantId: string, id: string): void;
  };
}
