import { formatMistake } from '#libs/scenario';
import { Random, RealClock } from '#libs/simulation';
import { beginningOf } from '../testbed/tenant-beginning.ts';
import { compareStates, type ComparedState, type TenantComparison } from '../testbed/tenant-comparison.ts';
import { readTenantFile, type TenantSource } from '../testbed/tenant-source.ts';
import { UpError } from './up.error.ts';

/** As if two testbeds of the same chance began with them now. @throws UpError */
export function compareFiles(a: string, b: string): TenantComparison {
  const [now, random] = [new RealClock().now(), new Random('comparison')];
  const stateOf = (file: string): ComparedState => beginningOf(sourceOf(file), { now, random });
  return compareStates(stateOf(a), stateOf(b));
}

/** @throws UpError with all mistakes of the file */
export function sourceOf(file: string): TenantSource {
  const read = readTenantFile(file);
  if ('source' in read) return read.source;
  const remedy = 'Correct the file; docs/tenant.md has every key.';
  throw new UpError('up.tenant-invalid', read.mistakes.map(formatMistake).join('\n'), remedy);
}
