import { TestbedError } from '#libs/diagnosis';
import type { TenantAction } from '#libs/scenario';
import { Random } from '#libs/simulation';
import type { SimulatedMicrosoft } from '../testbed/simulated-microsoft.ts';
import type { ScenarioWorld } from './scenario-world.ts';

const YEAR_MS = 365 * 86_400_000;

/** Client ID of Office 365 Exchange Online, the same in every tenant. */
const EXCHANGE_APP_ID = '00000002-0000-0ff1-ce00-000000000000';

/** Carries out an action in Entra or Exchange Online; its placeholders are resolved. */
export function performTenantAction(action: TenantAction, world: ScenarioWorld): void {
  const { clock, microsoft } = world.testbed;
  const { directory, organization, online, tenant, mailbox } = microsoft;
  const { tenantId } = tenant;
  switch (action.name) {
    case 'entra.addSecret':
      microsoft.addSecret(action.as, action.endsOn ?? clock.now() + YEAR_MS);
      return;
    case 'entra.removeSecret':
      directory.removeSecret(tenantId, microsoft.application.clientId, world.lookup(`secrets.${action.secret}.id`));
      return;
    case 'entra.grantConsent':
      directory.grantAdminConsent(tenantId, microsoft.application.clientId);
      return;
    case 'entra.revokeConsent':
      directory.revokeAdminConsent(tenantId, microsoft.application.clientId);
      return;
    case 'entra.changeTenantId':
      directory.changeTenantId(tenantId, otherTenantId(tenantId));
      online.changeTenantId(tenantId, otherTenantId(tenantId));
      return;
    case 'entra.application':
      return changeApplication(action, microsoft);
    case 'entra.resource':
      directory.servicePrincipals.update(tenantId, EXCHANGE_APP_ID, {
        ...(action.enabled === undefined ? {} : { accountEnabled: action.enabled }),
        ...(action.assignmentRequired === undefined ? {} : { appRoleAssignmentRequired: action.assignmentRequired }),
      });
      return;
    case 'entra.settings':
      directory.changeSettings(valuesOf(action));
      return;
    case 'entra.policies': {
      const { blockedByConditionalAccess: blocked, ...policies } = valuesOf(action);
      directory.changePolicies(tenantId, {
        ...policies,
        ...(blocked && { blockedByConditionalAccess: blocked.map((id) => id.toLowerCase()) }),
      });
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
        user: action.user ?? microsoft.application.servicePrincipalObjectId,
        accessRights: ['FullAccess'],
      });
      return;
    case 'exchange.removeMailboxPermission':
      organization.removeMailboxPermission({
        mailbox: action.mailbox ?? mailbox,
        user: action.user ?? microsoft.application.servicePrincipalObjectId,
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
    case 'exchange.run':
      for (const line of action.lines) runCmdlet(line, microsoft);
      return;
    case 'exchange.mailbox': {
      const { mailbox: address = mailbox, conditions, ...changes } = valuesOf(action);
      organization.setMailbox(address, { ...changes, ...(conditions && { conditions: [...conditions] }) });
      return;
    }
    case 'exchange.organization': {
      const { basicAuthentication, securityDefaults, sendingBlock, strictIds } = action;
      organization.basicAuthentication = basicAuthentication ?? organization.basicAuthentication;
      organization.securityDefaults = securityDefaults ?? organization.securityDefaults;
      organization.strictIds = strictIds ?? organization.strictIds;
      if (sendingBlock !== undefined) organization.sendingBlock = sendingBlock ?? undefined;
      return;
    }
    case 'exchange.changeTenantId':
      online.changeTenantId(organization.tenantId, otherTenantId(organization.tenantId));
      return;
    case 'exchange.conditions':
      Object.assign(online.conditions, valuesOf(action));
      return;
    case 'exchange.settings':
      microsoft.changeExchangeSettings(valuesOf(action));
      return;
    case 'exchange.usage':
      return useLimits(action, world);
  }
}

/** The same for the same tenant, so that Entra and Exchange can move one after the other. */
function otherTenantId(tenantId: string): string {
  return new Random(tenantId).stream('moved').uuid();
}

function changeApplication(
  { enabled, disabledByMicrosoft, hasServicePrincipal }: Extract<TenantAction, { name: 'entra.application' }>,
  { directory, application, tenant: { tenantId } }: SimulatedMicrosoft,
): void {
  const { clientId } = application;
  if (disabledByMicrosoft !== undefined) directory.applications.update(tenantId, clientId, { disabledByMicrosoft });
  if (hasServicePrincipal === false) directory.servicePrincipals.delete(tenantId, clientId);
  if (hasServicePrincipal === true) {
    const { objectId } = directory.servicePrincipals.create(tenantId, { appId: clientId });
    application.servicePrincipalObjectId = objectId;
  }
  if (enabled !== undefined) directory.setApplicationEnabled(tenantId, clientId, enabled);
}

function runCmdlet(line: string, microsoft: SimulatedMicrosoft): void {
  const result = microsoft.runCommandLine(line);
  if (result.kind === 'done') return;
  throw new TestbedError('scenario.cmdlet-failed', `${line}: ${result.text.trim()}`, {
    remedy: 'Correct the line; Get-… cmdlets show what there is',
  });
}

function useLimits(
  { mailbox, connections, messages = 0, recipients = 0 }: Extract<TenantAction, { name: 'exchange.usage' }>,
  { testbed: { clock, microsoft } }: ScenarioWorld,
): void {
  const { ledger } = microsoft.online;
  const address = (mailbox ?? microsoft.mailbox).toLowerCase();
  if (connections !== undefined) ledger.holdConnections(address, connections);
  for (let message = 0; message < messages; message += 1) ledger.beginMessage(address, clock.now());
  if (recipients > 0) ledger.addRecipients(address, recipients, clock.now());
}

/** What an action says besides its name; what is undefined is left out. */
function valuesOf<A extends TenantAction>({ name: _name, ...values }: A): Defined<Omit<A, 'name'>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<
    Omit<A, 'name'>
  >;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
