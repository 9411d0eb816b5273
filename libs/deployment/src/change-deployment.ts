import { defineDeployment } from './define-deployment.ts';
import type { Deployment } from './deployment.ts';
import { hasPersona, type NodeDefinition } from './node-definition.ts';

/**
 * The deployment after this node became its primary PAN; the former one is the secondary.
 *
 * @throws UnknownNodeError, or DeploymentError for a node without the Administration persona
 */
export function withPrimaryPan(deployment: Deployment, name: string): Deployment {
  const chosen = deployment.node(name);
  return defineDeployment(
    deployment.nodes.map((node): NodeDefinition => {
      if (!hasPersona(node, 'Administration')) return node.name === name ? { ...node, adminRole: 'primary' } : node;
      return { ...node, adminRole: node.name === chosen.name ? 'primary' : 'secondary' };
    }),
  );
}

/**
 * The deployment after this node became its active MnT; the former one is the standby.
 *
 * @throws UnknownNodeError, or DeploymentError for a node without the Monitoring persona
 */
export function withActiveMnt(deployment: Deployment, name: string): Deployment {
  const chosen = deployment.node(name);
  return defineDeployment(
    deployment.nodes.map((node): NodeDefinition => {
      if (!hasPersona(node, 'Monitoring')) return node.name === name ? { ...node, monitoringRole: 'active' } : node;
      return { ...node, monitoringRole: node.name === chosen.name ? 'active' : 'standby' };
    }),
  );
}

/** The deployment with these services on a node. @throws UnknownNodeError */
export function withServices(deployment: Deployment, name: string, services: readonly string[]): Deployment {
  const chosen = deployment.node(name);
  return defineDeployment(deployment.nodes.map((node) => (node.name === chosen.name ? { ...node, services } : node)));
}

/**
 * The deployment without this node. Without its active MnT, the standby is the active one.
 *
 * @throws UnknownNodeError, or DeploymentError when what is left is no deployment
 */
export function withoutNode(deployment: Deployment, name: string): Deployment {
  const leaving = deployment.node(name);
  const { standbyMnt } = deployment;
  const promoteStandby = leaving.monitoringRole === 'active' && standbyMnt !== undefined;
  return defineDeployment(
    deployment.nodes.flatMap((node): NodeDefinition[] => {
      if (node.name === name) return [];
      return [promoteStandby && node.name === standbyMnt.name ? { ...node, monitoringRole: 'active' } : node];
    }),
  );
}

/**
 * The deployment with this node in it: a PAN as the secondary one, an MnT as the standby.
 *
 * @throws DeploymentError when there is no room for it
 */
export function withNode(deployment: Deployment, node: NodeDefinition): Deployment {
  const { adminRole: _admin, monitoringRole: _monitoring, ...plain } = node;
  const joining: NodeDefinition = {
    ...plain,
    ...(hasPersona(node, 'Administration') ? { adminRole: 'secondary' as const } : {}),
    ...(hasPersona(node, 'Monitoring') ? { monitoringRole: 'standby' as const } : {}),
  };
  return defineDeployment([...deployment.nodes, joining]);
}
