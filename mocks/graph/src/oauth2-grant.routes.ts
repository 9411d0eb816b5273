import { grantEntity } from './entities.ts';
import { OAUTH2_GRANT } from './entity-type.ts';
import type { GraphOauth2Grant } from './graph-directory.ts';
import { refusals } from './graph-refusal.ts';
import { withBody, withFound, type GraphAnswer, type GraphCall, type GraphRoute } from './graph-route.ts';
import { bodies } from './request-body.ts';

const WRITE = ['DelegatedPermissionGrant.ReadWrite.All', 'Directory.ReadWrite.All'];
const READ = ['Directory.Read.All', ...WRITE];

/** Consent to delegated permissions. */
export const OAUTH2_GRANT_ROUTES: readonly GraphRoute[] = [
  {
    method: 'GET',
    template: '/oauth2PermissionGrants',
    permissions: READ,
    answer: ({ tenant }) => ({
      kind: 'collection',
      type: OAUTH2_GRANT,
      entities: tenant.oauth2Grants.map(grantEntity),
    }),
  },
  {
    method: 'POST',
    template: '/oauth2PermissionGrants',
    permissions: WRITE,
    answer: (call) => withBody(call, bodies.grantToCreate, 'oAuth2PermissionGrant', (body) => create(call, body)),
  },
  {
    method: 'GET',
    template: '/oauth2PermissionGrants/{id}',
    permissions: READ,
    answer: (call) => withGrant(call, (grant) => ({ kind: 'entity', type: OAUTH2_GRANT, entity: grantEntity(grant) })),
  },
  {
    method: 'PATCH',
    template: '/oauth2PermissionGrants/{id}',
    permissions: WRITE,
    answer: (call) =>
      withGrant(call, ({ id }) =>
        withBody(call, bodies.grantChanges, 'oAuth2PermissionGrant', (changes) => {
          call.directory.servicePrincipals.updateGrant(call.tenant.tenantId, id, changes);
          return { kind: 'done' };
        }),
      ),
  },
  {
    method: 'DELETE',
    template: '/oauth2PermissionGrants/{id}',
    permissions: WRITE,
    answer: (call) =>
      withGrant(call, ({ id }) => {
        call.directory.servicePrincipals.removeGrant(call.tenant.tenantId, id);
        return { kind: 'done' };
      }),
  },
];

function create(
  { directory, tenant }: GraphCall,
  body: Omit<GraphOauth2Grant, 'id' | 'principalId'> & { principalId?: string | null },
): GraphAnswer {
  const principalId = body.principalId ?? null;
  if ((body.consentType === 'Principal') !== (principalId !== null))
    return refusals.badRequest(
      "Invalid value specified for property 'principalId' of resource 'OAuth2PermissionGrant'.",
    );
  const isKnown = (id: string): boolean =>
    tenant.servicePrincipals.some(({ objectId }) => objectId === id.toLowerCase());
  const missing = [body.clientId, body.resourceId].find((id) => !isKnown(id));
  if (missing !== undefined) return refusals.notFound(missing);
  const { clientId, consentType, resourceId, scope } = body;
  const request = { clientId, consentType, resourceId, scope, principalId };
  const grant = directory.servicePrincipals.grantScopes(tenant.tenantId, request);
  return { kind: 'entity', type: OAUTH2_GRANT, entity: grantEntity(grant), isNew: true };
}

function withGrant({ tenant, ids: [id = ''] }: GraphCall, next: (grant: GraphOauth2Grant) => GraphAnswer): GraphAnswer {
  return withFound(
    tenant.oauth2Grants.find((grant) => grant.id === id),
    id,
    next,
  );
}
