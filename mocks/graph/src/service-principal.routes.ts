import { assignmentEntity, grantEntity, servicePrincipalEntity } from './entities.ts';
import { APP_ROLE_ASSIGNMENT, OAUTH2_GRANT, SERVICE_PRINCIPAL } from './entity-type.ts';
import type { GraphAppRoleAssignment, GraphServicePrincipal } from './graph-directory.ts';
import { refusals } from './graph-refusal.ts';
import { withBody, withFound, type GraphAnswer, type GraphCall, type GraphRoute } from './graph-route.ts';
import { bodies } from './request-body.ts';

const WRITE = ['Application.ReadWrite.All', 'Directory.ReadWrite.All'];
const READ = ['Application.Read.All', 'Directory.Read.All', ...WRITE];
const ASSIGN = ['AppRoleAssignment.ReadWrite.All'];

export const SERVICE_PRINCIPAL_ROUTES: readonly GraphRoute[] = [
  {
    method: 'GET',
    template: '/servicePrincipals',
    permissions: READ,
    answer: ({ tenant, directory }) => ({
      kind: 'collection',
      type: SERVICE_PRINCIPAL,
      entities: tenant.servicePrincipals.map((principal) => servicePrincipalEntity(principal, tenant, directory)),
    }),
  },
  {
    method: 'POST',
    template: '/servicePrincipals',
    permissions: WRITE,
    answer: (call) =>
      withBody(call, bodies.servicePrincipalToCreate, 'servicePrincipal', (request) =>
        entity(call, call.directory.servicePrincipals.create(call.tenant.tenantId, request), true),
      ),
  },
  {
    method: 'GET',
    template: '/servicePrincipals/{id}',
    permissions: READ,
    answer: (call) => withPrincipal(call, (principal) => entity(call, principal)),
  },
  {
    method: 'PATCH',
    template: '/servicePrincipals/{id}',
    permissions: WRITE,
    answer: (call) =>
      withPrincipal(call, ({ objectId }) =>
        withBody(call, bodies.servicePrincipalChanges, 'servicePrincipal', (changes) => {
          call.directory.servicePrincipals.update(call.tenant.tenantId, objectId, changes);
          return { kind: 'done' };
        }),
      ),
  },
  {
    method: 'DELETE',
    template: '/servicePrincipals/{id}',
    permissions: WRITE,
    answer: (call) =>
      withPrincipal(call, ({ objectId }) => {
        call.directory.servicePrincipals.delete(call.tenant.tenantId, objectId);
        return { kind: 'done' };
      }),
  },
  ...assignmentRoutes('appRoleAssignments', 'principalId'),
  ...assignmentRoutes('appRoleAssignedTo', 'resourceId'),
  {
    method: 'GET',
    template: '/servicePrincipals/{id}/oauth2PermissionGrants',
    permissions: ['DelegatedPermissionGrant.ReadWrite.All', ...READ],
    answer: (call) =>
      withPrincipal(call, ({ objectId }) => ({
        kind: 'collection',
        type: OAUTH2_GRANT,
        entities: call.tenant.oauth2Grants.filter(({ clientId }) => clientId === objectId).map(grantEntity),
      })),
  },
];

/** The assignments of a service principal, seen from who has the role or from whose role it is. */
function assignmentRoutes(
  collection: 'appRoleAssignments' | 'appRoleAssignedTo',
  end: 'principalId' | 'resourceId',
): GraphRoute[] {
  const template = `/servicePrincipals/{id}/${collection}`;
  const ofPrincipal = (call: GraphCall, { objectId }: GraphServicePrincipal): GraphAppRoleAssignment[] =>
    call.tenant.appRoleAssignments.filter((assignment) => assignment[end] === objectId);
  return [
    {
      method: 'GET',
      template,
      permissions: [...READ, ...ASSIGN],
      answer: (call) =>
        withPrincipal(call, (principal) => ({
          kind: 'collection',
          type: APP_ROLE_ASSIGNMENT,
          entities: ofPrincipal(call, principal).map((assignment) => assignmentEntity(assignment, call.tenant)),
        })),
    },
    {
      method: 'POST',
      template,
      permissions: ASSIGN,
      answer: (call) =>
        withPrincipal(call, (principal) =>
          withBody(call, bodies.appRoleAssignment, 'appRoleAssignment', (request) => {
            if (request[end].toLowerCase() !== principal.objectId)
              return refusals.badRequest(
                `Invalid value specified for property '${end}' of resource 'AppRoleAssignment'.`,
              );
            const { tenant, directory } = call;
            const missing = [request.principalId, request.resourceId].find((id) => !findPrincipal(call, id));
            if (missing !== undefined) return refusals.notFound(missing);
            const assignment = directory.servicePrincipals.assignAppRole(tenant.tenantId, request);
            return {
              kind: 'entity',
              type: APP_ROLE_ASSIGNMENT,
              entity: assignmentEntity(assignment, tenant),
              isNew: true,
            };
          }),
        ),
    },
    {
      method: 'DELETE',
      template: `${template}/{assignmentId}`,
      permissions: ASSIGN,
      answer: (call) =>
        withPrincipal(call, (principal) => {
          const [, assignmentId = ''] = call.ids;
          const found = ofPrincipal(call, principal).find(({ id }) => id === assignmentId);
          return withFound(found, assignmentId, ({ id }) => {
            call.directory.servicePrincipals.removeAppRoleAssignment(call.tenant.tenantId, id);
            return { kind: 'done' };
          });
        }),
    },
  ];
}

function findPrincipal({ tenant }: GraphCall, id: string): GraphServicePrincipal | undefined {
  return tenant.servicePrincipals.find(({ objectId }) => objectId === id.toLowerCase());
}

/** By object ID, or by client ID in the form `servicePrincipals(appId='…')`, which the endpoint turns into `appId=…`. */
function withPrincipal(call: GraphCall, next: (principal: GraphServicePrincipal) => GraphAnswer): GraphAnswer {
  const [id = ''] = call.ids;
  const byAppId = call.tenant.servicePrincipals.find(({ appId }) => `appid=${appId}` === id.toLowerCase());
  return withFound(findPrincipal(call, id) ?? byAppId, id, next);
}

function entity({ tenant, directory }: GraphCall, principal: GraphServicePrincipal, isNew = false): GraphAnswer {
  const shown = servicePrincipalEntity(principal, tenant, directory);
  return { kind: 'entity', type: SERVICE_PRINCIPAL, entity: shown, isNew };
}
