import type { NodeGiven, PersonaName } from './given.ts';

type Role = 'primary' | 'secondary' | 'active' | 'standby';

/** A node as the file has it. */
interface ListedNode {
  readonly name: string;
  readonly personas: readonly PersonaName[];
  readonly role?: Role | readonly Role[];
}

/** Where a list of nodes is no deployment: `path` begins with the index of the node, or is empty for the whole list. */
export interface RoleMistake {
  readonly path: (string | number)[];
  readonly expected: string;
}

const PAIRS = [
  { persona: 'Administration', first: 'primary', second: 'secondary' },
  { persona: 'Monitoring', first: 'active', second: 'standby' },
] as const;

/** What a list of nodes lacks to be a deployment. All at once. */
export function roleMistakes(nodes: readonly ListedNode[]): RoleMistake[] {
  const mistakes: RoleMistake[] = [];
  nodes.forEach(({ name, personas, role }, index) => {
    if (nodes.findIndex((other) => other.name === name) < index) {
      mistakes.push({ path: [index, 'name'], expected: 'a name that no other node has' });
    }
    for (const { persona, first, second } of PAIRS) {
      const named = rolesOf(role).filter((word) => word === first || word === second);
      if (named.length > 1) mistakes.push({ path: [index, 'role'], expected: `${first} or ${second}, not both` });
      if (named.length > 0 && !personas.includes(persona)) {
        mistakes.push({
          path: [index, 'role'],
          expected: `a node with the ${persona} persona for the role ${named[0]}`,
        });
      }
    }
  });
  if (!nodes.some(({ personas }) => personas.includes('Policy Service'))) {
    mistakes.push({ path: [], expected: 'a node with the Policy Service persona' });
  }
  for (const { persona, first, second } of PAIRS) {
    const holders = nodes.filter(({ personas }) => personas.includes(persona));
    if (holders.length === 0 || holders.length > 2) {
      mistakes.push({ path: [], expected: `one or two nodes with the ${persona} persona` });
      continue;
    }
    for (const word of [first, second]) {
      const named = holders.filter(({ role }) => rolesOf(role).includes(word)).length;
      if (named > 1) mistakes.push({ path: [], expected: `one ${word} node, not ${named}` });
    }
    if (holders.length === 1 && rolesOf(holders[0]?.role).includes(second)) {
      mistakes.push({ path: [], expected: `the ${first} node beside the ${second} one` });
    }
  }
  return mistakes;
}

/** Fills in the roles that the file leaves open: the first node without one gets the first role that is free. */
export function assignRoles(nodes: readonly ListedNode[]): NodeGiven[] {
  const taken = new Set(nodes.flatMap(({ role }) => rolesOf(role)));
  const assign = <Word extends Role>(node: ListedNode, first: Word, second: Word): Word => {
    const named = rolesOf(node.role);
    if (named.includes(first)) return first;
    if (named.includes(second) || taken.has(first)) return second;
    taken.add(first);
    return first;
  };
  return nodes.map((node) => ({
    name: node.name,
    personas: node.personas,
    ...(node.personas.includes('Administration') && { adminRole: assign(node, 'primary', 'secondary') }),
    ...(node.personas.includes('Monitoring') && { monitoringRole: assign(node, 'active', 'standby') }),
  }));
}

function rolesOf(role: ListedNode['role']): readonly Role[] {
  if (role === undefined) return [];
  return typeof role === 'string' ? [role] : role;
}
