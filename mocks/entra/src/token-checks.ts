import { InvariantError } from '#libs/diagnosis';
import { hashOfSecret } from './applications.ts';
import { refusalOfAssertion } from './assertion-refusals.ts';
import { JWT_BEARER, type AssertionFinding } from './client-assertion.ts';
import type { EntraDirectory } from './entra-directory.ts';
import { refusals, type AadstsRefusal, type EntraRefusal } from './entra-refusal.ts';
import type { ClientSecret, ServicePrincipal } from './entra-state.ts';
import { frontDoorRefusals } from './front-door-refusals.ts';
import { isGuid } from './guid.ts';
import { findResource } from './resources.ts';
import type { TokenRequest } from './token-request.ts';

/**
 * A check of the token endpoint; `now` is in epoch milliseconds. `assertion` is what was found out about the client
 * assertion, where there is one and the registration that it must belong to.
 */
export type TokenCheck = (
  request: TokenRequest,
  directory: EntraDirectory,
  now: number,
  assertion?: AssertionFinding,
) => EntraRefusal | undefined;

const NOT_SPECIFIC: ReadonlySet<string> = new Set(['common', 'organizations', 'consumers']);
const NIL_GUID = '00000000-0000-0000-0000-000000000000';
const DNS_NAME = /^(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/i;
/** RFC 6749, 3.3: what a scope may be made of. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const DEFAULT_SUFFIX = '/.default';

/**
 * In the order the real endpoint answers (fact sheet microsoft 1.5, 8.1): a wrong tenant hides a wrong secret.
 * Whether a wrong scope hides a wrong secret is unknown; here it does not. What the front door refuses comes first.
 */
export const TOKEN_CHECKS: readonly TokenCheck[] = [
  serviceIsAvailable,
  tenantIsNotThrottled,
  methodIsPost,
  tenantIsWellFormed,
  tenantExists,
  grantTypeIsSupported,
  parametersArePresent,
  tenantIsSpecific,
  clientIsNoLoop,
  clientIdIsValid,
  applicationIsRegistered,
  applicationIsReplicated,
  applicationIsEnabled,
  servicePrincipalExists,
  credentialIsPresent,
  assertionIsGood,
  secretMatches,
  secretIsCurrent,
  secretIsReplicated,
  scopeIsWellFormed,
  scopeIsOfOneResource,
  scopeEndsInDefault,
  resourceIsKnown,
  resourceIsEnabled,
  assignmentIsGiven,
  conditionalAccessAllows,
];

function serviceIsAvailable(_request: TokenRequest, { settings }: EntraDirectory): EntraRefusal | undefined {
  const { serviceHealth } = settings;
  return serviceHealth.status === 'available' ? undefined : frontDoorRefusals.unavailable(serviceHealth);
}

function tenantIsNotThrottled(request: TokenRequest, directory: EntraDirectory, now: number): EntraRefusal | undefined {
  const tenant = directory.findTenant(request.tenant);
  const limit = tenant?.policies.throttling;
  if (!tenant || !limit) return undefined;
  if (directory.traffic.ofTenant(tenant.tenantId, now - limit.windowMs) <= limit.requestsMax) return undefined;
  return limit.answer === 'plain-text'
    ? frontDoorRefusals.tooManyRequests(limit.retryAfterS)
    : frontDoorRefusals.tenantThrottled(limit.retryAfterS);
}

function methodIsPost({ method }: TokenRequest): EntraRefusal | undefined {
  return method === 'POST' ? undefined : refusals.method(method);
}

/** Shared with the discovery documents, which judge nothing but the tenant. */
export function tenantIsWellFormed({ tenant }: Pick<TokenRequest, 'tenant'>): AadstsRefusal | undefined {
  if (NOT_SPECIFIC.has(tenant.toLowerCase()) || isGuid(tenant) || DNS_NAME.test(tenant)) return undefined;
  return refusals.tenantMalformed(tenant);
}

export function tenantExists(
  { tenant }: Pick<TokenRequest, 'tenant'>,
  directory: EntraDirectory,
): AadstsRefusal | undefined {
  if (NOT_SPECIFIC.has(tenant.toLowerCase()) || directory.findTenant(tenant)) return undefined;
  return refusals.tenantUnknown(tenant);
}

function grantTypeIsSupported({ grantType }: TokenRequest): EntraRefusal | undefined {
  return grantType === '' || grantType === 'client_credentials' ? undefined : refusals.grantType(grantType);
}

function parametersArePresent(request: TokenRequest): EntraRefusal | undefined {
  if (request.grantType === '') return refusals.parameterMissing('grant_type');
  if (request.clientId === '') return refusals.parameterMissing('client_id');
  if (request.scope === '') return refusals.parameterMissing('scope');
  if (request.clientAssertion !== '' && request.clientAssertionType === '')
    return refusals.parameterMissing('client_assertion_type');
  return undefined;
}

function tenantIsSpecific({ tenant }: TokenRequest): EntraRefusal | undefined {
  return NOT_SPECIFIC.has(tenant.toLowerCase()) ? refusals.tenantNotSpecific() : undefined;
}

/** Simplified: the real endpoint also compares what was asked for. */
function clientIsNoLoop(request: TokenRequest, directory: EntraDirectory, now: number): EntraRefusal | undefined {
  const tenant = directory.findTenant(request.tenant);
  const limit = tenant?.policies.loopDetection;
  if (!tenant || !limit) return undefined;
  const count = directory.traffic.ofClient(tenant.tenantId, request.clientId, now - limit.windowMs);
  return count > limit.requestsMax ? frontDoorRefusals.requestLoop() : undefined;
}

function clientIdIsValid({ clientId }: TokenRequest): EntraRefusal | undefined {
  return isGuid(clientId) && clientId !== NIL_GUID ? undefined : refusals.clientIdInvalid(clientId);
}

function applicationIsRegistered(request: TokenRequest, directory: EntraDirectory): EntraRefusal | undefined {
  if (clientOf(request, directory).registration) return undefined;
  return refusals.applicationUnknown(request.clientId, directory.findTenant(request.tenant)?.displayName ?? '');
}

function applicationIsReplicated(request: TokenRequest, directory: EntraDirectory, now: number) {
  const { registration } = clientOf(request, directory);
  if (!registration || now >= registration.createdAt + directory.settings.newApplicationLagMs) return undefined;
  const tenantName = directory.findTenant(request.tenant)?.displayName ?? '';
  return refusals.applicationUnknown(request.clientId, tenantName, 'application-too-new');
}

function applicationIsEnabled(request: TokenRequest, directory: EntraDirectory): EntraRefusal | undefined {
  const { registration, servicePrincipal } = clientOf(request, directory);
  if (!registration?.disabledByMicrosoft && servicePrincipal?.accountEnabled !== false) return undefined;
  return refusals.applicationDisabled(request.clientId, registration?.displayName ?? '');
}

function servicePrincipalExists(request: TokenRequest, directory: EntraDirectory): EntraRefusal | undefined {
  if (clientOf(request, directory).servicePrincipal) return undefined;
  const tenantId = directory.findTenant(request.tenant)?.tenantId ?? request.tenant;
  return refusals.servicePrincipalMissing(request.clientId, tenantId);
}

/** That a secret of blanks alone counts as none is our guess. */
function credentialIsPresent({ clientSecret, clientAssertion }: TokenRequest): EntraRefusal | undefined {
  return clientSecret.trim() === '' && clientAssertion === '' ? refusals.secretMissing() : undefined;
}

/** Which of the two counts when a request has both is unknown; here it is the assertion. */
function assertionIsGood(
  { clientAssertion, clientAssertionType }: TokenRequest,
  _directory: EntraDirectory,
  now: number,
  assertion: AssertionFinding | undefined,
): EntraRefusal | undefined {
  if (clientAssertion === '') return undefined;
  if (clientAssertionType !== JWT_BEARER) return refusalOfAssertion({ kind: 'malformed' }, now);
  if (!assertion) throw new InvariantError('a client assertion is judged that nobody has looked at');
  return assertion.kind === 'good' ? undefined : refusalOfAssertion(assertion.fault, now);
}

function secretMatches(request: TokenRequest, directory: EntraDirectory, now: number): EntraRefusal | undefined {
  const { registration } = clientOf(request, directory);
  if (!registration || request.clientAssertion !== '' || secretOf(request, directory, now)) return undefined;
  const pasted = request.clientSecret.toLowerCase();
  const isTheId = registration.secrets.some((secret) => secret.secretId === pasted);
  return refusals.secretWrong(registration.clientId, isTheId ? 'secret-is-the-id' : 'secret-wrong');
}

function secretIsCurrent(request: TokenRequest, directory: EntraDirectory, now: number): EntraRefusal | undefined {
  const secret = secretOf(request, directory, now);
  return secret && now >= secret.endsAt ? refusals.secretExpired(request.clientId) : undefined;
}

/** A secret counts from its start date, and once it has reached the servers that issue tokens. */
function secretIsReplicated(request: TokenRequest, directory: EntraDirectory, now: number): EntraRefusal | undefined {
  const secret = secretOf(request, directory, now);
  if (!secret) return undefined;
  const usableFrom = Math.max(secret.startsAt, secret.addedAt + directory.settings.secretReplicationLagMs);
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

function resourceIsKnown(request: TokenRequest, directory: EntraDirectory): EntraRefusal | undefined {
  if (resourceOf(request, directory)) return undefined;
  const tenantId = directory.findTenant(request.tenant)?.tenantId ?? request.tenant;
  return refusals.resourceUnknown(audienceOf(request), tenantId);
}

function resourceIsEnabled(request: TokenRequest, directory: EntraDirectory): EntraRefusal | undefined {
  if (resourceOf(request, directory)?.accountEnabled !== false) return undefined;
  return refusals.resourceDisabled(audienceOf(request));
}

function assignmentIsGiven(request: TokenRequest, directory: EntraDirectory): EntraRefusal | undefined {
  const { registration, servicePrincipal } = clientOf(request, directory);
  const resource = resourceOf(request, directory);
  if (!registration || !servicePrincipal || !resource?.appRoleAssignmentRequired) return undefined;
  const isAssigned = directory
    .findTenant(request.tenant)
    ?.appRoleAssignments.some(
      ({ principalId, resourceId }) => principalId === servicePrincipal.objectId && resourceId === resource.objectId,
    );
  return isAssigned ? undefined : refusals.assignmentRequired(registration, resource);
}

function conditionalAccessAllows(request: TokenRequest, directory: EntraDirectory): EntraRefusal | undefined {
  const blocked = directory.findTenant(request.tenant)?.policies.blockedByConditionalAccess ?? [];
  return blocked.includes(request.clientId.toLowerCase()) ? refusals.conditionalAccess() : undefined;
}

/** Registration and service principal of the application that asks, as far as they are there. */
export function clientOf(request: TokenRequest, directory: EntraDirectory): ReturnType<EntraDirectory['findClient']> {
  const tenant = directory.findTenant(request.tenant);
  return tenant ? directory.findClient(tenant, request.clientId) : {};
}

/** The resource as it was requested. */
export function audienceOf({ scope }: Pick<TokenRequest, 'scope'>): string {
  return scope.slice(0, -DEFAULT_SUFFIX.length);
}

/** The service principal of the resource that is asked for, where the tenant has one. */
export function resourceOf(request: TokenRequest, directory: EntraDirectory): ServicePrincipal | undefined {
  const resource = findResource(audienceOf(request));
  return directory.findTenant(request.tenant)?.servicePrincipals.find(({ appId }) => appId === resource?.appId);
}

/** The secret that was presented, unless an assertion counts instead, or it was removed and that is known everywhere. */
function secretOf(request: TokenRequest, directory: EntraDirectory, now: number): ClientSecret | undefined {
  if (request.clientAssertion !== '') return undefined;
  const hash = hashOfSecret(request.clientSecret);
  const { secretRemovalLagMs } = directory.settings;
  return clientOf(request, directory).registration?.secrets.find(
    ({ valueSha256, removedAt }) =>
      valueSha256 === hash && (removedAt === null || now < removedAt + secretRemovalLagMs),
  );
}
