import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Journal, Random, RealClock } from '#libs/simulation';
import { EntraDirectory, EntraMock, type Application } from '#mocks/entra';
import { GraphMock } from '#mocks/graph';
import { LabPki, publishedLabKeys } from '#mocks/pki';
import type { NodeClientWorld } from './client-run.ts';

const YEAR_MS = 365 * 86_400_000;
const AT_ONCE = { min: 0, max: 0 };

/** Entra and Graph in real time, and a tenant whose `administrator` may do everything, while `stranger` has no role. */
export interface GraphWorld {
  directory: EntraDirectory;
  tenantId: string;
  administrator: Application & { value: string };
  stranger: Application & { value: string };
  client: NodeClientWorld;
  close: () => Promise<void>;
}

export async function startGraphWorld(folder: string): Promise<GraphWorld> {
  const clock = new RealClock();
  const random = new Random('graph world');
  const journal = new Journal(clock);
  const pki = await LabPki.issue({ validFrom: clock.now(), clock });
  const directory = new EntraDirectory({ clock, random: random.stream('directory') });
  const { tenantId } = directory.createTenant({ displayName: 'Lab', verifiedDomains: ['lab.example'] });
  const administrator = directory.createAdministrator(tenantId);
  const registered = directory.registerApplication(tenantId, { displayName: 'ISE mail' });
  const period = { displayName: 'first', startsAt: clock.now(), endsAt: clock.now() + YEAR_MS };
  const stranger = { ...registered, ...directory.addSecret(tenantId, registered.clientId, period) };

  const services = { directory, clock, journal, credentials: pki.serverCredentials('token-endpoint') };
  const entraMock = new EntraMock({
    ...services,
    random: random.stream('entra'),
    signingKey: publishedLabKeys()['token-signing'],
    processingMs: AT_ONCE,
  });
  const entra = await entraMock.start();
  const graph = await new GraphMock({
    ...services,
    random: random.stream('graph'),
    keysOf: async () => entraMock.publicKeys(),
    processingMs: AT_ONCE,
  }).start();

  const roots = join(folder, 'roots.pem');
  writeFileSync(roots, pki.authorities.map(({ certificatePem }) => certificatePem).join(''));
  return {
    directory,
    tenantId,
    administrator,
    stranger,
    client: { ports: { 'login.microsoftonline.com:443': entra.port, 'graph.microsoft.com:443': graph.port }, roots },
    close: async () => {
      await graph.close();
      await entra.close();
    },
  };
}
