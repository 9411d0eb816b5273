/** Why a token was refused: finer than the answer on the wire, for the journal. */
export type TokenRefusalReason =
  | 'method'
  | 'tenant-malformed'
  | 'tenant-unknown'
  | 'tenant-not-specific'
  | 'grant-type'
  | 'parameter-missing'
  | 'client-id-invalid'
  | 'application-unknown'
  | 'application-disabled'
  | 'secret-missing'
  | 'secret-is-the-id'
  | 'secret-wrong'
  | 'secret-expired'
  | 'secret-too-new'
  | 'scope-malformed'
  | 'scope-without-default'
  | 'scope-of-two-resources'
  | 'resource-unknown';

/** An answer of the endpoint that is an error. `text` is what follows `AADSTS<number>: `, without trailers. */
export interface EntraRefusal {
  reason: TokenRefusalReason;
  status: number;
  error: string;
  aadsts: number;
  text: string;
}

/** Codes whose answer was captured without an `error_uri` (fact sheet microsoft 1.4); all others get one. */
const WITHOUT_HELP_PAGE: ReadonlySet<number> = new Set([700038, 70003]);

export function errorUriOf(aadsts: number): string | undefined {
  return WITHOUT_HELP_PAGE.has(aadsts) ? undefined : `https://login.microsoftonline.com/error?code=${aadsts}`;
}

/** Texts and statuses: fact sheet microsoft 1.5. Where it calls one inferred or unknown, the comment says so. */
export const refusals = {
  /** Status unknown; 400 like all other refusals of this kind. */
  method: (method: string): EntraRefusal => ({
    reason: 'method',
    status: 400,
    error: 'invalid_request',
    aadsts: 900561,
    text: `The endpoint only accepts POST requests. Received a ${method} request.`,
  }),
  tenantMalformed: (segment: string): EntraRefusal => ({
    reason: 'tenant-malformed',
    status: 400,
    error: 'invalid_request',
    aadsts: 900023,
    text: `Specified tenant identifier '${segment}' is neither a valid DNS name, nor a valid external domain.`,
  }),
  tenantUnknown: (segment: string): EntraRefusal => ({
    reason: 'tenant-unknown',
    status: 400,
    error: 'invalid_request',
    aadsts: 90002,
    text:
      `Tenant '${segment}' not found. Check to make sure you have the correct tenant ID and are signing into the ` +
      'correct cloud. Check with your subscription administrator, this may happen if there are no active ' +
      'subscriptions for the tenant.',
  }),
  grantType: (grantType: string): EntraRefusal => ({
    reason: 'grant-type',
    status: 400,
    error: 'unsupported_grant_type',
    aadsts: 70003,
    text: `The app requested an unsupported grant type '${grantType}'.`,
  }),
  parameterMissing: (name: string): EntraRefusal => ({
    reason: 'parameter-missing',
    status: 400,
    error: 'invalid_request',
    aadsts: 900144,
    text: `The request body must contain the following parameter: '${name}'.`,
  }),
  /** Text inferred. */
  tenantNotSpecific: (): EntraRefusal => ({
    reason: 'tenant-not-specific',
    status: 400,
    error: 'invalid_request',
    aadsts: 9001023,
    text:
      'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or ' +
      'tenant-specific endpoint.',
  }),
  clientIdInvalid: (clientId: string): EntraRefusal => ({
    reason: 'client-id-invalid',
    status: 400,
    error: 'unauthorized_client',
    aadsts: 700038,
    text: `${clientId} is not a valid application identifier.`,
  }),
  applicationUnknown: (clientId: string, tenantName: string): EntraRefusal => ({
    reason: 'application-unknown',
    status: 400,
    error: 'unauthorized_client',
    aadsts: 700016,
    text:
      `Application with identifier '${clientId}' was not found in the directory '${tenantName}'. This can happen if ` +
      'the application has not been installed by the administrator of the tenant or consented to by any user in the ' +
      'tenant. You may have sent your authentication request to the wrong tenant.',
  }),
  /** Status and error inferred. */
  applicationDisabled: (clientId: string, displayName: string): EntraRefusal => ({
    reason: 'application-disabled',
    status: 400,
    error: 'unauthorized_client',
    aadsts: 7000112,
    text: `Application '${clientId}'(${displayName}) is disabled.`,
  }),
  secretMissing: (): EntraRefusal => ({
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
  ): EntraRefusal => ({
    reason,
    status: 401,
    error: 'invalid_client',
    aadsts: 7000215,
    text:
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not ' +
      `the client secret ID, for a secret added to app '${clientId}'.`,
  }),
  secretExpired: (clientId: string): EntraRefusal => ({
    reason: 'secret-expired',
    status: 401,
    error: 'invalid_client',
    aadsts: 7000222,
    text:
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys ` +
      'for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: ' +
      'https://aka.ms/certCreds.',
  }),
  scopeMalformed: (scope: string): EntraRefusal => ({
    reason: 'scope-malformed',
    status: 400,
    error: 'invalid_scope',
    aadsts: 70011,
    text: `The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  }),
  /** Status inferred. */
  scopeWithoutDefault: (scope: string): EntraRefusal => ({
    reason: 'scope-without-default',
    status: 400,
    error: 'invalid_scope',
    aadsts: 1002012,
    text:
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with ` +
      '/.default suffixed to the resource identifier (application ID URI).',
  }),
  /** Only the number is known; the text is ours. */
  scopeOfTwoResources: (scope: string): EntraRefusal => ({
    reason: 'scope-of-two-resources',
    status: 400,
    error: 'invalid_scope',
    aadsts: 700022,
    text: `The provided value for the input parameter scope '${scope}' is not valid because it contains more than one resource.`,
  }),
  resourceUnknown: (resource: string, tenantId: string): EntraRefusal => ({
    reason: 'resource-unknown',
    status: 400,
    error: 'invalid_resource',
    aadsts: 500011,
    text:
      `The resource principal named ${resource} was not found in the tenant named ${tenantId}. This can happen if the ` +
      'application has not been installed by the administrator of the tenant or consented to by any user in the ' +
      'tenant. You might have sent your authentication request to the wrong tenant.',
  }),
};
