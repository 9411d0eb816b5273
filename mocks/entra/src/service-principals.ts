import { applyChanges, type DirectoryCore } from './directory-core.ts';
import type { AppRoleAssignment, Oauth2Grant, ServicePrincipal, Tenant } from './entra-state.ts';
import { EntraDirectoryError } from './entra.error.ts';
import { removeServicePrincipal } from './applications.ts';
import { MICROSOFT_SERVICES_TENANT, RESOURCES } from './resources.ts';

export type ServicePrincipalChanges = Partial<
  Pick<ServicePrincipal, 'accountEnabled' | 'appRoleAssignmentRequired' | 'displayName' | 'directoryRoles'>
>;

export type Oauth2GrantRequest = Omit<Oauth2Grant, 'id'>;

/** The enterprise applications of the tenants, and what was consented to for them. IDs may be object or app IDs. */
export class ServicePrincipals {
  constructor(private readonly core: DirectoryCore) {}

  /** For an application registered in any tenant that lets others use it, or for a Microsoft one. */
  create(tenantId: string, { appId, objectId }: { appId: string; objectId?: string | undefined }): ServicePrincipal {
    const tenant = this.core.tenant(tenantId);
    const wanted = appId.toLowerCase();
    if (tenant.servicePrincipals.some((present) => present.appId === wanted)) {
      throw new EntraDirectoryError(
        'entra.service-principal-exists',
        `The service principal cannot be created, updated, or restored because the service principal name ${wanted} is already in use.`,
        { remedy: 'Use the service principal that is there.' },
      );
    }
    const source = this.sourceOf(tenant, wanted);
    if (!source) {
      throw new EntraDirectoryError(
        'entra.application-not-instantiable',
        `The appId '${appId}' of the service principal does not reference a valid application object.`,
        { remedy: 'Use the Application (client) ID of an app registration of this tenant, or of a multitenant one.' },
      );
    }
    const drawn = this.core.draw().uuid();
    const servicePrincipal: ServicePrincipal = {
      objectId: objectId ?? drawn,
      appId: wanted,
      displayName: source.displayName,
      createdAt: this.core.clock.now(),
      accountEnabled: true,
      appRoleAssignmentRequired: false,
      appOwnerTenantId: source.tenantId,
      directoryRoles: [],
    };
    tenant.servicePrincipals.push(servicePrincipal);
    this.changed('service-principal', 'created', tenant, servicePrincipal.objectId);
    return servicePrincipal;
  }

  update(tenantId: string, id: string, changes: ServicePrincipalChanges): ServicePrincipal {
    const servicePrincipal = this.core.servicePrincipal(tenantId, id);
    applyChanges(servicePrincipal, changes);
    this.changed('service-principal', 'changed', this.core.tenant(tenantId), servicePrincipal.objectId);
    return servicePrincipal;
  }

  delete(tenantId: string, id: string): void {
    removeServicePrincipal(this.core, tenantId, this.core.servicePrincipal(tenantId, id).objectId);
  }

  /** Consents to one application permission. */
  assignAppRole(tenantId: string, request: Omit<AppRoleAssignment, 'id' | 'createdAt'>): AppRoleAssignment {
    const tenant = this.core.tenant(tenantId);
    const principal = this.core.servicePrincipal(tenantId, request.principalId);
    const resource = this.core.servicePrincipal(tenantId, request.resourceId);
    const offered = RESOURCES.find(({ appId }) => appId === resource.appId)?.permissions ?? [];
    if (!offered.some(({ id, type }) => id === request.appRoleId && type === 'Role')) {
      throw new EntraDirectoryError(
        'entra.app-role-unknown',
        'Permission being assigned was not found on application',
        {
          remedy: "Look the role up by its value among the resource's appRoles.",
        },
      );
    }
    const present = tenant.appRoleAssignments.some(
      ({ principalId, resourceId, appRoleId }) =>
        principalId === principal.objectId && resourceId === resource.objectId && appRoleId === request.appRoleId,
    );
    if (present) {
      throw new EntraDirectoryError('entra.consent-exists', 'Permission being assigned already exists on the object', {
        remedy: 'Nothing is to be done: the permission has been consented to.',
      });
    }
    const assignment: AppRoleAssignment = {
      id: this.core.draw().bytes(32).toString('base64url'),
      principalId: principal.objectId,
      resourceId: resource.objectId,
      appRoleId: request.appRoleId,
      createdAt: this.core.clock.now(),
    };
    tenant.appRoleAssignments.push(assignment);
    this.changed('consent', 'created', tenant, assignment.id);
    return assignment;
  }

