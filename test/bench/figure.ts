import { performance } from 'node:perf_hooks';

/** One measured quantity: the values of its rounds, and what to compare it with. */
export interface Figure {
  group: string;
  name: string;
  unit: 'ms' | '1/s' | 'MB' | 'KB';
  /** One per round, in the order they were measured. */
  values: number[];
  median: number;
  min: number;
  max: number;
  /** A target of the specification, for information: it never fails the bench. */
  target?: { max: number; met: boolean };
  /** This figure's median divided by another one's. */
  ratios?: { to: string; value: number }[];
}

export interface FigureOptions {
  targetMax?: number;
  ratiosTo?: readonly Figure[];
}

export function figure(
  group: string,
  name: string,
  unit: Figure['unit'],
  values: readonly number[],
  { targetMax, ratiosTo = [] }: FigureOptions = {},
): Figure {
  const median = medianOf(values);
  return {
    group,
    name,
    unit,
    values: [...values],
    median,
    min: Math.min(...values),
    max: Math.max(...values),
    ...(targetMax === undefined ? {} : { target: { max: targetMax, met: median <= targetMax } }),
    ...(ratiosTo.length === 0
      ? {}
      : { ratios: ratiosTo.map((other) => ({ to: other.name, value: median / other.median })) }),
  };
}

/** Runs `work` once unmeasured and `count` times measured; milliseconds of each round. */
export async function roundsMs(count: number, work: () => unknown): Promise<number[]> {
  await work();
  const values: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const startedAt = performance.now();
    await work();
    values.push(performance.now() - startedAt);
  }
  return values;
}

/** As `roundsMs`, as pieces of work per second when each round does `pieces` of them. */
export async function roundsPerSecond(count: number, pieces: number, work: () => unknown): Promise<number[]> {
  return (await roundsMs(count, work)).map((ms) => (pieces * 1000) / ms);
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError('a figure needs at least one round');
  return (lower + upper) / 2;
}
