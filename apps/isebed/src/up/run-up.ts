import { once } from 'node:events';
import { RealClock } from '#libs/simulation';
import { formatMistake } from '#libs/scenario';
import { readTenantFile, type TenantSource } from '../testbed/tenant-source.ts';
import { ADMIN } from '../testbed/testbed.ts';
import { checkPorts } from './claim-ports.ts';
import { startLiveApi } from './live-api.ts';
import { LiveTestbed } from './live-testbed.ts';
import { UpError } from './up.error.ts';
import type { UpSettings } from './up-settings.ts';
import { whereaboutsOf, whereaboutsTable } from './where.ts';

/** How long an orderly end may take; then the process ends all the same. */
const STOP_MS_MAX = 1_500;

/** Starts a live testbed, prints where it is, and keeps it up until `interrupted`. */
export async function runUp(
  settings: UpSettings,
  { print, interrupted }: { print: (text: string) => void; interrupted: AbortSignal },
): Promise<void> {
  const tenant = settings.tenant === undefined ? undefined : tenantOf(settings.tenant);
  await checkPorts(settings, settings.deployment === 'standalone' ? 1 : 6);
  const live = await LiveTestbed.start(settings, tenant);
  try {
    const api = await startLiveApi(live, settings.host, settings.apiPort);
    const where = whereaboutsOf(live, {
      apiPort: api.port,
      administrator: ADMIN.userName,
      showSecrets: settings.showSecrets,
    });
    print(settings.json ? `${JSON.stringify(where)}\n` : whereaboutsTable(where));
    if (!interrupted.aborted) await once(interrupted, 'abort');
    await api.close();
  } finally {
    await Promise.race([live.stop(), new RealClock().sleep(STOP_MS_MAX)]);
  }
}

/** @throws UpError with all mistakes of the file */
function tenantOf(file: string): TenantSource {
  const read = readTenantFile(file);
  if ('source' in read) return read.source;
  throw new UpError(
    'up.tenant-invalid',
    read.mistakes.map(formatMistake).join('\n'),
    'Correct the file; isebed validate tells whether it is right.',
  );
}
