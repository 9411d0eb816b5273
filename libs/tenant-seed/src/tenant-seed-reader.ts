import { readWith, type Mistake, type YamlSource } from '#libs/scenario';
import { referenceMistakes } from './seed-references.ts';
import { tenantSeedSchema, type TenantSeed } from './tenant-seed.schema.ts';

export interface SeedReadOptions {
  /** The API permissions that there are. */
  readonly permissions: readonly string[];
}

/** Reads a seed: all of it, or all its mistakes in the order of the file. */
export function readTenantSeed(
  source: YamlSource,
  { permissions }: SeedReadOptions,
): { seed: TenantSeed } | { mistakes: readonly Mistake[] } {
  if (source.value === undefined) return { mistakes: source.mistakes };
  const { output, mistakes } = readWith(tenantSeedSchema, source.value, source);
  const found = [...source.mistakes, ...mistakes];
  // One mistake at a place is enough.
  const known = new Set(found.map(placeOf));
  found.push(...referenceMistakes(source, permissions).filter((mistake) => !known.has(placeOf(mistake))));
  if (output && found.length === 0) return { seed: output };
  return { mistakes: found.toSorted((one, other) => one.line - other.line || one.column - other.column) };
}

function placeOf({ line, column }: Mistake): string {
  return `${line}:${column}`;
}
