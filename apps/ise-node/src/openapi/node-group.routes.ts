import { z } from 'zod';
import type { NodeContext } from '../node-context.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { memberFault, nodeGroups, type NodeGroup } from '../pan/node-groups.ts';
import { nodeNamed } from './deployment.routes.ts';
import { checkedBody } from './openapi-body.ts';
import { enveloped, messageError, OpenApiError, succeeded, type OpenApiRoute } from './openapi-route.ts';

const PATH = '/api/v1/deployment/node-group';

const groupSchema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_ ]{1,100}$/, '1 to 100 letters, digits, underscores and blanks'),
  description: z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9\-_ ]{0,255}$/, 'a letter, then up to 255 letters, digits, hyphens, underscores, blanks')
    .optional(),
  marCache: z
    .strictObject({
      'replication-timeout': z.int().min(1).max(10).default(5),
      'replication-attempts': z.int().min(0).max(5).default(2),
      'query-timeout': z.int().min(1).max(10).default(2),
      'query-attempts': z.int().min(0).max(5).default(1),
    })
    .optional(),
});
const memberSchema = z.strictObject({ hostname: z.string().min(1).max(64) });

/** Node groups, as data (fact sheet ise 2.3, 7.4). */
export function nodeGroupRoutes(context: NodeContext): OpenApiRoute[] {
  const groupNamed = (name = ''): NodeGroup => {
    const found = nodeGroups(context).find((group) => group.name === name);
    if (found) return found;
    throw new OpenApiError(404, 'Node group not found');
  };
  /** One that has left the deployment since is none any more. */
  const membersOf = ({ members }: NodeGroup): string[] =>
    members.filter((member) => context.settings.deployment.has(member));
  return [
    { method: 'GET', path: PATH, errors: messageError, run: () => enveloped(nodeGroups(context).map(shown)) },
    {
      method: 'POST',
      path: PATH,
      errors: messageError,
      run: ({ body, config }) => {
        const { name, description = '', marCache } = checkedBody(body, groupSchema);
        if (nodeGroups(context).some((group) => group.name === name)) {
          throw new OpenApiError(409, 'Node group already exists');
        }
        config().write(CONFIG_KEYS.nodeGroup(name), { name, description, members: [], marCache });
        return succeeded(`Node group ${name} was created`, 201);
      },
    },
    {
      method: 'GET',
      path: `${PATH}/{nodeGroupName}`,
      errors: messageError,
      run: ({ params }) => enveloped(shown(groupNamed(params['nodeGroupName']))),
    },
    {
      method: 'PUT',
      path: `${PATH}/{nodeGroupName}`,
      errors: messageError,
      run: ({ params, body, config }) => {
        const { members } = groupNamed(params['nodeGroupName']);
        const { name, description = '', marCache } = checkedBody(body, groupSchema);
        if (name !== params['nodeGroupName']) throw new OpenApiError(403, 'name: that of the URI');
        config().write(CONFIG_KEYS.nodeGroup(name), { name, description, members, marCache });
        return succeeded(`Node group ${name} was updated`);
      },
    },
    {
      method: 'DELETE',
      path: `${PATH}/{nodeGroupName}`,
      errors: messageError,
      run: ({ params, parameters, config }) => {
        const group = groupNamed(params['nodeGroupName']);
        if (parameters.get('forceDelete')?.toLowerCase() !== 'true' && membersOf(group).length > 0) {
          throw new OpenApiError(403, 'Node group contains one or more nodes');
        }
        config().write(CONFIG_KEYS.nodeGroup(group.name), null);
        return succeeded(`Node group ${group.name} was deleted`);
      },
    },
    {
      method: 'GET',
      path: `${PATH}/{nodeGroupName}/node`,
      errors: messageError,
      run: ({ params }) => enveloped(membersOf(groupNamed(params['nodeGroupName'])).map((hostname) => ({ hostname }))),
    },
    {
      method: 'POST',
      path: `${PATH}/{nodeGroupName}/add-node`,
      errors: messageError,
      run: ({ params, body, config }) => {
        const group = groupNamed(params['nodeGroupName']);
        const { hostname } = checkedBody(body, memberSchema);
        const { name: node } = nodeNamed(context, hostname);
        if (nodeGroups(context).some(({ members }) => members.includes(node))) {
          throw new OpenApiError(409, 'The node is already part of a node group');
        }
        const fault = memberFault(context, group.name, node);
        if (fault !== undefined) throw new OpenApiError(400, fault);
        config().write(CONFIG_KEYS.nodeGroup(group.name), { ...group, members: [...membersOf(group), node] });
        return succeeded(`${node} was added to node group ${group.name}`, 201);
      },
    },
    {
      method: 'POST',
      path: `${PATH}/{nodeGroupName}/remove-node`,
      errors: messageError,
      run: ({ params, body, config }) => {
        const group = groupNamed(params['nodeGroupName']);
        const { hostname } = checkedBody(body, memberSchema);
        const members = membersOf(group);
        if (!members.includes(hostname)) throw new OpenApiError(404, 'Node not found in the node group');
        const remaining = members.filter((member) => member !== hostname);
        config().write(CONFIG_KEYS.nodeGroup(group.name), { ...group, members: remaining });
        return succeeded(`${hostname} was removed from node group ${group.name}`);
      },
    },
  ];
}

function shown({ name, description, marCache }: NodeGroup) {
  return { name, ...(description === '' ? {} : { description }), ...(marCache ? { marCache } : {}) };
}
