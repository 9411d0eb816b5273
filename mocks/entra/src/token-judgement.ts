import { InvariantError } from '#libs/diagnosis';
import type { AssertionFinding } from './client-assertion.ts';
import type { EntraDirectory } from './entra-directory.ts';
import type { EntraRefusal } from './entra-refusal.ts';
import type { AppRegistration, ServicePrincipal, Tenant } from './entra-state.ts';
import { RESOURCES } from './resources.ts';
import { audienceOf, clientOf, resourceOf, TOKEN_CHECKS } from './token-checks.ts';
import type { TokenRequest } from './token-request.ts';

/** What a token is issued for. */
export interface TokenGrant {
  kind: 'granted';
  tenant: Tenant;
  registration: AppRegistration;
  servicePrincipal: ServicePrincipal;
  /** The resource exactly as it was requested. */
  audience: string;
  /** Empty when nothing has been consented to: a good token all the same (fact sheet microsoft 1.6). */
  roles: string[];
  /** How the client proved itself. */
  credential: 'secret' | 'certificate';
  lifetimeS: number;
  /** Seconds after which the client should ask for a new one, for tokens that live for a day. */
  refreshInS?: number;
}

export type TokenJudgement = TokenGrant | { kind: 'refused'; refusal: EntraRefusal };

/** Of a token for a client that can handle revocation (fact sheet microsoft 1.2). */
const REVOCABLE_LIFETIME_S = 86_400;

/** The first check that objects answers; where none does, the token follows from what was consented to. */
export function judgeTokenRequest(
  request: TokenRequest,
  directory: EntraDirectory,
  now: number,
  assertion?: AssertionFinding,
): TokenJudgement {
  for (const check of TOKEN_CHECKS) {
    const refusal = check(request, directory, now, assertion);
    if (refusal) return { kind: 'refused', refusal };
  }
  const tenant = directory.findTenant(request.tenant);
  const { registration, servicePrincipal } = clientOf(request, directory);
  const resource = resourceOf(request, directory);
  if (!tenant || !registration || !servicePrincipal || !resource)
    throw new InvariantError('a token request passed all checks with a part unknown');
  const revocable = request.handlesRevocation && tenant.policies.continuousAccessEvaluation;
  return {
    kind: 'granted',
    tenant,
    registration,
    servicePrincipal,
    audience: audienceOf(request),
    roles: consentedRoles(tenant, servicePrincipal, resource),
    credential: request.clientAssertion === '' ? 'secret' : 'certificate',
    lifetimeS: revocable ? REVOCABLE_LIFETIME_S : tenant.policies.tokenLifetimeS,
    ...(revocable ? { refreshInS: Math.floor((REVOCABLE_LIFETIME_S - 1) / 2) } : {}),
  };
}

/** Names of the application permissions of `resource` that have been consented to, as in the `roles` of a token. */
function consentedRoles(tenant: Tenant, principal: ServicePrincipal, resource: ServicePrincipal): string[] {
  const offered = RESOURCES.find(({ appId }) => appId === resource.appId)?.permissions ?? [];
  return tenant.appRoleAssignments
    .filter(({ principalId, resourceId }) => principalId === principal.objectId && resourceId === resource.objectId)
    .flatMap(({ appRoleId }) => offered.filter(({ id }) => id === appRoleId).map(({ value }) => value));
}
