import { z } from 'zod';
import { hasExactly } from '#libs/deployment';
import type { NodeContext } from '../node-context.ts';
import type { DeploymentService } from '../pan/deployment.service.ts';
import { RequestError } from '../http/request-error.ts';
import { apiRolesShape, readRoles, servicesOf } from './api-roles.ts';
import { nodeNamed } from './deployment.routes.ts';
import { checkedBody } from './openapi-body.ts';
import { messageError, OpenApiError, succeeded, type OpenApiRoute } from './openapi-route.ts';

const NODE = '/api/v1/deployment/node';

const registrationSchema = z.strictObject({
  fqdn: z.string().trim().min(1).max(64),
  userName: z.string().min(1).max(256),
  password: z.string().min(1).max(256),
  /** Taken, and of no effect: nodes do not check one another's certificates. */
  allowCertImport: z.boolean(),
  ...apiRolesShape,
});
const updateSchema = z.strictObject(apiRolesShape);

/** What the real API says to a standalone node that is to be something else (fact sheet ise 2.2). */
const REST_CALL_FAILED = 'Exception occurred while making REST call';

/**
 * Who is in the deployment, and with which role (fact sheet ise 2.2, 2.3, 7.4). Simplified: what runs on a node is
 * settled before it is started; the real API installs and removes personas.
 */
export function membershipRoutes(context: NodeContext, service: DeploymentService | undefined): OpenApiRoute[] {
  const pan = (): DeploymentService => {
    if (service) return service;
    throw new OpenApiError(400, `${context.definition.name} is not an administration node`);
  };
  const isAlone = (): boolean => context.settings.deployment.nodes.length === 1;
  return [
    {
      method: 'POST',
      path: NODE,
      errors: messageError,
      run: async ({ body }) => {
        const { fqdn, userName, password, roles, services } = checkedBody(body, registrationSchema);
        const wanted = readRoles({ roles, services });
        if (wanted.isPrimaryPan) throw new OpenApiError(400, 'roles: a PAN joins as SecondaryAdmin');
        const { personas } = wanted;
        await pan()
          .register({ fqdn, userName, password, personas, ...(services.length > 0 ? { services } : {}) })
          .catch(badRequest);
        if (wanted.isActiveMnt) pan().switchMnt();
        return succeeded(`${fqdn} was registered`);
      },
    },
    {
      method: 'PUT',
      path: `${NODE}/{hostname}`,
      errors: messageError,
      run: ({ params, body }) => {
        const node = nodeNamed(context, params['hostname']);
        const wanted = readRoles(checkedBody(body, updateSchema));
        if (isAlone()) throw new OpenApiError(400, REST_CALL_FAILED);
        if (!hasExactly(node, wanted.personas)) {
          throw new OpenApiError(400, `${REST_CALL_FAILED}: ${node.name} stays ${node.personas.join(', ')}`);
        }
        if (wanted.isPrimaryPan !== (node.adminRole === 'primary')) {
          throw new OpenApiError(400, 'roles: the primary PAN changes by promotion of the secondary');
        }
        if (wanted.isActiveMnt !== (node.monitoringRole === 'active')) {
          if (!context.settings.deployment.standbyMnt) throw new OpenApiError(400, 'roles: there is no standby MnT');
          pan().switchMnt();
        }
        if (wanted.services.join() !== servicesOf(node).join()) pan().setServices(node.name, wanted.services);
        return succeeded(`${node.name} was updated`);
      },
    },
    {
      method: 'DELETE',
      path: `${NODE}/{hostname}`,
      errors: messageError,
      run: async ({ params }) => {
        const { name } = nodeNamed(context, params['hostname']);
        if (isAlone()) throw new OpenApiError(400, `${name} is a standalone node`);
        await pan().deregister(name).catch(badRequest);
        return succeeded(`${name} was deregistered`);
      },
    },
    {
      method: 'POST',
      path: '/api/v1/deployment/promote',
      errors: messageError,
      onAnyNode: true,
      run: async () => {
        await pan().promote().catch(badRequest);
        return succeeded(`${context.definition.name} is the primary PAN`);
      },
    },
    {
      // A standalone node registers others without having been made primary first: there is no step between.
      method: 'POST',
      path: '/api/v1/deployment/primary',
      errors: messageError,
      onAnyNode: true,
      run: () => {
        throw new OpenApiError(400, isAlone() ? REST_CALL_FAILED : 'The node is not standalone');
      },
    },
    {
      method: 'POST',
      path: '/api/v1/deployment/standalone',
      errors: messageError,
      onAnyNode: true,
      run: () => {
        throw new OpenApiError(
          400,
          isAlone() ? REST_CALL_FAILED : 'The node is not the primary node of a single node cluster',
        );
      },
    },
  ];
}

/** This part of the API knows no conflicts: what the deployment does not allow is a bad request. */
function badRequest(error: unknown): never {
  if (error instanceof RequestError && error.status === 409) throw new OpenApiError(400, error.message);
  throw error;
}
