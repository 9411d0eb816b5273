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

/** The resources that every tenant has. Identifiers: fact sheet microsoft 5.2. */
const RESOURCES: readonly Resource[] = [
  {
    appId: '00000002-0000-0ff1-ce00-000000000000',
    displayName: 'Office 365 Exchange Online',
    identifierUris: ['https://outlook.office.com', 'https://outlook.office365.com', 'https://ps.outlook.com'],
    permissions: [
      { id: '7146a1f0-8703-45b3-9eae-527a64c00995', value: 'SMTP.SendAsApp', type: 'Role' },
      { id: '5e5addcd-3e8d-4e90-baf5-964efab2b20a', value: 'IMAP.AccessAsApp', type: 'Role' },
      { id: 'cb842b43-da6e-4506-86fe-bb12199c656d', value: 'POP.AccessAsApp', type: 'Role' },
      { id: 'dc50a0fb-09a3-484d-be87-e023b12c6440', value: 'Exchange.ManageAsApp', type: 'Role' },
    ],
  },
  {
    appId: '00000003-0000-0000-c000-000000000000',
    displayName: 'Microsoft Graph',
    identifierUris: ['https://graph.microsoft.com'],
    permissions: [
      { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', value: 'User.Read', type: 'Scope' },
      { id: 'b633e1c5-b582-4048-a93e-9f11b44c7e96', value: 'Mail.Send', type: 'Role' },
    ],
  },
];

/** The resource of an identifier as it stands in a scope: URI, with or without a trailing slash, or appId. */
export function findResource(identifier: string): Resource | undefined {
  const wanted = identifier.toLowerCase().replace(/\/$/, '');
  return RESOURCES.find(({ appId, identifierUris }) => appId === wanted || identifierUris.includes(wanted));
}

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
