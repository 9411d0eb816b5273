import type { ExchangeOrganization } from '../exchange-organization.ts';
import type { Mailbox } from '../mailbox.ts';
import type { ServicePrincipal } from '../service-principal.ts';
import { objectNotFound, trusteeNotFound } from './cmdlet-failures.ts';

/** By address, alias, GUID, display name or the part of the address before the @. */
export function findMailbox(organization: ExchangeOrganization, identity: string): Mailbox | undefined {
  const wanted = identity.toLowerCase();
  return organization
    .getMailboxes()
    .filter(({ isSoftDeleted }) => !isSoftDeleted)
    .find((mailbox) =>
      [
        mailbox.address,
        mailbox.guid,
        mailbox.displayName.toLowerCase(),
        mailbox.address.split('@')[0],
        ...mailbox.aliases,
      ].includes(wanted),
    );
}

export function mailboxOf(organization: ExchangeOrganization, identity: string): Mailbox {
  const mailbox = findMailbox(organization, identity);
  if (!mailbox) throw objectNotFound(identity);
  return mailbox;
}

/** By AppId, ObjectId (its name), SID, GUID, distinguished name or display name (fact sheet microsoft 5.5). */
export function findServicePrincipal(
  organization: ExchangeOrganization,
  identity: string,
): ServicePrincipal | undefined {
  const wanted = identity.toLowerCase();
  return (
    organization.findServicePrincipal(identity) ??
    organization
      .getServicePrincipals()
      .find(
        (principal) =>
          principal.displayName.toLowerCase() === wanted ||
          distinguishedName(organization, principal.objectId).toLowerCase() === wanted,
      )
  );
}

/** What rights are kept under: a service principal's object ID, or a mailbox's address. */
export function trusteeOf(organization: ExchangeOrganization, identity: string): string {
  const trustee =
    findServicePrincipal(organization, identity)?.objectId ?? findMailbox(organization, identity)?.address;
  if (trustee === undefined) throw trusteeNotFound(identity);
  return trustee;
}

/** How access lists show a trustee: a service principal by its SID. */
export function shownTrustee(organization: ExchangeOrganization, trustee: string): string {
  return organization.findServicePrincipal(trustee)?.sid ?? trustee;
}

const FOREST = 'DEUP281A009.PROD.OUTLOOK.COM';

/** The organization as distinguished names and identities call it. */
function organizationName({ domain }: ExchangeOrganization): string {
  return domain.endsWith('.onmicrosoft.com') ? domain : `${domain.split('.')[0]}.onmicrosoft.com`;
}

export function distinguishedName(organization: ExchangeOrganization, name: string): string {
  const forest = FOREST.split('.').map((part) => `DC=${part}`);
  return [
    `CN=${name}`,
    `OU=${organizationName(organization)}`,
    'OU=Microsoft Exchange Hosted Organizations',
    ...forest,
  ].join(',');
}

export function organizationId(organization: ExchangeOrganization): string {
  const name = organizationName(organization);
  return (
    `${FOREST}/Microsoft Exchange Hosted Organizations/${name} - ` +
    `${FOREST}/ConfigurationUnits/${name}/Configuration`
  );
}

export function organizationalUnit(organization: ExchangeOrganization): string {
  return `${FOREST}/Microsoft Exchange Hosted Organizations/${organizationName(organization)}`;
}

export const OBJECT_CATEGORY = `${FOREST}/Configuration/Schema/Person`;
