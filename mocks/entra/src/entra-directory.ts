import type { Clock, Random } from '#libs/simulation';
import { hashOfSecret, type Application, type ClientSecret } from './application.ts';
import { EntraDirectoryError } from './entra.error.ts';
import { isGuid } from './guid.ts';
import { findOfferedPermission } from './resources.ts';

export interface Tenant {
  tenantId: string;
  displayName: string;
  /** Lower case. */
  verifiedDomains: readonly string[];
  applications: Application[];
}

export interface EntraDirectoryOptions {
  clock: Clock;
  /** Identifiers and secret values are drawn from it. */
  random: Random;
  /** For how long a fresh secret is refused as if it were wrong (fact sheet microsoft 1.5). Default 0. */
  secretReplicationLagMs?: number;
}

export interface SecretRequest {
  displayName: string;
  /** Epoch milliseconds. */
  startsAt: number;
  endsAt: number;
}

/** Letters that a secret value is made of, besides the `Q~` that tells Entra's secrets from others. */
const SECRET_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-';
const SECRET_LENGTH = 40;

/**
 * What Entra knows: tenants, their app registrations, secrets, permissions and consent. Tokens and refusals follow from
 * it. Operations on something that is not there throw `EntraDirectoryError`.
 */
export class EntraDirectory {
  readonly secretReplicationLagMs: number;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly tenantsById = new Map<string, Tenant>();

  constructor(options: EntraDirectoryOptions) {
    this.clock = options.clock;
    this.random = options.random;
    this.secretReplicationLagMs = options.secretReplicationLagMs ?? 0;
  }

  get tenants(): readonly Tenant[] {
    return [...this.tenantsById.values()];
  }

  createTenant(request: { tenantId?: string; displayName: string; verifiedDomains: readonly string[] }): Tenant {
    const tenantId = this.freeTenantId(request.tenantId ?? this.random.uuid());
    const verifiedDomains = request.verifiedDomains.map((domain) => domain.toLowerCase());
    const taken = verifiedDomains.find((domain) => this.findTenant(domain));
    if (taken !== undefined) {
      throw new EntraDirectoryError('entra.domain-taken', `another tenant has already verified the domain ${taken}`, {
        remedy: 'Use a domain that no other tenant of the testbed has.',
      });
    }
    const tenant: Tenant = { tenantId, displayName: request.displayName, verifiedDomains, applications: [] };
    this.tenantsById.set(tenantId, tenant);
    return tenant;
  }

  /** By tenant ID or verified domain, whatever the case: what the first segment of an endpoint's path may say. */
  findTenant(segment: string): Tenant | undefined {
    const wanted = segment.toLowerCase();
    return this.tenantsById.get(wanted) ?? this.tenants.find((tenant) => tenant.verifiedDomains.includes(wanted));
  }

  /**
   * Gives a tenant another ID, as after a move to a new tenant.
   * Simplified: the real move is a new tenant with new app registrations; here they keep their IDs.
   */
  changeTenantId(oldTenantId: string, newTenantId: string): Tenant {
    const tenant = this.tenant(oldTenantId);
    const tenantId = this.freeTenantId(newTenantId);
    this.tenantsById.delete(tenant.tenantId);
    tenant.tenantId = tenantId;
    this.tenantsById.set(tenantId, tenant);
    return tenant;
  }

  /** As in the portal: creates the service principal too, and adds the delegated permission User.Read. */
  registerApplication(tenantId: string, request: { displayName: string }): Application {
    const application: Application = {
      clientId: this.random.uuid(),
      displayName: request.displayName,
      objectId: this.random.uuid(),
      servicePrincipalObjectId: this.random.uuid(),
      enabled: true,
      secrets: [],
      permissions: [],
    };
    this.tenant(tenantId).applications.push(application);
    this.addPermission(tenantId, application.clientId, 'User.Read');
    return application;
  }

  findApplication(tenant: Tenant, clientId: string): Application | undefined {
    const wanted = clientId.toLowerCase();
    return tenant.applications.find((application) => application.clientId === wanted);
  }

