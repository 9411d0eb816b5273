import { CONFIG_KEYS } from '#apps/ise-node';
import { isAdminAction, isTenantAction, type Action, type MailType } from '#libs/scenario';
import type { Clock, JournalValue } from '#libs/simulation';
import { microsoftHost } from '../testbed/microsoft-hosts.ts';
import { LAB_PROXY } from '../testbed/testbed.ts';
import { performAdminAction } from './perform-admin-action.ts';
import { performTenantAction } from './perform-tenant-action.ts';
import type { ScenarioWorld } from './scenario-world.ts';

/** Carries out one action of a `do`, `break` or `mend` step: it changes the world, never an answer. */
export async function performAction(unresolved: Action, world: ScenarioWorld): Promise<void> {
  const action = world.resolve(unresolved);
  const { testbed } = world;
  const { clock, journal, microsoft, network } = testbed;
  const { name: change } = unresolved;
  journal.record({ kind: 'world.changed', change, ...publicDetails(unresolved) });
  if (isTenantAction(action)) return performTenantAction(action, world);
  if (isAdminAction(action)) return performAdminAction(action, world);
  switch (action.name) {
    case 'network.egress':
      network.egress = action.network;
      return;
    case 'network.setName':
    case 'network.clearName': {
      const names = action.node === undefined ? testbed.deployment.nodes.map(({ name }) => name) : [action.node];
      const address = action.name === 'network.setName' ? action.address : undefined;
      for (const node of names) network.viewOf(node).setName(action.host, address);
      return;
    }
    case 'network.block':
      network.block(action.port);
      return;
    case 'network.unblock':
      network.unblock(action.port);
      return;
    case 'network.stopService':
      network.stopServices(hostOf(action.peer));
      return;
    case 'network.startService':
      network.startServices(hostOf(action.peer));
      return;
    case 'network.inspect':
      await testbed.inspection.inspect(action.peer, action.how);
      return;
    case 'network.stopInspecting':
      await testbed.inspection.stop(action.peer);
      return;
    case 'proxy.policy':
      testbed.proxy.setPolicy({ credentials: action.credentials, allowedPorts: action.allowedPorts });
      return;
    case 'tls.serverChain':
      await microsoft.setChain(action.peer, action.variant);
      return;
    case 'node.clockSkew':
      testbed.rack.setClockSkew(action.node, action.byMs);
      return;
    case 'node.kill':
      return atInstant(action.at, clock, () => testbed.rack.kill(action.node));
    case 'node.stop':
      await testbed.rack.stop(action.node);
      return;
    case 'node.start':
      await testbed.rack.start(action.node);
      return;
    case 'fault.add': {
      const until = action.forMs === undefined ? action.trigger.until : clock.now() + action.forMs;
      const trigger = until === undefined ? action.trigger : { ...action.trigger, until };
      testbed.faults.add({ name: action.fault, fault: action.wire, trigger });
      return;
    }
    case 'fault.remove':
      testbed.faults.remove(action.fault);
      return;
    case 'network.cut':
      return atInstant(action.at, clock, () => network.cut(action.node));
    case 'network.heal':
      network.heal(action.node);
      return;
    case 'mail.sendFrom':
      await sendFrom(action.node, action.type, world);
  }
}

/** Now, or later while other steps go on. */
function atInstant(at: number | undefined, clock: Clock, deed: () => void): void {
  if (at === undefined || at <= clock.now()) deed();
  else clock.after(at - clock.now(), deed);
}

/** What the journal may say of an action: no password of the proxy, nothing that is sent to Microsoft. */
function publicDetails(action: Action): Record<string, JournalValue> {
  const { name: _name, ...details } = action;
  switch (action.name) {
    case 'proxy.policy':
      return asJournalled({ user: action.credentials?.user, allowedPorts: action.allowedPorts });
    case 'graph.request':
      return asJournalled({ method: action.method, path: action.path });
    case 'exchange.invoke':
      return asJournalled({ cmdlet: action.cmdlet });
    default:
      return asJournalled(details);
  }
}

function asJournalled(details: object): Record<string, JournalValue> {
  return JSON.parse(JSON.stringify(details)) as Record<string, JournalValue>;
}

function hostOf(peer: 'token-endpoint' | 'smtp' | 'proxy'): string {
  return peer === 'proxy' ? LAB_PROXY.host : microsoftHost(peer).name;
}

/** Makes a node send a mail whatever its duties are: the runner must notice. */
async function sendFrom(node: string, type: MailType, { testbed }: ScenarioWorld): Promise<void> {
  const { context } = testbed.node(node);
  const from = context.settings.guestEmail.defaultFrom;
  const admin = context.store.list<{ emailAddress?: string }>(CONFIG_KEYS.adminUser(''))[0];
  await context.mailer.sendQuietly({
    kind: 'composed',
    type,
    from,
    to: [admin?.emailAddress ?? from],
    cc: [],
    subject: `${type} from ${node}`,
    text: `Sent by ${node} on demand.\n`,
  });
}
