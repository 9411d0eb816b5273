/** A value of an entity as Graph writes it. */
export type GraphValue = string | number | boolean | null | GraphValue[] | { [name: string]: GraphValue };

/** An entity with all its properties; which of them are shown, the query decides. */
export type GraphEntity = Record<string, GraphValue>;

/** An entity that has an address of its own. */
export type GraphMember = GraphEntity & { id: string };

/** What `$select`, `$filter` and `@odata.context` have to know of a set of entities. */
export interface EntityType {
  /** As in `microsoft.graph.user`. */
  name: string;
  /** The set, as it stands in `@odata.context`: `users`. */
  set: string;
  properties: readonly string[];
  /** Shown without `$select`; all of them when absent. */
  shownByDefault?: readonly string[];
}

export const USER: EntityType = {
  name: 'user',
  set: 'users',
  properties: [
    'id',
    'accountEnabled',
    'assignedLicenses',
    'businessPhones',
    'createdDateTime',
    'displayName',
    'givenName',
    'jobTitle',
    'mail',
    'mailNickname',
    'mobilePhone',
    'officeLocation',
    'preferredLanguage',
    'surname',
    'usageLocation',
    'userPrincipalName',
    'userType',
  ],
  shownByDefault: [
    'businessPhones',
    'displayName',
    'givenName',
    'jobTitle',
    'mail',
    'mobilePhone',
    'officeLocation',
    'preferredLanguage',
    'surname',
    'userPrincipalName',
    'id',
  ],
};

export const LICENSE_DETAILS: EntityType = {
  name: 'licenseDetails',
  set: 'licenseDetails',
  properties: ['id', 'skuId', 'skuPartNumber', 'servicePlans'],
};

export const SUBSCRIBED_SKU: EntityType = {
  name: 'subscribedSku',
  set: 'subscribedSkus',
  properties: [
    'id',
    'appliesTo',
    'capabilityStatus',
    'consumedUnits',
    'prepaidUnits',
    'servicePlans',
    'skuId',
    'skuPartNumber',
  ],
};

export const DOMAIN: EntityType = {
  name: 'domain',
  set: 'domains',
  properties: ['id', 'authenticationType', 'isDefault', 'isInitial', 'isRoot', 'isVerified', 'supportedServices'],
};

export const ORGANIZATION: EntityType = {
  name: 'organization',
  set: 'organization',
  properties: ['id', 'countryLetterCode', 'createdDateTime', 'displayName', 'tenantType', 'verifiedDomains'],
};

export const APPLICATION: EntityType = {
  name: 'application',
  set: 'applications',
  properties: [
    'id',
    'deletedDateTime',
    'appId',
    'createdDateTime',
    'disabledByMicrosoftStatus',
    'displayName',
    'identifierUris',
    'publisherDomain',
    'signInAudience',
    'api',
    'appRoles',
    'keyCredentials',
    'passwordCredentials',
    'requiredResourceAccess',
    'web',
  ],
};

export const SERVICE_PRINCIPAL: EntityType = {
  name: 'servicePrincipal',
  set: 'servicePrincipals',
  properties: [
    'id',
    'deletedDateTime',
    'accountEnabled',
    'appDisplayName',
    'appId',
    'appOwnerOrganizationId',
    'appRoleAssignmentRequired',
    'createdDateTime',
    'displayName',
    'servicePrincipalNames',
    'servicePrincipalType',
    'appRoles',
    'oauth2PermissionScopes',
  ],
};

export const APP_ROLE_ASSIGNMENT: EntityType = {
  name: 'appRoleAssignment',
  set: 'appRoleAssignments',
  properties: [
    'id',
    'deletedDateTime',
    'appRoleId',
    'createdDateTime',
    'principalDisplayName',
    'principalId',
    'principalType',
    'resourceDisplayName',
    'resourceId',
  ],
};

export const OAUTH2_GRANT: EntityType = {
  name: 'oAuth2PermissionGrant',
  set: 'oauth2PermissionGrants',
  properties: ['clientId', 'consentType', 'id', 'principalId', 'resourceId', 'scope'],
};
