import { InvariantError } from '#libs/diagnosis';
import { consentedRoles, hashOfSecret, type Application, type ClientSecret } from './application.ts';
import type { EntraDirectory, Tenant } from './entra-directory.ts';
import { refusals, type EntraRefusal } from './entra-refusal.ts';
import { isGuid } from './guid.ts';
import { findResource } from './resources.ts';
import type { TokenRequest } from './token-request.ts';

/** A check of the token endpoint; `now` is in epoch milliseconds. */
export type TokenCheck = (request: TokenRequest, directory: EntraDirectory, now: number) => EntraRefusal | undefined;

/** What a token is issued for. */
export interface TokenGrant {
  kind: 'granted';
  tenant: Tenant;
  application: Application;
  /** The resource exactly as it was requested. */
  audience: string;
  /** Empty when nothing has been consented to: a good token all the same (fact sheet microsoft 1.6). */
  roles: string[];
}

export type TokenJudgement = TokenGrant | { kind: 'refused'; refusal: EntraRefusal };

const NOT_SPECIFIC: ReadonlySet<string> = new Set(['common', 'organizations', 'consumers']);
const NIL_GUID = '00000000-0000-0000-0000-000000000000';
const DNS_NAME = /^(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/i;
/** RFC 6749, 3.3: what a scope may be made of. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const DEFAULT_SUFFIX = '/.default';

/**
 * In the order the real endpoint answers (fact sheet microsoft 1.5, 8.1): a wrong tenant hides a wrong secret.
 * Whether a wrong scope hides a wrong secret is unknown; here it does not.
 */
export const TOKEN_CHECKS: readonly TokenCheck[] = [
  methodIsPost,
  tenantIsWellFormed,
  tenantExists,
  grantTypeIsSupported,
  parametersArePresent,
  tenantIsSpecific,
  clientIdIsValid,
  applicationIsRegistered,
  applicationIsEnabled,
  secretIsPresent,
  secretMatches,
  secretIsCurrent,
  secretIsReplicated,
  scopeIsWellFormed,
  scopeIsOfOneResource,
  scopeEndsInDefault,
  resourceIsKnown,
];

export function judgeTokenRequest(request: TokenRequest, directory: EntraDirectory, now: number): TokenJudgement {
  for (const check of TOKEN_CHECKS) {
    const refusal = check(request, directory, now);
    if (refusal) return { kind: 'refused', refusal };
  }
  const tenant = directory.findTenant(request.tenant);
  const application = tenant && directory.findApplication(tenant, request.clientId);
  const audience = request.scope.slice(0, -DEFAULT_SUFFIX.length);
  const resource = findResource(audience);
  if (!tenant || !application || !resource)
    throw new InvariantError('a token request passed all checks with a part unknown');
  return { kind: 'granted', tenant, application, audience, roles: consentedRoles(application, resource) };
}

function methodIsPost({ method }: TokenRequest): EntraRefusal | undefined {
  return method === 'POST' ? undefined : refusals.method(method);
}

/** Shared with the discovery documents, which judge nothing but the tenant. */
export function tenantIsWellFormed({ tenant }: Pick<TokenRequest, 'tenant'>): EntraRefusal | undefined {
  if (NOT_SPECIFIC.has(tenant.toLowerCase()) || isGuid(tenant) || DNS_NAME.test(tenant)) return undefined;
  return refusals.tenantMalformed(tenant);
}

export function tenantExists(
  { tenant }: Pick<TokenRequest, 'tenant'>,
  directory: EntraDirectory,
): EntraRefusal | undefined {
  if (NOT_SPECIFIC.has(tenant.toLowerCase()) || directory.findTenant(tenant)) return undefined;
  return refusals.tenantUnknown(tenant);
}

function grantTypeIsSupported({ grantType }: TokenRequest): EntraRefusal | undefined {
  return grantType === '' || grantType === 'client_credentials' ? undefined : refusals.grantType(grantType);
}

function parametersArePresent({ grantType, clientId, scope }: TokenRequest): EntraRefusal | undefined {
  if (grantType === '') return refusals.parameterMissing('grant_type');
  if (clientId === '') return refusals.parameterMissing('client_id');
  if (scope === '') return refusals.parameterMissing('scope');
  return undefined;
}

function tenantIsSpecific({ tenant }: TokenRequest): EntraRefusal | undefined {
  return NOT_SPECIFIC.has(tenant.toLowerCase()) ? refusals.tenantNotSpecific() : undefined;
}

function clientIdIsValid({ clientId }: TokenRequest): EntraRefusal | undefined {
  return isGuid(clientId) && clientId !== NIL_GUID ? undefined : refusals.clientIdInvalid(clientId);
}

function applicationIsRegistered(request: TokenRequest, directory: EntraDirectory): EntraRefusal | undefined {
  if (applicationOf(request, directory)) return undefined;
  return refusals.applicationUnknown(request.clientId, directory.findTenant(request.tenant)?.displayName ?? '');
}

function applicationIsEnabled(request: TokenRequest, directory: EntraDirectory): EntraRefusal | undefined {
  const application = applicationOf(request, directory);
  if (!application || application.enabled) return undefined;
  return refusals.applicationDisabled(application.clientId, application.displayName);
}

function secretIsPresent({ clientSecret }: TokenRequest): EntraRefusal | undefined {
  return clientSecret === '' ? refusals.secretMissing() : undefined;
}

function secretMatches(request: TokenRequest, directory: EntraDirectory): EntraRefusal | undefined {
  const application = applicationOf(request, directory);
  if (!application || secretOf(request, application)) return undefined;
  const pasted = request.clientSecret.toLowerCase();
  const isTheId = application.secrets.some((secret) => secret.secretId === pasted);
  return refusals.secretWrong(application.clientId, isTheId ? 'secret-is-the-id' : 'secret-wrong');
}

function secretIsCurrent(request: TokenRequest, directory: EntraDirectory, now: number): EntraRefusal | undefined {
  const secret = presentedSecret(request, directory);
  return secret && now >= secret.endsAt ? refusals.secretExpired(request.clientId) : undefined;
}

/** A secret counts from its start date, and once it has reached the servers that issue tokens. */
function secretIsReplicated(request: TokenRequest, directory: EntraDirectory, now: number): EntraRefusal | undefined {
  const secret = presentedSecret(request, directory);
  if (!secret) return undefined;
  const usableFrom = Math.max(secret.startsAt, secret.addedAt + directory.secretReplicationLagMs);
  return now < usableFrom ? refusals.secretWrong(request.clientId, 'secret-too-new') : undefined;
}

function scopeIsWellFormed({ scope }: TokenRequest): EntraRefusal | undefined {
  const malformed = scope.split(/\s+/).find((token) => !SCOPE_TOKEN.test(token));
  return malformed === undefined ? undefined : refusals.scopeMalformed(malformed);
}

function scopeIsOfOneResource({ scope }: TokenRequest): EntraRefusal | undefined {
  return /\s/.test(scope) ? refusals.scopeOfTwoResources(scope) : undefined;
}

function scopeEndsInDefault({ scope }: TokenRequest): EntraRefusal | undefined {
  return scope.endsWith(DEFAULT_SUFFIX) ? undefined : refusals.scopeWithoutDefault(scope);
}

function resourceIsKnown({ scope, tenant }: TokenRequest, directory: EntraDirectory): EntraRefusal | undefined {
  const identifier = scope.slice(0, -DEFAULT_SUFFIX.length);
  if (findResource(identifier)) return undefined;
  return refusals.resourceUnknown(identifier, directory.findTenant(tenant)?.tenantId ?? tenant);
}

function applicationOf(request: TokenRequest, directory: EntraDirectory): Application | undefined {
  const tenant = directory.findTenant(request.tenant);
  return tenant && directory.findApplication(tenant, request.clientId);
}

function secretOf(request: TokenRequest, application: Application): ClientSecret | undefined {
  const hash = hashOfSecret(request.clientSecret);
  return application.secrets.find((secret) => secret.valueSha256 === hash);
}

function presentedSecret(request: TokenRequest, directory: EntraDirectory): ClientSecret | undefined {
  const application = applicationOf(request, directory);
  return application && secretOf(request, application);
}
