import { closeSync, openSync, readSync } from 'node:fs';
import { findScenarioFiles, type Mistake, type Scenario } from '#libs/scenario';
import { looksLikeTenants, tenantFileOf } from '../testbed/tenant-file.ts';

/** So much of a file tells what it is. */
const HEAD_BYTES = 65_536;

interface FoundFiles {
  scenarios: string[];
  /** Tenant seeds and exported states. */
  tenants: string[];
  mistakes: readonly Mistake[];
}

/** The files among the paths and below the folders among them, sorted by what they hold. */
export function findFiles(paths: readonly string[]): FoundFiles {
  const { files, mistakes } = findScenarioFiles(paths);
  const tenants = files.filter(isTenantFile);
  return { scenarios: files.filter((file) => !tenants.includes(file)), tenants, mistakes };
}

/** The mistakes in files of tenants. */
export async function tenantMistakes(files: readonly string[]): Promise<Mistake[]> {
  // Loaded here: where nobody names such a file, nobody waits for the services that know what is right in it.
  const { readTenantFile } = await import('../testbed/tenant-source.ts');
  return files.flatMap((file) => {
    const read = readTenantFile(file);
    return 'mistakes' in read ? read.mistakes : [];
  });
}

/** The files of tenants that a scenario names. */
export function tenantsOf({ file, given }: Scenario): string[] {
  return given.tenant.kind === 'file' ? [tenantFileOf(file, given.tenant.file)] : [];
}

function isTenantFile(file: string): boolean {
  try {
    const descriptor = openSync(file, 'r');
    const head = Buffer.alloc(HEAD_BYTES);
    const length = readSync(descriptor, head);
    closeSync(descriptor);
    return looksLikeTenants(head.toString('utf8', 0, length));
  } catch {
    // Whoever reads it will say why it cannot be read.
    return false;
  }
}
