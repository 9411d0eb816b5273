/** Why a token was refused: finer than the answer on the wire, for the journal. */
export type TokenRefusalReason =
  | 'method'
  | 'service-degraded'
  | 'service-down'
  | 'throttled'
  | 'request-loop'
  | 'tenant-malformed'
  | 'tenant-unknown'
  | 'tenant-not-specific'
  | 'grant-type'
  | 'parameter-missing'
  | 'client-id-invalid'
  | 'application-unknown'
  | 'application-too-new'
  | 'application-disabled'
  | 'service-principal-missing'
  | 'secret-missing'
  | 'secret-is-the-id'
  | 'secret-wrong'
  | 'secret-expired'
  | 'secret-too-new'
  | 'assertion-malformed'
  | 'assertion-client-mismatch'
  | 'assertion-audience'
  | 'assertion-expired'
  | 'assertion-signature'
  | 'certificate-unknown'
  | 'certificate-expired'
  | 'certificate-revoked'
  | 'certificate-chain'
  | 'scope-malformed'
  | 'scope-without-default'
  | 'scope-of-two-resources'
  | 'resource-unknown'
  | 'resource-disabled'
  | 'assignment-required'
  | 'conditional-access';

/** An answer of the endpoint that is an error. `text` is what follows `AADSTS<number>: `, without trailers. */
export interface AadstsRefusal {
  reason: TokenRefusalReason;
  status: number;
  error: string;
  aadsts: number;
  text: string;
  /** Seconds, for the header of that name. */
  retryAfterS?: number;
}

/** An answer of what stands in front of the token service: no JSON, no number. */
export interface FrontDoorRefusal {
  reason: TokenRefusalReason;
  status: number;
  contentType: string;
  body: string;
  retryAfterS?: number;
}

export type EntraRefusal = AadstsRefusal | FrontDoorRefusal;

/** Codes whose answer was captured without an `error_uri` (fact sheet microsoft 1.4); all others get one. */
const WITHOUT_HELP_PAGE: ReadonlySet<number> = new Set([700038, 70003]);

export function errorUriOf(aadsts: number): string | undefined {
  return WITHOUT_HELP_PAGE.has(aadsts) ? undefined : `https://login.microsoftonline.com/error?code=${aadsts}`;
}

