import type { NodeDefinition } from '#libs/deployment';
import { applyQuery, readQuery } from '../ers/ers-query.ts';
import type { ApiGate } from '../http/api-gate.ts';
import type { NodeContext } from '../node-context.ts';
import { rolesOf, servicesOf } from './api-roles.ts';
import { enveloped, messageError, OpenApiError, type OpenApiRoute } from './openapi-route.ts';
import type { TaskDesk } from './task-desk.ts';

const FIELDS = ['hostname', 'fqdn', 'ipAddress', 'roles', 'services', 'nodeStatus'];

/** Nodes of the deployment and their sync (fact sheet ise 2.2, 7.4). */
export function deploymentRoutes(context: NodeContext, tasks: TaskDesk, gate: ApiGate): OpenApiRoute[] {
  const shown = (node: NodeDefinition) => shownNode(node, gate);
  return [
    {
      method: 'GET',
      path: '/api/v1/deployment/node',
      errors: messageError,
      run: ({ parameters }) => {
        const query = readQuery(parameters, { filterFields: FIELDS, sortFields: [] });
        const nodes = context.settings.deployment.nodes.map((node) => ({ id: node.name, ...shown(node) }));
        const { page } = applyQuery(nodes, {
          ...query,
          page: 1,
          size: nodes.length,
          sort: { field: 'id', descending: false },
        });
        return enveloped(page.map(({ id: _id, ...node }) => node));
      },
    },
    {
      method: 'GET',
      path: '/api/v1/deployment/node/{hostname}',
      errors: messageError,
      run: ({ params }) => enveloped(shown(nodeNamed(context, params['hostname']))),
    },
    {
      method: 'POST',
      path: '/api/v1/deployment/sync-node/{hostname}',
      errors: messageError,
      run: ({ params, config: writer }) => {
        const { name } = nodeNamed(context, params['hostname']);
        if (name === context.settings.deployment.primaryPan.name) {
          throw new OpenApiError(400, 'Manual synchronization cannot be initiated on a primary PAN or standalone node');
        }
        const syncing = writer();
        const { id } = tasks.start('NODE_SYNC', name, async () => `Node status ${await syncing.sync(name)}`);
        return enveloped(
          { id, message: 'Manual synchronization initiated; ask the Task Service for its status.' },
          202,
        );
      },
    },
    {
      method: 'GET',
      path: '/api/v1/task',
      errors: messageError,
      run: () => ({ status: 200, body: tasks.all }),
    },
    {
      method: 'GET',
      path: '/api/v1/task/{taskId}',
      errors: messageError,
      run: ({ params }) => {
        const task = tasks.find(params['taskId'] ?? '');
        if (!task) throw new OpenApiError(404, 'There is no task of this id');
        return { status: 200, body: task };
      },
    },
  ];
}

/** Only the primary PAN knows how far the others are. */
function shownNode(node: NodeDefinition, { context, writer }: ApiGate) {
  return {
    hostname: node.name,
    fqdn: node.fqdn,
    ipAddress: node.ipAddress,
    roles: rolesOf(node, context.settings.deployment),
    services: servicesOf(node),
    ...(writer ? { nodeStatus: writer.statusOf(node.name) } : {}),
  };
}

/** @throws OpenApiError */
export function nodeNamed({ settings }: NodeContext, hostname = ''): NodeDefinition {
  const { deployment } = settings;
  if (deployment.has(hostname)) return deployment.node(hostname);
  throw new OpenApiError(404, `Node ${hostname.slice(0, 64)} is not part of the deployment`);
}