  removeAppRoleAssignment(tenantId: string, id: string): void {
    const tenant = this.core.tenant(tenantId);
    if (!tenant.appRoleAssignments.some((present) => present.id === id)) throw consentUnknown(id);
    tenant.appRoleAssignments = tenant.appRoleAssignments.filter((present) => present.id !== id);
    this.changed('consent', 'deleted', tenant, id);
  }

  /** Consents to delegated permissions. */
  grantScopes(tenantId: string, request: Oauth2GrantRequest): Oauth2Grant {
    const tenant = this.core.tenant(tenantId);
    const clientId = this.core.servicePrincipal(tenantId, request.clientId).objectId;
    const resourceId = this.core.servicePrincipal(tenantId, request.resourceId).objectId;
    const present = tenant.oauth2Grants.some(
      (grant) =>
        grant.clientId === clientId && grant.resourceId === resourceId && grant.principalId === request.principalId,
    );
    if (present) {
      throw new EntraDirectoryError('entra.grant-exists', 'Permission entry already exists.', {
        remedy: 'Change the scope of the grant that is there.',
      });
    }
    const grant: Oauth2Grant = {
      ...request,
      clientId,
      resourceId,
      id: this.core.draw().bytes(32).toString('base64url'),
    };
    tenant.oauth2Grants.push(grant);
    this.changed('consent', 'created', tenant, grant.id);
    return grant;
  }

  updateGrant(tenantId: string, id: string, { scope }: { scope: string }): Oauth2Grant {
    const tenant = this.core.tenant(tenantId);
    const grant = tenant.oauth2Grants.find((present) => present.id === id);
    if (!grant) throw consentUnknown(id);
    grant.scope = scope;
    this.changed('consent', 'changed', tenant, id);
    return grant;
  }

  removeGrant(tenantId: string, id: string): void {
    const tenant = this.core.tenant(tenantId);
    if (!tenant.oauth2Grants.some((present) => present.id === id)) throw consentUnknown(id);
    tenant.oauth2Grants = tenant.oauth2Grants.filter((present) => present.id !== id);
    this.changed('consent', 'deleted', tenant, id);
  }

  private sourceOf(tenant: Tenant, appId: string): { displayName: string; tenantId: string } | undefined {
    const resource = RESOURCES.find((known) => known.appId === appId);
    if (resource) return { displayName: resource.displayName, tenantId: MICROSOFT_SERVICES_TENANT };
    for (const home of [tenant, ...this.core.state.tenants]) {
      const application = home.applications.find(({ clientId }) => clientId === appId);
      if (application && (home === tenant || application.signInAudience === 'AzureADMultipleOrgs')) {
        return { displayName: application.displayName, tenantId: home.tenantId };
      }
    }
    return undefined;
  }

  private changed(
    what: 'service-principal' | 'consent',
    action: 'created' | 'changed' | 'deleted',
    { tenantId }: Tenant,
    id: string,
  ): void {
    this.core.changed({ what, action, tenantId, id });
  }
}

function consentUnknown(id: string): EntraDirectoryError {
  return new EntraDirectoryError('entra.consent-unknown', `there is no consent ${id}`, {
    remedy: 'List the consents of the service principal and take the ID from there.',
  });
}
