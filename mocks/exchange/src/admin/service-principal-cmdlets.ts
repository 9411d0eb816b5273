import type { ExchangeOrganization } from '../exchange-organization.ts';
import type { ServicePrincipal } from '../service-principal.ts';
import { objectNotFound, DIRECTORY_SERVER } from './cmdlet-failures.ts';
import type { Cmdlet, CmdletObject } from './cmdlet.ts';
import {
  OBJECT_CATEGORY,
  distinguishedName,
  findServicePrincipal,
  organizationId,
  organizationalUnit,
} from './identities.ts';
import { shownTime } from './shown-time.ts';

const COLUMNS = ['DisplayName', 'ObjectId', 'AppId'];
const IDENTITY = { name: 'Identity', type: 'string', position: 0 } as const;

/** Printed by Get-ServicePrincipal; our words for the warning that the real one gives. */
const SERVICE_ID_WARNING = 'The ServiceId property is deprecated. Use the ObjectId property instead.';

export const SERVICE_PRINCIPAL_CMDLETS: readonly Cmdlet[] = [
  {
    name: 'New-ServicePrincipal',
    columns: COLUMNS,
    parameters: [
      { name: 'AppId', type: 'string', isMandatory: true },
      { name: 'ObjectId', type: 'string', isMandatory: true, aliases: ['ServiceId'] },
      { name: 'DisplayName', type: 'string' },
      { name: 'Organization', type: 'string' },
    ],
    run: (given, { organization }) => {
      const displayName = given.optionalText('DisplayName') ?? '';
      const request = { appId: given.text('AppId'), objectId: given.text('ObjectId'), displayName };
      return { objects: [shown(organization, organization.newServicePrincipal(request))] };
    },
  },
  {
    name: 'Get-ServicePrincipal',
    columns: COLUMNS,
    parameters: [IDENTITY, { name: 'Organization', type: 'string' }],
    run: (given, { organization }) => {
      // An identity that nobody has gives all objects, as the documentation warns.
      const found = findServicePrincipal(organization, given.text('Identity'));
      const principals = found ? [found] : organization.getServicePrincipals();
      return { objects: principals.map((one) => shown(organization, one)), warnings: [SERVICE_ID_WARNING] };
    },
  },
  {
    name: 'Set-ServicePrincipal',
    parameters: [
      { ...IDENTITY, isMandatory: true },
      { name: 'DisplayName', type: 'string' },
    ],
    run: (given, { organization }) => {
      const principal = servicePrincipalOf(organization, given.text('Identity'));
      const displayName = given.optionalText('DisplayName') ?? principal.displayName;
      organization.setServicePrincipal(principal.objectId, { displayName });
      return { objects: [] };
    },
  },
  {
    name: 'Remove-ServicePrincipal',
    parameters: [{ ...IDENTITY, isMandatory: true }],
    run: (given, { organization }) => {
      organization.removeServicePrincipal(servicePrincipalOf(organization, given.text('Identity')).objectId);
      return { objects: [] };
    },
  },
];

export function servicePrincipalOf(organization: ExchangeOrganization, identity: string): ServicePrincipal {
  const principal = findServicePrincipal(organization, identity);
  if (!principal) throw objectNotFound(identity);
  return principal;
}

/** In the order of a real `Get-ServicePrincipal | fl` (fact sheet microsoft 5.5). */
function shown(organization: ExchangeOrganization, principal: ServicePrincipal): CmdletObject {
  const { appId, objectId, displayName, sid, guid, createdAt, changedAt } = principal;
  return {
    DisplayName: displayName,
    AppId: appId,
    ObjectId: objectId,
    Sid: sid,
    SidHistory: [],
    Identity: objectId,
    Id: objectId,
    IsValid: true,
    ExchangeVersion: '1.1 (15.0.0.0)',
    Name: objectId,
    DistinguishedName: distinguishedName(organization, objectId),
    ObjectCategory: OBJECT_CATEGORY,
    ObjectClass: ['top', 'person', 'organizationalPerson', 'user'],
    WhenChanged: shownTime(changedAt),
    WhenCreated: shownTime(createdAt),
    WhenChangedUTC: shownTime(changedAt),
    WhenCreatedUTC: shownTime(createdAt),
    ExchangeObjectId: guid,
    OrganizationalUnitRoot: organizationalUnit(organization),
    OrganizationId: organizationId(organization),
    Guid: guid,
    OriginatingServer: DIRECTORY_SERVER,
    ObjectState: 'Changed',
  };
}
