import { once } from 'node:events';
import { RealClock } from '#libs/simulation';
import { ADMIN } from '../testbed/lab-admin.ts';
import { checkPorts } from './claim-ports.ts';
import { startLiveApi } from './live-api.ts';
import { LiveTestbed } from './live-testbed.ts';
import { sourceOf } from './tenant-files.ts';
import type { UpSettings } from './up-settings.ts';
import { whereaboutsOf, whereaboutsTable } from './where.ts';

/** How long an orderly end may take; then the process ends all the same. */
const STOP_MS_MAX = 1_500;

/** Starts a live testbed, prints where it is, and keeps it up until `interrupted`. */
export async function runUp(
  settings: UpSettings,
  { print, interrupted }: { print: (text: string) => void; interrupted: AbortSignal },
): Promise<void> {
  const tenant = settings.tenant === undefined ? undefined : sourceOf(settings.tenant);
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
