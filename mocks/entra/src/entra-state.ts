import { z } from 'zod';

/** Epoch milliseconds. */
const instant = z.number();

const userSchema = z.object({
  id: z.string(),
  /** Unique in the tenant, whatever the case. */
  userPrincipalName: z.string(),
  displayName: z.string(),
  mailNickname: z.string(),
  /** The primary SMTP address: null until the user has a mailbox. */
  mail: z.string().nullable(),
  givenName: z.string().nullable(),
  surname: z.string().nullable(),
  jobTitle: z.string().nullable(),
  mobilePhone: z.string().nullable(),
  officeLocation: z.string().nullable(),
  preferredLanguage: z.string().nullable(),
  businessPhones: z.array(z.string()),
  /** Two letters, ISO 3166; without it no licence can be assigned. */
  usageLocation: z.string().nullable(),
  accountEnabled: z.boolean(),
  assignedLicenses: z.array(z.object({ skuId: z.string(), disabledPlans: z.array(z.string()) })),
  createdAt: instant,
});

const subscribedSkuSchema = z.object({
  skuId: z.string(),
  skuPartNumber: z.string(),
  /** Seats that were bought. How many are taken follows from the users. */
  seats: z.int().nonnegative(),
  servicePlans: z.array(z.object({ servicePlanId: z.string(), servicePlanName: z.string() })),
});

const clientSecretSchema = z.object({
  secretId: z.string(),
  displayName: z.string().nullable(),
  /** The first three characters of the value: all that can be seen of it later. */
  hint: z.string(),
  /** SHA-256 of the value, lower-case hexadecimal: the value itself was shown once, at its creation. */
  valueSha256: z.string(),
  startsAt: instant,
  /** The first instant at which it no longer counts. */
  endsAt: instant,
  addedAt: instant,
  /** A removed secret goes on working for `secretRemovalLagMs`. */
  removedAt: instant.nullable(),
});

const keyCredentialSchema = z.object({
  keyId: z.string(),
  displayName: z.string().nullable(),
  certificatePem: z.string(),
  startsAt: instant,
  endsAt: instant,
  addedAt: instant,
  /** On the revocation list of its CA. */
  revoked: z.boolean(),
});

const requiredResourceAccessSchema = z.object({
  resourceAppId: z.string(),
  resourceAccess: z.array(z.object({ id: z.string(), type: z.enum(['Role', 'Scope']) })),
});

const appRegistrationSchema = z.object({
  clientId: z.string(),
  /** Object ID of the app registration; the enterprise application has another. */
  objectId: z.string(),
  displayName: z.string(),
  createdAt: instant,
  signInAudience: z.enum(['AzureADMyOrg', 'AzureADMultipleOrgs']),
  identifierUris: z.array(z.string()),
  /** Microsoft has disabled it for a violation of its terms. */
  disabledByMicrosoft: z.boolean(),
  secrets: z.array(clientSecretSchema),
  keyCredentials: z.array(keyCredentialSchema),
  /** Subject names that are trusted instead of pinned certificates ("SNI"): the chain must then lead to a public CA. */
  trustedCertificateSubjects: z.array(z.string()),
  /** Configured under API permissions; what was consented to stands at the service principal. */
  requiredResourceAccess: z.array(requiredResourceAccessSchema),
});

const servicePrincipalSchema = z.object({
  /** Object ID of the enterprise application: `oid` and `sub` of its tokens. */
  objectId: z.string(),
  appId: z.string(),
  displayName: z.string(),
  createdAt: instant,
  accountEnabled: z.boolean(),
  /** "Assignment required?": as a resource, it is opened only to applications with a role. */
  appRoleAssignmentRequired: z.boolean(),
  /** Tenant of the app registration; Microsoft's own applications have Microsoft's. */
  appOwnerTenantId: z.string(),
  /** Template IDs of Entra roles that it has, such as Global Administrator's. */
  directoryRoles: z.array(z.string()),
});

/** An application permission that was consented to. */
const appRoleAssignmentSchema = z.object({
  id: z.string(),
  /** Object IDs of two service principals: who has the role, and whose role it is. */
  principalId: z.string(),
  resourceId: z.string(),
  appRoleId: z.string(),
  createdAt: instant,
});

/** Delegated permissions that were consented to. */
const oauth2GrantSchema = z.object({
  id: z.string(),
  /** Object IDs of two service principals: who may act, and at which resource. */
  clientId: z.string(),
  resourceId: z.string(),
  consentType: z.enum(['AllPrincipals', 'Principal']),
  principalId: z.string().nullable(),
  /** Names of the permissions, separated by blanks. */
  scope: z.string(),
});

