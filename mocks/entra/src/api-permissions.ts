import type { Applications } from './applications.ts';
import type { DirectoryCore } from './directory-core.ts';
import { EntraDirectoryError } from './entra.error.ts';
import { findOfferedPermission, RESOURCES } from './resources.ts';
import type { ServicePrincipals } from './service-principals.ts';

/** The portal's page "API permissions": what an application wants, and the button that consents to all of it. */
export class ApiPermissions {
  constructor(
    private readonly core: DirectoryCore,
    private readonly applications: Applications,
    private readonly servicePrincipals: ServicePrincipals,
  ) {}

  add(tenantId: string, clientId: string, value: string): void {
    const offered = findOfferedPermission(value);
    if (!offered) {
      throw new EntraDirectoryError('entra.permission-unknown', `no resource offers a permission ${value}`, {
        remedy: 'Choose one from API permissions > Add a permission; for SMTP it is SMTP.SendAsApp.',
      });
    }
    const { requiredResourceAccess } = this.core.application(tenantId, clientId);
    const { id, type } = offered.permission;
    const resourceAppId = offered.resource.appId;
    const present = requiredResourceAccess.find((required) => required.resourceAppId === resourceAppId);
    if (present?.resourceAccess.some((access) => access.id === id)) return;
    const others = requiredResourceAccess.filter((required) => required !== present);
    const resourceAccess = [...(present?.resourceAccess ?? []), { id, type }];
    this.applications.update(tenantId, clientId, {
      requiredResourceAccess: [...others, { resourceAppId, resourceAccess }],
    });
  }

  grantAll(tenantId: string, clientId: string): void {
    this.revokeAll(tenantId, clientId);
    const principalId = this.core.servicePrincipal(tenantId, clientId).objectId;
    for (const { resourceAppId, resourceAccess } of this.core.application(tenantId, clientId).requiredResourceAccess) {
      const resourceId = this.core.servicePrincipal(tenantId, resourceAppId).objectId;
      for (const { id } of resourceAccess.filter(({ type }) => type === 'Role')) {
        this.servicePrincipals.assignAppRole(tenantId, { principalId, resourceId, appRoleId: id });
      }
      const wanted = resourceAccess.filter(({ type }) => type === 'Scope').map(({ id }) => id);
      const permissions = RESOURCES.find(({ appId }) => appId === resourceAppId)?.permissions ?? [];
      const scopes = permissions.filter(({ id }) => wanted.includes(id)).map(({ value }) => value);
      if (scopes.length === 0) continue;
      this.servicePrincipals.grantScopes(tenantId, {
        clientId: principalId,
        resourceId,
        consentType: 'AllPrincipals',
        principalId: null,
        scope: scopes.join(' '),
      });
    }
  }

  revokeAll(tenantId: string, clientId: string): void {
    const tenant = this.core.tenant(tenantId);
    const { objectId } = this.core.servicePrincipal(tenantId, clientId);
    for (const { id, principalId } of tenant.appRoleAssignments) {
      if (principalId === objectId) this.servicePrincipals.removeAppRoleAssignment(tenantId, id);
    }
    for (const grant of tenant.oauth2Grants) {
      if (grant.clientId === objectId) this.servicePrincipals.removeGrant(tenantId, grant.id);
    }
  }
}