/** Texts and statuses: fact sheet microsoft 1.5. Where it calls one inferred or unknown, the comment says so. */
export const refusals = {
  /** Status unknown; 400 like all other refusals of this kind. */
  method: (method: string): AadstsRefusal => ({
    reason: 'method',
    status: 400,
    error: 'invalid_request',
    aadsts: 900561,
    text: `The endpoint only accepts POST requests. Received a ${method} request.`,
  }),
  tenantMalformed: (segment: string): AadstsRefusal => ({
    reason: 'tenant-malformed',
    status: 400,
    error: 'invalid_request',
    aadsts: 900023,
    text: `Specified tenant identifier '${segment}' is neither a valid DNS name, nor a valid external domain.`,
  }),
  tenantUnknown: (segment: string): AadstsRefusal => ({
    reason: 'tenant-unknown',
    status: 400,
    error: 'invalid_request',
    aadsts: 90002,
    text:
      `Tenant '${segment}' not found. Check to make sure you have the correct tenant ID and are signing into the ` +
      'correct cloud. Check with your subscription administrator, this may happen if there are no active ' +
      'subscriptions for the tenant.',
  }),
  grantType: (grantType: string): AadstsRefusal => ({
    reason: 'grant-type',
    status: 400,
    error: 'unsupported_grant_type',
    aadsts: 70003,
    text: `The app requested an unsupported grant type '${grantType}'.`,
  }),
  parameterMissing: (name: string): AadstsRefusal => ({
    reason: 'parameter-missing',
    status: 400,
    error: 'invalid_request',
    aadsts: 900144,
    text: `The request body must contain the following parameter: '${name}'.`,
  }),
  tenantNotSpecific: (): AadstsRefusal => ({
    reason: 'tenant-not-specific',
    status: 400,
    error: 'invalid_request',
    aadsts: 9001023,
    text:
      'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or ' +
      'tenant-specific endpoint.',
  }),
  clientIdInvalid: (clientId: string): AadstsRefusal => ({
    reason: 'client-id-invalid',
    status: 400,
    error: 'unauthorized_client',
    aadsts: 700038,
    text: `${clientId} is not a valid application identifier.`,
  }),
  /** One answer for two reasons: not there, and registered so recently that not every server knows it. */
  applicationUnknown: (
    clientId: string,
    tenantName: string,
    reason: 'application-unknown' | 'application-too-new' = 'application-unknown',
  ): AadstsRefusal => ({
    reason,
    status: 400,
    error: 'unauthorized_client',
    aadsts: 700016,
    text:
      `Application with identifier '${clientId}' was not found in the directory '${tenantName}'. This can happen if ` +
      'the application has not been installed by the administrator of the tenant or consented to by any user in the ' +
      'tenant. You may have sent your authentication request to the wrong tenant.',
  }),
  /** Status and error inferred. */
  applicationDisabled: (clientId: string, displayName: string): AadstsRefusal => ({
    reason: 'application-disabled',
    status: 400,
    error: 'unauthorized_client',
    aadsts: 7000112,
    text: `Application '${clientId}'(${displayName}) is disabled.`,
  }),
  /** Status and error inferred. */
  servicePrincipalMissing: (clientId: string, tenantId: string): AadstsRefusal => ({
    reason: 'service-principal-missing',
    status: 400,
    error: 'unauthorized_client',
    aadsts: 7000229,
    text: `The client application ${clientId} is missing service principal in the tenant ${tenantId}.`,
  }),
  secretMissing: (): AadstsRefusal => ({
    reason: 'secret-missing',
    status: 401,
    error: 'invalid_client',
    aadsts: 7000218,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  }),
  /** One answer for three reasons: wrong, the Secret ID pasted, and right but not replicated yet. */
  secretWrong: (
    clientId: string,
    reason: 'secret-wrong' | 'secret-is-the-id' | 'secret-too-new' = 'secret-wrong',
  ): AadstsRefusal => ({
    reason,
    status: 401,
    error: 'invalid_client',
    aadsts: 7000215,
    text:
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not ' +
      `the client secret ID, for a secret added to app '${clientId}'.`,
  }),
  secretExpired: (clientId: string): AadstsRefusal => ({
    reason: 'secret-expired',
    status: 401,
    error: 'invalid_client',
    aadsts: 7000222,
    text:
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys ` +
      'for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: ' +
      'https://aka.ms/certCreds.',
  }),
  scopeMalformed: (scope: string): AadstsRefusal => ({
    reason: 'scope-malformed',
    status: 400,
    error: 'invalid_scope',
    aadsts: 70011,
    text: `The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  }),
  /** Status inferred. */
  scopeWithoutDefault: (scope: string): AadstsRefusal => ({
    reason: 'scope-without-default',
    status: 400,
    error: 'invalid_scope',
    aadsts: 1002012,
    text:
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with ` +
      '/.default suffixed to the resource identifier (application ID URI).',
  }),
  /** Only the number is known; the text is ours. */
  scopeOfTwoResources: (scope: string): AadstsRefusal => ({
    reason: 'scope-of-two-resources',
    status: 400,
    error: 'invalid_scope',
    aadsts: 700022,
    text: `The provided value for the input parameter scope '${scope}' is not valid because it contains more than one resource.`,
  }),
  resourceUnknown: (resource: string, tenantId: string): AadstsRefusal => ({
    reason: 'resource-unknown',
    status: 400,
    error: 'invalid_resource',
    aadsts: 500011,
    text:
      `The resource principal named ${resource} was not found in the tenant named ${tenantId}. This can happen if the ` +
      'application has not been installed by the administrator of the tenant or consented to by any user in the ' +
      'tenant. You might have sent your authentication request to the wrong tenant.',
  }),
  /** From memory; the fact sheet does not have it. */
  resourceDisabled: (resource: string): AadstsRefusal => ({
    reason: 'resource-disabled',
    status: 400,
    error: 'invalid_resource',
    aadsts: 500014,
    text:
      `The service principal for resource '${resource}' is disabled. This indicate that a subscription within the ` +
      'tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens ' +
      'from being issued for it.',
  }),
  /** Seen in public logs; the fact sheet knows its number alone. */
  assignmentRequired: (
    client: { clientId: string; displayName: string },
    resource: { appId: string; displayName: string },
  ): AadstsRefusal => ({
    reason: 'assignment-required',
    status: 400,
    error: 'invalid_grant',
    aadsts: 501051,
    text:
      `Application '${client.clientId}'(${client.displayName}) is not assigned to a role for the application ` +
      `'${resource.appId}'(${resource.displayName}).`,
  }),
  /** Status inferred. */
  conditionalAccess: (): AadstsRefusal => ({
    reason: 'conditional-access',
    status: 400,
    error: 'invalid_grant',
    aadsts: 53003,
    text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  }),
};
