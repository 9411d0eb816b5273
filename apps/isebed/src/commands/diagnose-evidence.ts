import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { TenantFacts } from '#libs/diagnosis';
import { TENANT_LOOKUP, TENANT_LOOKUPS_FILE } from '../run/tenant-lookup.ts';

const LOOKUPS = z.array(TENANT_LOOKUP);

/**
 * The Microsoft side as it was when the last failure of a run was explained; undefined where none of the paths is an
 * evidence folder, several are, or nothing was looked up. A file that somebody has edited to something else is no
 * evidence, and counts as absent.
 */
export function factsOfEvidence(paths: readonly string[]): TenantFacts | undefined {
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0 || !isFolder(path)) return undefined;
  const { data } = LOOKUPS.safeParse(contentsOf(join(path, TENANT_LOOKUPS_FILE)));
  return data?.at(-1)?.facts;
}

/** What can't be looked at is no folder; reading it as an input says why. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Undefined for a file that is not there, can't be read, or is no JSON. */
function contentsOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
