import { readTenantText, type TenantSource } from '../testbed/tenant-source.ts';
import type { Documents } from './documents.ts';
import { UpError } from './up.error.ts';

/**
 * What the testbed of this data folder began with; for a new folder, what is wanted.
 *
 * @throws UpError when the folder began with something else than what is wanted
 */
export function keptTenant(documents: Documents, wanted: TenantSource | undefined): TenantSource | undefined {
  const text = documents.get('tenant');
  const kept = typeof text === 'string' ? readTenantText('the data folder', text) : undefined;
  const source = kept && 'source' in kept ? kept.source : undefined;
  const isNew = documents.get('microsoft') === undefined;
  if (wanted === undefined || isNew) return wanted ?? source;
  if (source && contentOf(source) === contentOf(wanted)) return source;
  throw new UpError(
    'up.other-tenant',
    'the data folder has begun with another tenant',
    'Leave --tenant out to go on with it, use another folder, or run isebed tenant apply while it is up.',
  );
}

/** Without blanks and comments. */
function contentOf(source: TenantSource): string {
  return JSON.stringify(source.kind === 'seed' ? source.seed : source.state);
}
