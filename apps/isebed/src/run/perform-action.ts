import { CONFIG_KEYS } from '#apps/ise-node';
import type { Action, MailType } from '#libs/scenario';
import { Random } from '#libs/simulation';
import type { ScenarioWorld } from './scenario-world.ts';

const YEAR_MS = 365 * 86_400_000;

/** Carries out one action of a `do`, `break` or `mend` step: it changes the world, never an answer. */
export async function performAction(unresolved: Action, world: ScenarioWorld): Promise<void> {
  const action = world.resolve(unresolved);
  const { clock, journal, microsoft, network } = world.testbed;
  const { directory, organization, online, application, tenant, mailbox } = microsoft;
  const { clientId, servicePrincipalObjectId } = application;
  const { name: change, ...details } = unresolved;
  journal.record({ kind: 'world.changed', change, ...details });
  switch (action.name) {
    case 'entra.addSecret':
      microsoft.addSecret(action.as, action.endsOn ?? clock.now() + YEAR_MS);
      return;
    case 'entra.removeSecret':
      directory.removeSecret(tenant.tenantId, clientId, world.lookup(`secrets.${action.secret}.id`));
      return;
    case 'entra.grantConsent':
      directory.grantAdminConsent(tenant.tenantId, clientId);
      return;
    case 'entra.revokeConsent':
      directory.revokeAdminConsent(tenant.tenantId, clientId);
      return;
    case 'entra.changeTenantId': {
      const before = tenant.tenantId;
      const after = new Random(before).stream('moved').uuid();
      directory.changeTenantId(before, after);
      online.changeTenantId(before, after);
      return;
    }
    case 'exchange.newServicePrincipal':
      organization.newServicePrincipal({ appId: action.appId, objectId: action.objectId });
      return;
    case 'exchange.removeServicePrincipal':
      organization.removeServicePrincipal(action.appId);
      return;
    case 'exchange.replaceServicePrincipal':
      organization.removeServicePrincipal(action.appId);
      organization.newServicePrincipal({ appId: action.appId, objectId: action.objectId });
      return;
    case 'exchange.addMailboxPermission':
      organization.addMailboxPermission({
        mailbox: action.mailbox ?? mailbox,
        user: action.user ?? servicePrincipalObjectId,
        accessRights: ['FullAccess'],
      });
      return;
    case 'exchange.removeMailboxPermission':
      organization.removeMailboxPermission({
        mailbox: action.mailbox ?? mailbox,
        user: action.user ?? servicePrincipalObjectId,
      });
      return;
    case 'exchange.createMailbox': {
      const address = action.mailbox ?? mailbox;
      organization.createMailbox({ address, displayName: address });
      return;
    }
    case 'exchange.removeMailbox':
      organization.removeMailbox(action.mailbox ?? mailbox);
      return;
    case 'network.egress':
      network.egress = action.network;
      return;
    case 'network.cut':
      network.cut(action.node);
      return;
    case 'network.heal':
      network.heal(action.node);
      return;
    case 'mail.sendFrom':
      await sendFrom(action.node, action.type, world);
  }
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