  /** The only occasion on which the secret's value can be seen. */
  addSecret(tenantId: string, clientId: string, request: SecretRequest): { secretId: string; value: string } {
    const application = this.application(tenantId, clientId);
    if (request.endsAt <= request.startsAt) {
      throw new EntraDirectoryError(
        'entra.secret-period',
        `secret "${request.displayName}" would end before it starts`,
        {
          remedy: 'Choose an end date after the start date.',
        },
      );
    }
    const value = this.drawSecretValue();
    const secret: ClientSecret = {
      ...request,
      secretId: this.random.uuid(),
      valueSha256: hashOfSecret(value),
      addedAt: this.clock.now(),
    };
    application.secrets.push(secret);
    return { secretId: secret.secretId, value };
  }

  /** Simplified: takes effect at once; the real directory goes on accepting the secret for a short while. */
  removeSecret(tenantId: string, clientId: string, secretId: string): void {
    const application = this.application(tenantId, clientId);
    const index = application.secrets.findIndex((secret) => secret.secretId === secretId);
    if (index < 0) {
      throw new EntraDirectoryError('entra.secret-unknown', `application ${clientId} has no secret ${secretId}`, {
        remedy: 'Take the Secret ID from App registrations > Certificates & secrets.',
      });
    }
    application.secrets.splice(index, 1);
  }

  /** Adds a permission by its name, `SMTP.SendAsApp`, without consent. Adding it again changes nothing. */
  addPermission(tenantId: string, clientId: string, value: string): void {
    const offered = findOfferedPermission(value);
    if (!offered) {
      throw new EntraDirectoryError('entra.permission-unknown', `no resource offers a permission ${value}`, {
        remedy: 'Choose one from API permissions > Add a permission; for SMTP it is SMTP.SendAsApp.',
      });
    }
    const { permissions } = this.application(tenantId, clientId);
    if (permissions.some((present) => present.permission === offered.permission)) return;
    permissions.push({ ...offered, consented: false });
  }

  /** Consents to every permission that has been added so far. Tokens issued before do not change. */
  grantAdminConsent(tenantId: string, clientId: string): void {
    this.setConsent(tenantId, clientId, true);
  }

  revokeAdminConsent(tenantId: string, clientId: string): void {
    this.setConsent(tenantId, clientId, false);
  }

  setApplicationEnabled(tenantId: string, clientId: string, enabled: boolean): void {
    this.application(tenantId, clientId).enabled = enabled;
  }

  private setConsent(tenantId: string, clientId: string, consented: boolean): void {
    for (const permission of this.application(tenantId, clientId).permissions) permission.consented = consented;
  }

  private tenant(tenantId: string): Tenant {
    const tenant = this.findTenant(tenantId);
    if (tenant) return tenant;
    throw new EntraDirectoryError('entra.tenant-unknown', `there is no tenant ${tenantId}`, {
      remedy: 'Use the Tenant ID on the Overview page of Microsoft Entra ID.',
    });
  }

  private application(tenantId: string, clientId: string): Application {
    const tenant = this.tenant(tenantId);
    const application = this.findApplication(tenant, clientId);
    if (application) return application;
    throw new EntraDirectoryError(
      'entra.application-unknown',
      `tenant ${tenant.tenantId} has no app registration with client ID ${clientId}`,
      { remedy: 'Use the Application (client) ID on the Overview page of the app registration.' },
    );
  }

  private freeTenantId(tenantId: string): string {
    const wanted = tenantId.toLowerCase();
    if (isGuid(wanted) && !this.tenantsById.has(wanted)) return wanted;
    throw new EntraDirectoryError('entra.tenant-id', `${tenantId} cannot become the ID of a tenant`, {
      remedy: 'Use a GUID that no other tenant of the testbed has.',
    });
  }

  /** Form as issued since 2021: `Abc8Q~` and 34 further characters (fact sheet microsoft 5.1). */
  private drawSecretValue(): string {
    const letters = (count: number): string =>
      Array.from({ length: count }, () => SECRET_LETTERS[this.random.integer(0, SECRET_LETTERS.length - 1)]).join('');
    const start = Array.from({ length: 3 }, () => SECRET_LETTERS[this.random.integer(0, 61)]).join('');
    return `${start}8Q~${letters(SECRET_LENGTH - 6)}`;
  }
}