const policiesSchema = z.object({
  /** Seconds from issue to expiry; the client is told one less (fact sheet microsoft 1.2). */
  tokenLifetimeS: z.int().positive(),
  /** Clients that say they can handle revocation (`xms_cc: cp1`) get tokens of a day. */
  continuousAccessEvaluation: z.boolean(),
  /** Client IDs that Conditional Access for workload identities blocks. */
  blockedByConditionalAccess: z.array(z.string()),
  /** More requests for tokens than this within the window are refused. */
  throttling: z
    .object({
      requestsMax: z.int().nonnegative(),
      windowMs: z.int().positive(),
      retryAfterS: z.int().positive(),
      /** 429 with two words of plain text as the front door does, or 400 with AADSTS90055. */
      answer: z.enum(['plain-text', 'aadsts90055']),
    })
    .nullable(),
  /** The same for requests to Microsoft Graph, which answers 429 in its own shape. */
  graphThrottling: z
    .object({
      requestsMax: z.int().nonnegative(),
      windowMs: z.int().positive(),
      retryAfterS: z.int().positive(),
    })
    .nullable(),
  /** More requests of one application than this within the window are taken for a loop: AADSTS50196. */
  loopDetection: z.object({ requestsMax: z.int().nonnegative(), windowMs: z.int().positive() }).nullable(),
});

const tenantSchema = z.object({
  tenantId: z.string(),
  displayName: z.string(),
  countryLetterCode: z.string(),
  /** `tenant_region_scope` of the metadata: WW, NA, EU, AS, … */
  regionScope: z.string(),
  createdAt: instant,
  /** Lower case; the first one is the default. */
  verifiedDomains: z.array(z.string()),
  /** Added, and good for nothing until they are verified. */
  unverifiedDomains: z.array(z.string()),
  users: z.array(userSchema),
  subscribedSkus: z.array(subscribedSkuSchema),
  applications: z.array(appRegistrationSchema),
  servicePrincipals: z.array(servicePrincipalSchema),
  appRoleAssignments: z.array(appRoleAssignmentSchema),
  oauth2Grants: z.array(oauth2GrantSchema),
  policies: policiesSchema,
});

const serviceHealthSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('available') }),
  /** The token service answers with an error of its own (fact sheet microsoft 1.5, last row). */
  z.object({ status: z.literal('degraded'), aadsts: z.literal([90033, 90024, 90006]) }),
  /** The front door has no server to pass the request to, and answers with a page (fact sheet microsoft 1.7). */
  z.object({ status: z.literal('down'), httpStatus: z.literal([502, 503, 504]) }),
]);

const settingsSchema = z.object({
  /** For how long a fresh secret is refused as if it were wrong (fact sheet microsoft 1.5). */
  secretReplicationLagMs: z.int().nonnegative(),
  /** For how long a removed secret goes on working; the real duration is unknown. */
  secretRemovalLagMs: z.int().nonnegative(),
  /** For how long a fresh app registration is answered as if it did not exist. */
  newApplicationLagMs: z.int().nonnegative(),
  serviceHealth: serviceHealthSchema,
});

/** Everything that the answers of the directory follow from, but for its clock and its seed of chance. */
export const entraStateSchema = z.object({
  /** How many objects have been given an ID: the next one is drawn from chance number `drawn` + 1. */
  drawn: z.int().nonnegative(),
  settings: settingsSchema,
  tenants: z.array(tenantSchema),
});

export type EntraState = z.infer<typeof entraStateSchema>;
export type EntraSettings = EntraState['settings'];
export type ServiceHealth = EntraSettings['serviceHealth'];
export type Tenant = EntraState['tenants'][number];
export type TenantPolicies = Tenant['policies'];
export type User = Tenant['users'][number];
export type SubscribedSku = Tenant['subscribedSkus'][number];
export type AppRegistration = Tenant['applications'][number];
export type ClientSecret = AppRegistration['secrets'][number];
export type KeyCredential = AppRegistration['keyCredentials'][number];
export type RequiredResourceAccess = AppRegistration['requiredResourceAccess'][number];
export type ServicePrincipal = Tenant['servicePrincipals'][number];
export type AppRoleAssignment = Tenant['appRoleAssignments'][number];
export type Oauth2Grant = Tenant['oauth2Grants'][number];

/** As a tenant is when it has just been created. */
export const DEFAULT_POLICIES: TenantPolicies = {
  tokenLifetimeS: 3_600,
  continuousAccessEvaluation: false,
  blockedByConditionalAccess: [],
  throttling: null,
  graphThrottling: null,
  loopDetection: null,
};

export const DEFAULT_SETTINGS: EntraSettings = {
  secretReplicationLagMs: 0,
  secretRemovalLagMs: 0,
  newApplicationLagMs: 0,
  serviceHealth: { status: 'available' },
};
