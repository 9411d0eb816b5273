import { z } from 'zod';
import { refusals, type GraphRefusal } from './graph-refusal.ts';

/** `2027-02-02T05:00:00Z`, with or without fractions and offset; epoch milliseconds inside. */
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const text = z.string().min(1);
const guid = z.string().regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i);

const userProperties = {
  displayName: text,
  mailNickname: text.regex(/^[^@()\\[\]";:<>, ]{1,64}$/),
  userPrincipalName: text,
  accountEnabled: z.boolean(),
  givenName: z.string().nullable(),
  surname: z.string().nullable(),
  jobTitle: z.string().nullable(),
  mobilePhone: z.string().nullable(),
  officeLocation: z.string().nullable(),
  preferredLanguage: z.string().nullable(),
  businessPhones: z.array(z.string()),
  usageLocation: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .nullable(),
  passwordProfile: z.strictObject({
    password: z.string(),
    forceChangePasswordNextSignIn: z.boolean().optional(),
    forceChangePasswordNextSignInWithMfa: z.boolean().optional(),
  }),
};

const requiredResourceAccess = z.array(
  z.strictObject({
    resourceAppId: guid,
    resourceAccess: z.array(z.strictObject({ id: guid, type: z.enum(['Role', 'Scope']) })),
  }),
);

const applicationProperties = {
  displayName: text,
  signInAudience: z.enum(['AzureADMyOrg', 'AzureADMultipleOrgs']),
  identifierUris: z.array(text),
  requiredResourceAccess,
};

const keyCredential = z.strictObject({
  keyId: guid.optional(),
  displayName: z.string().nullable().optional(),
  type: z.literal('AsymmetricX509Cert').optional(),
  usage: z.literal('Verify').optional(),
  /** DER in base64; absent for a credential that is to stay. */
  key: z.base64().nullable().optional(),
  customKeyIdentifier: z.string().nullable().optional(),
  startDateTime: instant.optional(),
  endDateTime: instant.optional(),
});

/** Bodies that requests may have, by what they are for. Properties that Graph knows and this does not are refused. */
export const bodies = {
  userToCreate: z.strictObject(userProperties).partial().required({
    displayName: true,
    mailNickname: true,
    userPrincipalName: true,
    accountEnabled: true,
    passwordProfile: true,
  }),
  userChanges: z.strictObject(userProperties).partial(),
  licenseChanges: z.strictObject({
    addLicenses: z.array(z.strictObject({ skuId: guid, disabledPlans: z.array(guid).optional() })),
    removeLicenses: z.array(guid),
  }),
  domainToAdd: z.strictObject({ id: text.regex(/^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/i) }),
  nothing: z.strictObject({}),
  applicationToCreate: z.strictObject(applicationProperties).partial().required({ displayName: true }),
  applicationChanges: z.strictObject({ ...applicationProperties, keyCredentials: z.array(keyCredential) }).partial(),
  passwordToAdd: z.strictObject({
    passwordCredential: z
      .strictObject({
        displayName: z.string().nullable().optional(),
        startDateTime: instant.nullable().optional(),
        endDateTime: instant.nullable().optional(),
      })
      .nullable()
      .optional(),
  }),
  keyToRemove: z.strictObject({ keyId: guid }),
  servicePrincipalToCreate: z.strictObject({ appId: guid }),
  servicePrincipalChanges: z
    .strictObject({ accountEnabled: z.boolean(), appRoleAssignmentRequired: z.boolean(), displayName: text })
    .partial(),
  appRoleAssignment: z.strictObject({ principalId: guid, resourceId: guid, appRoleId: guid }),
  grantToCreate: z.strictObject({
    clientId: guid,
    consentType: z.enum(['AllPrincipals', 'Principal']),
    principalId: guid.nullable().optional(),
    resourceId: guid,
    scope: z.string(),
  }),
  grantChanges: z.strictObject({ scope: z.string() }),
};

/** Undefined stands for a body that is no JSON. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // the caller refuses it
  }
}

/** The body as `schema` has it, or the first thing that is wrong with it, in Graph's words. */
export function readBody<T>(
  body: string,
  schema: z.ZodType<T>,
  typeName: string,
): { kind: 'read'; value: T } | GraphRefusal {
  const json = parseJson(body === '' ? '{}' : body);
  if (json === undefined) return refusals.malformedBody();
  const parsed = schema.safeParse(withoutAnnotations(json));
  if (parsed.success) return { kind: 'read', value: parsed.data };
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String) ?? [];
  if (issue?.code === 'unrecognized_keys') {
    const name = [...path, issue.keys[0] ?? ''].join('/');
    return refusals.badRequest(
      `The property '${name}' does not exist on type 'microsoft.graph.${typeName}'. Make sure to only use property ` +
        'names that are defined by the type.',
    );
  }
  if (path.length === 0) return refusals.malformedBody();
  const name = path.join('/');
  const resource = typeName.charAt(0).toUpperCase() + typeName.slice(1);
  return isMissing(json, path)
    ? refusals.badRequest(`A value is required for property '${name}' of resource '${resource}'.`)
    : refusals.badRequest(`Invalid value specified for property '${name}' of resource '${resource}'.`);
}

/** Clients annotate what they send, as in `@odata.type`; nothing follows from it. */
function withoutAnnotations(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutAnnotations);
  if (typeof json !== 'object' || json === null) return json;
  const own = Object.entries(json).filter(([name]) => !name.includes('@odata.'));
  return Object.fromEntries(own.map(([name, value]) => [name, withoutAnnotations(value)]));
}

function isMissing(json: unknown, path: readonly string[]): boolean {
  let value = json;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return false;
    value = new Map<string, unknown>(Object.entries(value)).get(name);
  }
  return value === undefined;
}
