/** What a node does in the deployment; one node may have several (fact sheet ise 2.2). pxGrid sends no mail. */
export const PERSONAS = ['Administration', 'Policy Service', 'Monitoring'] as const;
export type Persona = (typeof PERSONAS)[number];

/**
 * The state of a node in the deployment list (fact sheet ise 2.2). `ReplicationStopped`: it is away, and what it missed
 * is too old to be caught up.
 *
 * Simplified: the real list also knows `RegistrationFailed`, `NotUpgraded` and `NotApplicable`.
 */
export const NODE_STATUSES = ['Connected', 'Disconnected', 'InProgress', 'NotInSync', 'ReplicationStopped'] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];

/** One server of the deployment. Plain JSON: it is replicated to every node. */
export interface NodeDefinition {
  /** Host name: one lower-case DNS label, unique in the deployment. */
  readonly name: string;
  /** `name` and the domain. */
  readonly fqdn: string;
  readonly ipAddress: string;
  readonly personas: readonly Persona[];
  /** What its Policy Service does, in the words of ISE's API; absent: Session and Profiler. Data only. */
  readonly services?: readonly string[];
  /** Only, and always, on a node with the Administration persona. */
  readonly adminRole?: 'primary' | 'secondary';
  /** Only, and always, on a node with the Monitoring persona. */
  readonly monitoringRole?: 'active' | 'standby';
}

export function hasPersona(node: NodeDefinition, persona: Persona): boolean {
  return node.personas.includes(persona);
}

/** Whether the node has these personas, and no others. */
export function hasExactly(node: NodeDefinition, personas: readonly Persona[]): boolean {
  return node.personas.length === personas.length && personas.every((persona) => hasPersona(node, persona));
}
