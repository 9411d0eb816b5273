import { Deployment, type DeploymentDocument } from './deployment.ts';
import { DeploymentError } from './deployment.error.ts';
import { hasPersona, type NodeDefinition } from './node-definition.ts';

/** The largest deployment has 50 Policy Service nodes (fact sheet ise 2.2). */
export const POLICY_SERVICE_NODES_MAX = 50;

/** RFC 1123, 2.1, in lower case: what ISE accepts as a host name. */
const HOST_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A deployment of these nodes.
 *
 * @throws DeploymentError naming every fault at once.
 */
export function defineDeployment(nodes: readonly NodeDefinition[]): Deployment {
  const faults = deploymentFaults(nodes);
  if (faults.length > 0) throw new DeploymentError(faults);
  return new Deployment(nodes);
}

/** The deployment that `toDocument()` gave, checked again. @throws DeploymentError naming every fault at once. */
export function deploymentFromDocument(document: DeploymentDocument): Deployment {
  return defineDeployment(document.nodes);
}

/** Everything that keeps these nodes from being a deployment; empty if nothing does. */
function deploymentFaults(nodes: readonly NodeDefinition[]): string[] {
  return [...nodes.flatMap(nodeFaults), ...nameFaults(nodes), ...roleFaults(nodes)];
}

function nodeFaults(node: NodeDefinition): string[] {
  const faults: string[] = [];
  if (!HOST_NAME.test(node.name)) faults.push(`"${node.name}" is not a lower-case host name`);
  if (!node.fqdn.startsWith(`${node.name}.`))
    faults.push(`the FQDN of ${node.name} does not begin with "${node.name}."`);
  if (node.personas.length === 0) faults.push(`${node.name} has no persona`);
  if (hasPersona(node, 'Administration') !== (node.adminRole !== undefined)) {
    faults.push(`${node.name}: persona Administration and an admin role (primary, secondary) go together`);
  }
  if (hasPersona(node, 'Monitoring') !== (node.monitoringRole !== undefined)) {
    faults.push(`${node.name}: persona Monitoring and a monitoring role (active, standby) go together`);
  }
  return faults;
}

function nameFaults(nodes: readonly NodeDefinition[]): string[] {
  return [
    ...repeated(nodes.map((node) => node.name)).map((name) => `${name} is there more than once`),
    ...repeated(nodes.map((node) => node.ipAddress)).map((address) => `more than one node has the address ${address}`),
  ];
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

function roleFaults(nodes: readonly NodeDefinition[]): string[] {
  const faults: string[] = [];
  const primaries = nodes.filter((node) => node.adminRole === 'primary');
  const secondaries = nodes.filter((node) => node.adminRole === 'secondary');
  const actives = nodes.filter((node) => node.monitoringRole === 'active');
  const standbys = nodes.filter((node) => node.monitoringRole === 'standby');
  const policyServices = nodes.filter((node) => hasPersona(node, 'Policy Service'));
  if (primaries.length !== 1) faults.push(`exactly one primary PAN is needed, there are ${count(primaries)}`);
  if (secondaries.length > 1) faults.push(`at most one secondary PAN is possible, there are ${count(secondaries)}`);
  if (actives.length !== 1) faults.push(`exactly one active MnT is needed, there are ${count(actives)}`);
  if (standbys.length > 1) faults.push(`at most one standby MnT is possible, there are ${count(standbys)}`);
  if (policyServices.length === 0) faults.push('at least one node with the persona Policy Service is needed');
  if (policyServices.length > POLICY_SERVICE_NODES_MAX) {
    faults.push(`at most ${POLICY_SERVICE_NODES_MAX} PSNs are possible, there are ${policyServices.length}`);
  }
  return faults;
}

function count(nodes: readonly NodeDefinition[]): string {
  return nodes.length === 0 ? 'none' : `${nodes.length} (${nodes.map((node) => node.name).join(', ')})`;
}
