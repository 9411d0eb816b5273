import { InvariantError } from '#libs/diagnosis';
import { UnknownNodeError } from './deployment.error.ts';
import { hasPersona, type NodeDefinition } from './node-definition.ts';

/** The deployment as plain JSON, as it is replicated. */
export interface DeploymentDocument {
  readonly nodes: readonly NodeDefinition[];
}

/**
 * The nodes and who has which role. Immutable. Make one with `defineDeployment`, which checks it, or with
 * `deploymentFromDocument`; the constructor trusts its argument.
 */
export class Deployment {
  readonly nodes: readonly NodeDefinition[];

  constructor(nodes: readonly NodeDefinition[]) {
    this.nodes = structuredClone(nodes);
  }

  /** @throws UnknownNodeError naming the nodes there are. */
  node(name: string): NodeDefinition {
    const found = this.nodes.find((node) => node.name === name);
    if (!found) {
      throw new UnknownNodeError(
        name,
        this.nodes.map((node) => node.name),
      );
    }
    return found;
  }

  has(name: string): boolean {
    return this.nodes.some((node) => node.name === name);
  }

  get primaryPan(): NodeDefinition {
    return required(
      this.nodes.find((node) => node.adminRole === 'primary'),
      'primary PAN',
    );
  }

  get secondaryPan(): NodeDefinition | undefined {
    return this.nodes.find((node) => node.adminRole === 'secondary');
  }

  get activeMnt(): NodeDefinition {
    return required(
      this.nodes.find((node) => node.monitoringRole === 'active'),
      'active MnT',
    );
  }

  get standbyMnt(): NodeDefinition | undefined {
    return this.nodes.find((node) => node.monitoringRole === 'standby');
  }

  get policyServiceNodes(): readonly NodeDefinition[] {
    return this.nodes.filter((node) => hasPersona(node, 'Policy Service'));
  }

  /**
   * How many nodes must have a write before it counts as certain: the majority. Two of them have one only together;
   * there the primary PAN decides alone, as it must when the other one is down.
   */
  get majority(): number {
    return this.nodes.length <= 2 ? 1 : Math.floor(this.nodes.length / 2) + 1;
  }

  /**
   * The roles of a node as the deployment list shows them: `PRI(A)`, `SEC(A)`, `PRI(M)`, `SEC(M)`, several with a
   * comma between, `STANDALONE` for the only node, nothing for a pure PSN (fact sheet ise 2.2).
   */
  roleLabel(node: NodeDefinition): string {
    if (this.nodes.length === 1) return 'STANDALONE';
    const labels: string[] = [];
    if (node.adminRole) labels.push(node.adminRole === 'primary' ? 'PRI(A)' : 'SEC(A)');
    if (node.monitoringRole) labels.push(node.monitoringRole === 'active' ? 'PRI(M)' : 'SEC(M)');
    return labels.join(', ');
  }

  toDocument(): DeploymentDocument {
    return { nodes: structuredClone(this.nodes) };
  }
}

function required(node: NodeDefinition | undefined, role: string): NodeDefinition {
  if (!node) throw new InvariantError(`a deployment without ${role} was let through`);
  return node;
}
