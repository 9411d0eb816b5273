import { hasPersona } from '#libs/deployment';
import type { NodeContext } from '../node-context.ts';
import { CONFIG_KEYS } from '../node-settings.ts';

/**
 * PSNs that watch one another. Data only: what the members do for one another concerns sessions, not mail (fact sheet
 * ise 2.3).
 */
export interface NodeGroup {
  readonly name: string;
  readonly description: string;
  readonly members: readonly string[];
  /** Settings of the cache for machine access restrictions, which is switched off without them. */
  readonly marCache?: Readonly<Record<string, number>>;
}

export function nodeGroups({ store }: NodeContext): NodeGroup[] {
  return store.list<NodeGroup>(CONFIG_KEYS.nodeGroup(''));
}

/** What keeps this node from the group of this name; undefined if nothing does. */
export function memberFault(context: NodeContext, group: string, member: string): string | undefined {
  const { deployment } = context.settings;
  if (!deployment.has(member)) return `the deployment has no node named "${member}"`;
  const other = nodeGroups(context).find(({ name, members }) => name !== group && members.includes(member));
  if (other) return `${member} is in the node group "${other.name}"`;
  return hasPersona(deployment.node(member), 'Policy Service') ? undefined : `${member} is no Policy Service node`;
}
