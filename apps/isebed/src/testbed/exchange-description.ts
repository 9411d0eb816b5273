import type { AppRegistration, ServicePrincipal } from '#mocks/entra';
import type { OrganizationState } from '#mocks/exchange';
import { byName, values, type DescriptionOfMany } from './tenant-description.ts';

/** What Entra knows of the applications that Exchange was told of. */
interface KnownApplications {
  applications: readonly AppRegistration[];
  servicePrincipals: readonly ServicePrincipal[];
}

/** Exchange Online of one tenant, in an administrator's words. */
export function describeOrganization(organization: OrganizationState, known: KnownApplications): DescriptionOfMany {
  const { mailboxes, servicePrincipals, managementScopes, roleAssignments, acceptedDomains } = organization;
  const { tenantId: _tenantId, domain: _domain, otherRecipients, ...rest } = organization;
  const { smtpClientAuthenticationDisabled, allowLegacyTlsClients, maxRecipientEnvelopeLimit } = rest;
  const { basicAuthentication, securityDefaults, sendingBlock, strictIds } = rest;
  const nameOf = (identity: string): string => {
    const principal = servicePrincipals.find(({ objectId }) => objectId === identity);
    return principal ? applicationName(principal, known) : identity;
  };
  return {
    ...values({ smtpClientAuthenticationDisabled, allowLegacyTlsClients, maxRecipientEnvelopeLimit }),
    ...values({ basicAuthentication, securityDefaults, sendingBlock, strictIds }),
    acceptedDomains: byName(acceptedDomains.map(({ name, type }) => [name, type])),
    otherRecipients: byName(otherRecipients.map((address) => [address, 'recipient'])),
    servicePrincipals: byName(
      servicePrincipals.map((principal) => [
        applicationName(principal, known),
        { objectId: meaningOf(principal, known), displayName: principal.displayName },
      ]),
    ),
    mailboxes: byName(mailboxes.map((mailbox) => [mailbox.address, describeMailbox(mailbox, nameOf)])),
    managementScopes: byName(
      managementScopes.map(({ name, recipientRestrictionFilter }) => [name, recipientRestrictionFilter]),
    ),
    roleAssignments: byName(
      roleAssignments.map(({ name, role, app, customResourceScope }) => [
        name.replace(app, nameOf(app)),
        values({ role, app: nameOf(app), customResourceScope: customResourceScope ?? 'Organization' }),
      ]),
    ),
  };
}

function describeMailbox(
  mailbox: OrganizationState['mailboxes'][number],
  nameOf: (identity: string) => string,
): DescriptionOfMany {
  const { address: _address, guid: _guid, createdAt: _createdAt, permissions, sendAs, ...rest } = mailbox;
  return {
    ...values(rest),
    permissions: byName(
      permissions.map(({ trustee, accessRights, deny }) => [
        deny ? `${nameOf(trustee)} (deny)` : nameOf(trustee),
        accessRights.toSorted().join(', '),
      ]),
    ),
    sendAs: byName(sendAs.map(({ trustee }) => [nameOf(trustee), 'SendAs'])),
  };
}

function applicationName({ appId }: { appId: string }, { applications }: KnownApplications): string {
  return applications.find(({ clientId }) => clientId === appId)?.displayName ?? appId;
}

/** Which object ID it is that Exchange was told. */
function meaningOf(
  { appId, objectId }: { appId: string; objectId: string },
  { applications, servicePrincipals }: KnownApplications,
): string {
  if (servicePrincipals.some((principal) => principal.appId === appId && principal.objectId === objectId)) {
    return 'enterprise';
  }
  const isRegistration = applications.some(
    (application) => application.clientId === appId && application.objectId === objectId,
  );
  return isRegistration ? 'registration' : objectId;
}
