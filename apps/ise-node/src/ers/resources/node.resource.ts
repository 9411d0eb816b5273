import { z } from 'zod';
import { hasPersona, type Deployment, type NodeDefinition } from '#libs/deployment';
import { commonFields, flag, text } from '../ers-fields.ts';
import type { ErsObject, ErsResource } from '../ers-resource.ts';
import { stableId } from '../../http/stable-id.ts';

/** The gateway of the lab's node network; nodes have no route of their own to it. */
const GATEWAY = '10.20.1.1';

/** Nodes of the deployment: read only. */
export const NODE_RESOURCE: ErsResource = {
  name: 'node',
  wrapper: 'Node',
  namespace: 'ers',
  title: 'Node',
  versions: ['1.0', '1.1', '1.2', '1.3', '1.4'],
  schema: z.strictObject({
    ...commonFields,
    gateWay: text,
    userName: text,
    passWord: text,
    displayName: text,
    inDeployment: flag,
    otherPapFqdn: text,
    ipAddresses: z.array(z.string()).optional(),
    ipAddress: text,
    sxpIpAddress: text,
    nodeServiceTypes: text,
    fqdn: text,
    papNode: flag,
    primaryPapNode: flag,
    pxGridNode: flag,
  }),
  required: [],
  filterFields: ['name', 'description'],
  sortFields: ['name', 'description'],
  byName: true,
  callers: 'administrators',
  list: ({ context }) => context.settings.deployment.nodes.map((node) => shownNode(node, context.settings.deployment)),
};

/** Policy Service nodes with their RADIUS address: read only. */
export const SESSION_SERVICE_NODE_RESOURCE: ErsResource = {
  name: 'sessionservicenode',
  wrapper: 'SessionServiceNode',
  namespace: 'ers',
  title: 'Session Service Node',
  versions: ['1.0'],
  schema: z.strictObject({ ...commonFields, ipAddress: text, gateWay: text }),
  required: [],
  filterFields: ['name', 'description'],
  sortFields: ['name', 'description'],
  byName: true,
  callers: 'administrators',
  list: ({ context }) =>
    context.settings.deployment.policyServiceNodes.map(({ name, fqdn, ipAddress }) => ({
      id: stableId('sessionservicenode', name),
      name,
      description: fqdn,
      ipAddress,
      gateWay: GATEWAY,
    })),
};

function shownNode(node: NodeDefinition, deployment: Deployment): ErsObject {
  const isPan = hasPersona(node, 'Administration');
  const otherPan = isPan
    ? [deployment.primaryPan, deployment.secondaryPan].find((pan) => pan && pan.name !== node.name)
    : undefined;
  return {
    id: stableId('node', node.name),
    name: node.name,
    gateWay: GATEWAY,
    displayName: node.name,
    inDeployment: deployment.nodes.length > 1,
    otherPapFqdn: otherPan?.fqdn ?? '',
    ipAddresses: [node.ipAddress],
    ipAddress: node.ipAddress,
    sxpIpAddress: '',
    nodeServiceTypes: hasPersona(node, 'Policy Service') ? 'Session' : '',
    fqdn: node.fqdn,
    papNode: isPan,
    primaryPapNode: deployment.primaryPan.name === node.name,
    pxGridNode: false,
  };
}
