export { withActiveMnt, withNode, withoutNode, withPrimaryPan, withServices } from './change-deployment.ts';
export { LAB_DOMAIN, sixNodeDeployment, standaloneDeployment } from './built-in-deployments.ts';
export { defineDeployment, deploymentFromDocument, POLICY_SERVICE_NODES_MAX } from './define-deployment.ts';
export { DeploymentError, UnknownNodeError } from './deployment.error.ts';
export { Deployment, type DeploymentDocument } from './deployment.ts';
export { healthCheckNodes, panFailoverFaults, panFailoverSchema, type PanFailoverSettings } from './pan-failover.ts';
export { hasExactly, hasPersona, type NodeDefinition, type NodeStatus, type Persona } from './node-definition.ts';
