import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { figure, type Figure } from './figure.ts';

const ROUNDS = 5;
const MEBIBYTE = 1_048_576;
const PROBE = fileURLToPath(new URL('deployment-probe.ts', import.meta.url));

interface Probe {
  nodes: number;
  startMs: number;
  rssBytes: number;
  heapBytes: number;
}

/** Start time and memory of deployments: each round in a new process, garbage collected before and after the start. */
export function measureDeployments(): Figure[] {
  return [
    ...figuresOf('six nodes, with simulated Microsoft and proxy, real time', 'six'),
    ...figuresOf('2 PAN, 2 MnT, 50 PSN, with simulated Microsoft and proxy, real time', 'large'),
  ];
}

function figuresOf(group: string, size: 'six' | 'large'): Figure[] {
  const probes = Array.from({ length: ROUNDS }, () => probe(size));
  return [
    figure(
      group,
      'start',
      'ms',
      probes.map(({ startMs }) => startMs),
    ),
    figure(
      group,
      'RSS, up minus before',
      'MB',
      probes.map(({ rssBytes }) => rssBytes / MEBIBYTE),
    ),
    figure(
      group,
      'RSS per node',
      'MB',
      probes.map(({ rssBytes, nodes }) => rssBytes / nodes / MEBIBYTE),
    ),
    figure(
      group,
      'heapUsed, up minus before',
      'MB',
      probes.map(({ heapBytes }) => heapBytes / MEBIBYTE),
    ),
    figure(
      group,
      'heapUsed per node',
      'MB',
      probes.map(({ heapBytes, nodes }) => heapBytes / nodes / MEBIBYTE),
    ),
  ];
}

function probe(size: 'six' | 'large'): Probe {
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', PROBE, size];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Probe;
}
