import { Random } from '#libs/simulation';
import { beginningOf } from '../testbed/tenant-beginning.ts';
import { compareStates, type TenantComparison } from '../testbed/tenant-comparison.ts';
import type { TenantSource } from '../testbed/tenant-source.ts';
import type { LiveTestbed } from './live-testbed.ts';

/** Entra and Exchange as they began, byte for byte; nodes, mails and time stay as they are. */
export function resetTenant(live: LiveTestbed): void {
  const { microsoft, journal } = live.world.testbed;
  microsoft.reset();
  journal.record({ kind: 'world.changed', change: 'tenant.reset' });
  live.rememberMicrosoft();
}

/** What has changed since the beginning; or what is otherwise than if the testbed had begun with these tenants. */
export function compareTenant(live: LiveTestbed, tenant: TenantSource | undefined): TenantComparison {
  const { microsoft } = live.world.testbed;
  const { seed } = live.identity;
  const [now, random] = [live.kept.time?.begunAt ?? live.clock.now(), new Random(seed).stream('microsoft')];
  const before = tenant
    ? beginningOf(tenant, { now, random })
    : { state: microsoft.exportSeed(), leftOpen: new Set<string>() };
  return compareStates(before, { state: microsoft.exportState(), leftOpen: new Set() });
}
