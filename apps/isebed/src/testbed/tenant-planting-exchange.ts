import type { SeededTenant, TenantSeed } from '#libs/tenant-seed';
import type { Application } from '#mocks/entra';
import type { ExchangeOnline, ExchangeOrganization } from '#mocks/exchange';
import type { MicrosoftState } from './microsoft-state.ts';

/** An application as a tenant has it, with the API permissions of its registration. */
export type PlantedApplication = Application & { permissions: readonly string[] };

/** Brings the Exchange Online of one tenant to what its seed says; the mailboxes of its users are there already. */
export function plantExchange(
  { exchange }: SeededTenant,
  organization: ExchangeOrganization,
  applications: readonly PlantedApplication[],
): void {
  for (const { address, displayName = address, aliases, hasLicense, ...details } of exchange.sharedMailboxes) {
    organization.createMailbox({ address, displayName, kind: 'shared', hasLicense });
    organization.setMailbox(address, {
      aliases: aliases.map((alias) => alias.toLowerCase()),
      ...defined(details),
    });
  }
  for (const address of exchange.otherRecipients) organization.addRecipient(address);
  organization.setTransportConfig(
    defined({
      smtpClientAuthenticationDisabled: exchange.smtpClientAuthenticationDisabled,
      allowLegacyTlsClients: exchange.allowLegacyTlsClients,
      maxRecipientEnvelopeLimit: exchange.maxRecipientEnvelopeLimit,
    }),
  );
  organization.basicAuthentication = exchange.basicAuthentication ?? organization.basicAuthentication;
  organization.securityDefaults = exchange.securityDefaults ?? organization.securityDefaults;
  organization.sendingBlock = exchange.sendingBlock;
  organization.strictIds = exchange.strictIds ?? organization.strictIds;
  registerServicePrincipals(exchange, organization, applications);
  giveRights(exchange, organization, applications);
}

type SeededExchange = SeededTenant['exchange'];

function registerServicePrincipals(
  exchange: SeededExchange,
  organization: ExchangeOrganization,
  applications: readonly PlantedApplication[],
): void {
  const senders = applications.filter(({ permissions }) => permissions.includes('SMTP.SendAsApp'));
  const healthy = senders.map(({ displayName }): NonNullable<SeededExchange['servicePrincipals']>[number] => ({
    application: displayName,
    objectId: 'enterprise',
  }));
  for (const { application: name, appId, objectId, displayName } of exchange.servicePrincipals ?? healthy) {
    const application = name === undefined ? undefined : named(applications, name);
    const known: Record<string, string | undefined> = {
      enterprise: application?.servicePrincipalObjectId,
      registration: application?.objectId,
    };
    organization.newServicePrincipal({
      appId: application?.clientId ?? appId ?? '',
      objectId: known[objectId] ?? objectId,
      displayName: displayName ?? application?.displayName ?? '',
    });
  }
}

function giveRights(
  exchange: SeededExchange,
  organization: ExchangeOrganization,
  applications: readonly PlantedApplication[],
): void {
  const identityOf = (text: string): string => named(applications, text)?.clientId ?? text;
  const healthy = organization.getMailboxes().flatMap(({ address }) =>
    organization.getServicePrincipals().map(({ objectId }) => ({
      mailbox: address,
      user: objectId,
      accessRights: ['FullAccess' as const],
      deny: false,
      since: undefined,
    })),
  );
  for (const { since, user, ...permission } of exchange.mailboxPermissions ?? healthy) {
    const identity = identityOf(user);
    organization.addMailboxPermission({ ...permission, user: identity });
    const trustee = organization.findServicePrincipal(identity)?.objectId ?? identity.toLowerCase();
    const entry = organization
      .findMailbox(permission.mailbox)
      ?.permissions.find((present) => present.trustee === trustee && present.deny === permission.deny);
    if (entry && since !== undefined) entry.since = since;
  }
  for (const { since, mailbox, trustee: text } of exchange.recipientPermissions) {
    const identity = identityOf(text);
    organization.addRecipientPermission({ mailbox, trustee: identity });
    const trustee = organization.findServicePrincipal(identity)?.objectId ?? identity.toLowerCase();
    const entry = organization.findMailbox(mailbox)?.sendAs.find((present) => present.trustee === trustee);
    if (entry && since !== undefined) entry.since = since;
  }
  for (const scope of exchange.managementScopes) organization.newManagementScope(scope);
  for (const { since, app, role, name, customResourceScope } of exchange.roleAssignments) {
    const assignment = organization.newRoleAssignment({
      role,
      app: identityOf(app),
      ...defined({ name, customResourceScope }),
    });
    if (since !== undefined) assignment.since = since;
  }
}

/** Troubles of the service, which are set, and its settings, which are given back. */
export function plantExchangeService(
  { conditions, rateDelayMax, permissionPropagation, ...limits }: TenantSeed['exchange'],
  online: ExchangeOnline,
): MicrosoftState['exchangeSettings'] {
  Object.assign(online.conditions, defined(conditions));
  return defined({
    ...limits,
    rateDelayMsMax: rateDelayMax,
    permissionPropagation: permissionPropagation && {
      denyMs: permissionPropagation.deny,
      flapMs: permissionPropagation.flap,
      flapEveryMs: permissionPropagation.flapEvery,
    },
  });
}

function named(applications: readonly PlantedApplication[], name: string): PlantedApplication | undefined {
  return applications.find(({ displayName }) => displayName.toLowerCase() === name.toLowerCase());
}

/** Without the keys whose value is undefined. */
export function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
