import { once } from 'node:events';
import { RealClock } from '#libs/simulation';
import { asPortError, checkPorts } from './claim-ports.ts';
import { startLiveApi } from './live-api.ts';
import { asFolderError } from './data-folder.ts';
import { diskFailure } from './disk-failure.ts';
import { LiveTestbed } from './live-testbed.ts';
import { sourceOf } from './tenant-files.ts';
import type { UpSettings } from './up-settings.ts';
import { whereaboutsOf, whereaboutsTable } from './where.ts';

/** How long an orderly end may take; then the process ends all the same. */
const STOP_MS_MAX = 1_500;

interface UpSurroundings {
  print: (text: string) => void;
  /** Takes a line of the program's own log. */
  log: (line: string) => void;
  interrupted: AbortSignal;
  /** Asks of each error that nobody caught whether the process lives on. */
  onUncaught: (survives: (error: unknown) => boolean) => void;
}

/**
 * Starts a live testbed, prints where it is, and keeps it up until `interrupted`.
 *
 * @throws UpError for ports or a data folder that it can't have, and for a file of tenants with mistakes
 */
export async function runUp(settings: UpSettings, surroundings: UpSurroundings): Promise<void> {
  await checkPorts(settings, settings.deployment === 'standalone' ? 1 : 6);
  try {
    await stayUp(settings, surroundings);
  } catch (error) {
    throw asPortError(error, settings);
  }
}

async function stayUp(settings: UpSettings, surroundings: UpSurroundings): Promise<void> {
  const { print, log, interrupted, onUncaught } = surroundings;
  const tenant = settings.tenant === undefined ? undefined : sourceOf(settings.tenant);
  const live = await LiveTestbed.start(settings, { log, tenant }).catch((error: unknown) => {
    throw asFolderError(error, settings.data);
  });
  // A node writes its database from its own timers too: a disk that fails there is no reason to end.
  onUncaught((error) => {
    const reason = diskFailure(error);
    if (reason !== undefined) live.storage.note('nodes', reason, () => live.kept.probe());
    return reason !== undefined;
  });
  try {
    const { host, apiPort, apiPassword } = settings;
    const api = await startLiveApi(live, { host, port: apiPort, password: apiPassword });
    const where = whereaboutsOf(live, {
      apiPort: api.port,
      administrator: live.administrator.userName,
      showSecrets: settings.showSecrets,
    });
    print(settings.json ? `${JSON.stringify(where)}\n` : whereaboutsTable(where));
    if (!interrupted.aborted) await once(interrupted, 'abort');
    await api.close();
  } finally {
    await Promise.race([live.stop(), new RealClock().sleep(STOP_MS_MAX)]);
  }
}
