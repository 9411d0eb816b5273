import { z } from 'zod';
import type { Deployment } from './deployment.ts';
import { hasPersona } from './node-definition.ts';

/**
 * Administration > System > Deployment > PAN Failover. Bounds and defaults are those of the real API (fact sheet
 * ise 2.3).
 */
export const panFailoverSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** Nodes that watch the primary PAN, one per data centre; neither is a PAN. */
  primaryHealthCheckNode: z.string().optional(),
  secondaryHealthCheckNode: z.string().optional(),
  pollingIntervalSeconds: z.int().min(30).max(300).default(120),
  /** Polls in a row that fail before the secondary PAN is promoted. */
  failedAttempts: z.int().min(2).max(60).default(5),
});
export type PanFailoverSettings = z.infer<typeof panFailoverSchema>;

/** What keeps a deployment from these settings; empty if nothing does (fact sheet ise 2.3). */
export function panFailoverFaults(settings: PanFailoverSettings, deployment: Deployment): string[] {
  if (!settings.enabled) return [];
  const faults: string[] = [];
  if (deployment.nodes.length < 3) faults.push('automatic failover needs at least three nodes');
  if (!deployment.secondaryPan) faults.push('automatic failover needs a secondary PAN');
  if (settings.primaryHealthCheckNode === undefined) faults.push('a health check node is needed');
  for (const name of healthCheckNodes(settings)) {
    if (!deployment.has(name)) faults.push(`the deployment has no node named "${name}"`);
    else if (hasPersona(deployment.node(name), 'Administration')) {
      faults.push(`${name} is an administration node: a health check node is none`);
    }
  }
  return faults;
}

/** The nodes that watch the primary PAN. */
export function healthCheckNodes(settings: PanFailoverSettings): string[] {
  const { primaryHealthCheckNode: first, secondaryHealthCheckNode: second } = settings;
  return [...new Set([first, second].flatMap((name) => name ?? []))];
}
