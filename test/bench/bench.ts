// Measures the build, and beside it what the machine can do at all:
//   npm run bench                    a table
//   npm run bench -- --json FILE     and the same as JSON
// Takes about a minute and a half on two cores, and opens nothing outside loopback.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { Figure } from './figure.ts';
import { measureDeployments } from './deployments.ts';
import { measureLimits } from './limits.ts';
import { measureMailChain } from './mail-chain.ts';
import { measurePrograms } from './programs.ts';
import { renderTable } from './table.ts';

const { values: options } = parseArgs({ options: { json: { type: 'string' } } });

const startedAt = performance.now();
const figures: Figure[] = [];
const tell = (measured: readonly Figure[]): void => {
  figures.push(...measured);
  console.log(renderTable(measured));
};
const limits = await measureLimits();
tell(limits.all);
tell(await measurePrograms(limits));
tell(await measureMailChain(limits));
tell(measureDeployments());
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() };
const tookMs = Math.round(performance.now() - startedAt);

if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify({ machine, tookMs, figures }, null, 2)}\n`);
console.log(`Node ${machine.node}, ${machine.cores} cores, ${machine.cpu}; took ${Math.round(tookMs / 1000)} s`);
