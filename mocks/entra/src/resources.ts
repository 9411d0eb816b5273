/** A permission that a resource offers: `Role` to applications, `Scope` to users (delegated). */
export interface OfferedPermission {
  id: string;
  value: string;
  type: 'Role' | 'Scope';
}

/** An API that tokens are issued for. */
export interface Resource {
  appId: string;
  displayName: string;
  /** What a scope may call it, besides its appId. */
  identifierUris: readonly string[];
  permissions: readonly OfferedPermission[];
}

/** Tenant that Microsoft's own applications are registered in. */
export const MICROSOFT_SERVICES_TENANT = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';

function role(value: string, id: string): OfferedPermission {
  return { id, value, type: 'Role' };
}

function scope(value: string, id: string): OfferedPermission {
  return { id, value, type: 'Scope' };
}

/**
 * The resources that every tenant has a service principal of. Identifiers: fact sheet microsoft 5.2; those of Graph's
 * administrative roles are Microsoft's published ones.
 */
export const RESOURCES: readonly Resource[] = [
  {
    appId: '00000002-0000-0ff1-ce00-000000000000',
    displayName: 'Office 365 Exchange Online',
    identifierUris: ['https://outlook.office.com', 'https://outlook.office365.com', 'https://ps.outlook.com'],
    permissions: [
      role('SMTP.SendAsApp', '7146a1f0-8703-45b3-9eae-527a64c00995'),
      role('IMAP.AccessAsApp', '5e5addcd-3e8d-4e90-baf5-964efab2b20a'),
      role('POP.AccessAsApp', 'cb842b43-da6e-4506-86fe-bb12199c656d'),
      role('full_access_as_app', 'dc890d15-9560-4a4c-9b7f-a736ec74ec40'),
      role('Exchange.ManageAsApp', 'dc50a0fb-09a3-484d-be87-e023b12c6440'),
      scope('SMTP.Send', '76faac2a-0f20-42f1-928a-50de5b9dbe52'),
    ],
  },
  {
    appId: '00000003-0000-0000-c000-000000000000',
    displayName: 'Microsoft Graph',
    identifierUris: ['https://graph.microsoft.com'],
    permissions: [
      scope('User.Read', 'e1fe6dd8-ba31-4d61-89e7-88639da4683d'),
      role('Mail.Send', 'b633e1c5-b582-4048-a93e-9f11b44c7e96'),
      role('Application.Read.All', '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30'),
      role('Application.ReadWrite.All', '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9'),
      role('AppRoleAssignment.ReadWrite.All', '06b708a9-e830-4db3-a914-8e69da51d44f'),
      role('DelegatedPermissionGrant.ReadWrite.All', '8e8e4742-1d95-4f68-9d56-6ee75648c72a'),
      role('Directory.Read.All', '7ab1d382-f21e-4acd-a863-ba3e13f7da61'),
      role('Directory.ReadWrite.All', '19dbc75e-c2e2-444c-a770-ec69d8559fc7'),
      role('Domain.Read.All', 'dbb9058a-0e50-45d7-ae91-66909b5d4664'),
      role('Domain.ReadWrite.All', '7e05723c-0bb0-42da-be95-ae9f08a6e53c'),
      role('Organization.Read.All', '498476ce-e0fe-48b0-b801-37ba7e2685c6'),
      role('User.Read.All', 'df021288-bdef-4463-88db-98f22de89214'),
      role('User.ReadWrite.All', '741f803b-c850-494e-b5df-cde7c675a1ca'),
    ],
  },
];

/** The resource of an identifier as it stands in a scope: URI, with or without a trailing slash, or appId. */
export function findResource(identifier: string): Resource | undefined {
  const wanted = identifier.toLowerCase().replace(/\/$/, '');
  return RESOURCES.find(({ appId, identifierUris }) => appId === wanted || identifierUris.includes(wanted));
}

/** The names of all permissions that can be asked for: `SMTP.SendAsApp` and the like. */
export const PERMISSION_NAMES: readonly string[] = RESOURCES.flatMap(({ permissions }) =>
  permissions.map(({ value }) => value),
);

/** The permission of this name and the resource that offers it. */
export function findOfferedPermission(
  value: string,
): { resource: Resource; permission: OfferedPermission } | undefined {
  for (const resource of RESOURCES) {
    const permission = resource.permissions.find((offered) => offered.value === value);
    if (permission) return { resource, permission };
  }
  return undefined;
}
