// Starts a deployment in a process of its own and tells, as one JSON object, how long that took and what it weighs.
import { memoryUsage } from 'node:process';
import { performance } from 'node:perf_hooks';
import {
  defineDeployment,
  LAB_DOMAIN,
  sixNodeDeployment,
  type Deployment,
  type NodeDefinition,
} from '#libs/deployment';
import { RealClock } from '#libs/simulation';
import { BuiltTestbed } from './built-testbed.ts';

/** 2 PAN, 2 MnT and 50 PSN: as large as a deployment gets. */
function largeDeployment(): Deployment {
  const personas: Omit<NodeDefinition, 'name' | 'fqdn' | 'ipAddress'>[] = [
    { personas: ['Administration'], adminRole: 'primary' },
    { personas: ['Administration'], adminRole: 'secondary' },
    { personas: ['Monitoring'], monitoringRole: 'active' },
    { personas: ['Monitoring'], monitoringRole: 'standby' },
    ...Array.from({ length: 50 }, () => ({ personas: ['Policy Service'] as const })),
  ];
  return defineDeployment(
    personas.map((node, index) => {
      const name = `ise${index + 1}`;
      return { ...node, name, fqdn: `${name}.${LAB_DOMAIN}`, ipAddress: `10.20.1.${index + 11}` };
    }),
  );
}

function weight(): { rss: number; heapUsed: number } {
  if (!globalThis.gc) throw new Error('start the probe with --expose-gc');
  globalThis.gc();
  const { rss, heapUsed } = memoryUsage();
  return { rss, heapUsed };
}

const deployment = process.argv[2] === 'large' ? largeDeployment() : sixNodeDeployment();
const before = weight();
const startedAt = performance.now();
const testbed = await BuiltTestbed.start({ clock: new RealClock(), seed: 1, deployment, takesTime: false });
const startMs = performance.now() - startedAt;
const after = weight();
const nodes = deployment.nodes.length;
process.stdout.write(
  JSON.stringify({ nodes, startMs, rssBytes: after.rss - before.rss, heapBytes: after.heapUsed - before.heapUsed }),
);
await testbed.stop();
