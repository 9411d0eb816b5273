import type { Clock, Random } from '#libs/simulation';
import { ApiPermissions } from './api-permissions.ts';
import { Applications, type ApplicationRequest, type CreatedSecret, type SecretRequest } from './applications.ts';
import { applyChanges, DirectoryCore, type DirectoryChange } from './directory-core.ts';
import {
  DEFAULT_POLICIES,
  DEFAULT_SETTINGS,
  entraStateSchema,
  type AppRegistration,
  type EntraSettings,
  type EntraState,
  type ServicePrincipal,
  type Tenant,
  type TenantPolicies,
} from './entra-state.ts';
import { EntraDirectoryError } from './entra.error.ts';
import { isGuid } from './guid.ts';
import { DEVELOPER_SEATS, DEVELOPER_SKU } from './licensing.ts';
import { RESOURCES } from './resources.ts';
import { ServicePrincipals } from './service-principals.ts';
import { TokenTraffic } from './token-traffic.ts';
import { Users } from './users.ts';

export interface EntraDirectoryOptions extends Partial<EntraSettings> {
  clock: Pick<Clock, 'now'>;
  /** Identifiers and secret values are drawn from it. */
  random: Random;
}

export interface TenantRequest {
  tenantId?: string;
  displayName: string;
  /** The first one is the default. */
  verifiedDomains: readonly string[];
}

/** What an administrator notes down after registering an application in the portal. */
export interface Application {
  clientId: string;
  displayName: string;
  /** Object ID of the app registration. */
  objectId: string;
  /**
   * Object ID of the enterprise application: `oid` and `sub` of its tokens. Taking one object ID for the other is the
   * commonest mistake in Exchange.
   */
  servicePrincipalObjectId: string;
}

/** Template ID of the Entra role Global Administrator. */
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';

const YEAR_MS = 365 * 86_400_000;

/**
 * What Entra knows: tenants, their users, app registrations, service principals, consent and policies. Tokens and
 * refusals follow from it. Operations on something that is not there throw `EntraDirectoryError`.
 *
 * Objects that were handed out before `reset()` are no longer part of the directory after it.
 */
export class EntraDirectory {
  readonly users: Users;
  readonly applications: Applications;
  readonly servicePrincipals: ServicePrincipals;
  /** The APIs that every tenant has, with their permissions. */
  readonly resources = RESOURCES;
  /** Requests to the token endpoint; counted there, judged by the policies. */
  readonly traffic = new TokenTraffic();
  private readonly core: DirectoryCore;
  private readonly apiPermissions: ApiPermissions;
  private seed: EntraState;

  constructor({ clock, random, ...settings }: EntraDirectoryOptions) {
    const state: EntraState = { drawn: 0, settings: structuredClone(DEFAULT_SETTINGS), tenants: [] };
    applyChanges(state.settings, settings);
    this.core = new DirectoryCore(state, clock, random);
    this.users = new Users(this.core);
    this.applications = new Applications(this.core);
    this.servicePrincipals = new ServicePrincipals(this.core);
    this.apiPermissions = new ApiPermissions(this.core, this.applications, this.servicePrincipals);
    this.seed = this.exportState();
  }

  /**
   * A directory in the state that another exported. It resets to `seed`, by default to that very state.
   *
   * @throws EntraDirectoryError when `state` is no such thing
   */
  static fromState(
    state: unknown,
    { seed, ...options }: { clock: Pick<Clock, 'now'>; random: Random; seed?: EntraState | undefined },
  ): EntraDirectory {
    const directory = new EntraDirectory(options);
    const parsed = entraStateSchema.safeParse(state);
    if (!parsed.success) {
      throw new EntraDirectoryError('entra.state-invalid', `this is no state of a directory: ${parsed.error.message}`, {
        remedy: 'Give the JSON that exportState() gave.',
      });
    }
    directory.core.state = parsed.data;
    directory.keepAsSeed();
    if (seed) directory.seed = structuredClone(seed);
    return directory;
  }

  /** A copy of everything, the keys always in the same order; of secrets it holds hashes alone. */
  exportState(): EntraState {
    return entraStateSchema.parse(structuredClone(this.core.state));
  }

  /** Makes the present state the one that `reset` goes back to. */
  keepAsSeed(): void {
    this.seed = this.exportState();
  }

  /**
   * Back to the seed, byte for byte: the state of `keepAsSeed` or `fromState`, without these an empty directory. The same operations then draw the same identifiers again.
   */
  reset(): void {
    this.core.state = structuredClone(this.seed);
    this.traffic.forget();
    this.core.changed({ what: 'state', action: 'changed' });
  }

  /** Calls `listener` after each change; returns the function that stops it. */
  onChange(listener: (change: DirectoryChange) => void): () => void {
    return this.core.subscribe(listener);
  }

  get settings(): Readonly<EntraSettings> {
    return this.core.state.settings;
  }

  changeSettings(changes: Partial<EntraSettings>): void {
    applyChanges(this.core.state.settings, changes);
    this.core.changed({ what: 'settings', action: 'changed' });
  }

  get tenants(): readonly Tenant[] {
    return this.core.state.tenants;
  }

  /** With the service principals of Microsoft's own resources, and a developer licence of 25 seats. */
  createTenant(request: TenantRequest): Tenant {
    const tenantId = this.freeTenantId(request.tenantId ?? this.core.draw().uuid());
    const names = request.verifiedDomains.map((domain) => domain.toLowerCase());
    for (const name of names) this.refuseTakenDomain(name);
    const tenant: Tenant = {
      tenantId,
      displayName: request.displayName,
      countryLetterCode: 'DE',
      regionScope: 'EU',
      createdAt: this.core.clock.now(),
      verifiedDomains: names,
      unverifiedDomains: [],
      users: [],
      subscribedSkus: [structuredClone({ ...DEVELOPER_SKU, seats: DEVELOPER_SEATS })],
      applications: [],
      servicePrincipals: [],
      appRoleAssignments: [],
      oauth2Grants: [],
      policies: structuredClone(DEFAULT_POLICIES),
    };
    this.core.state.tenants.push(tenant);
    this.core.changed({ what: 'tenant', action: 'created', tenantId });
    for (const { appId } of RESOURCES) this.servicePrincipals.create(tenantId, { appId });
    return tenant;
  }

  /** By tenant ID or verified domain, whatever the case: what the first segment of an endpoint's path may say. */
  findTenant(segment: string): Tenant | undefined {
    return this.core.findTenant(segment);
  }

  /**
   * Gives a tenant another ID, as after a move to a new tenant.
   * Simplified: the real move is a new tenant with new app registrations; here they keep their IDs.
   */
  changeTenantId(oldTenantId: string, newTenantId: string): Tenant {
    const tenant = this.core.tenant(oldTenantId);
    const before = tenant.tenantId;
    tenant.tenantId = this.freeTenantId(newTenantId);
    for (const { servicePrincipals } of this.core.state.tenants) {
      for (const principal of servicePrincipals) {
        if (principal.appOwnerTenantId === before) principal.appOwnerTenantId = tenant.tenantId;
      }
    }
    this.core.changed({ what: 'tenant', action: 'changed', tenantId: tenant.tenantId });
    return tenant;
  }

  /** Adds a domain that counts for nothing until it is verified. */
  addDomain(tenantId: string, name: string): void {
    const tenant = this.core.tenant(tenantId);
    this.refuseTakenDomain(name.toLowerCase());
    tenant.unverifiedDomains.push(name.toLowerCase());
    this.core.changed({ what: 'domain', action: 'created', tenantId: tenant.tenantId, id: name.toLowerCase() });
  }

  /** Simplified: without the TXT record that the real directory looks for. */
  verifyDomain(tenantId: string, name: string): void {
    const tenant = this.core.tenant(tenantId);
    const domain = name.toLowerCase();
    if (!tenant.unverifiedDomains.includes(domain)) {
      throw new EntraDirectoryError('entra.domain-unknown', `tenant ${tenantId} has no unverified domain ${name}`, {
        remedy: 'Add the domain first.',
      });
    }
    this.refuseTakenDomain(domain);
    tenant.unverifiedDomains = tenant.unverifiedDomains.filter((present) => present !== domain);
    tenant.verifiedDomains.push(domain);
    this.core.changed({ what: 'domain', action: 'changed', tenantId: tenant.tenantId, id: domain });
  }

  changePolicies(tenantId: string, changes: Partial<TenantPolicies>): void {
    const tenant = this.core.tenant(tenantId);
    applyChanges(tenant.policies, changes);
    this.core.changed({ what: 'policy', action: 'changed', tenantId: tenant.tenantId });
  }

  /** As in the portal: creates the service principal too, and adds the delegated permission User.Read. */
  registerApplication(
    tenantId: string,
    request: ApplicationRequest & { servicePrincipalObjectId?: string | undefined },
  ): Application {
    const { clientId, objectId, displayName } = this.applications.create(tenantId, request);
    const wanted = { appId: clientId, objectId: request.servicePrincipalObjectId };
    const servicePrincipalObjectId = this.servicePrincipals.create(tenantId, wanted).objectId;
    this.addPermission(tenantId, clientId, 'User.Read');
    return { clientId, displayName, objectId, servicePrincipalObjectId };
  }

  /**
   * An application with the role Global Administrator and a secret of a year, to set a tenant up over the admin APIs
   * with. The real one has a person for that, who signs in.
   */
  createAdministrator(
    tenantId: string,
    wanted: Partial<Application> & { secretId?: string; value?: string } = {},
  ): Application & CreatedSecret {
    const { secretId, value, ...ids } = wanted;
    const application = this.registerApplication(tenantId, { ...ids, displayName: 'Tenant set-up' });
    this.makeGlobalAdministrator(tenantId, application.clientId);
    this.addPermission(tenantId, application.clientId, 'Exchange.ManageAsApp');
    this.grantAdminConsent(tenantId, application.clientId);
    const startsAt = this.core.clock.now();
    const secret = { displayName: 'set-up', startsAt, endsAt: startsAt + YEAR_MS, secretId, value };
    return { ...application, ...this.applications.addSecret(tenantId, application.clientId, secret) };
  }

  /** The Entra role, for an application. */
  makeGlobalAdministrator(tenantId: string, clientId: string): void {
    this.servicePrincipals.update(tenantId, clientId, { directoryRoles: [GLOBAL_ADMINISTRATOR] });
  }

  /** The registration, here or in another tenant, and the service principal, of an application that asks for a token. */
  findClient(
    tenant: Tenant,
    clientId: string,
  ): { registration?: AppRegistration; servicePrincipal?: ServicePrincipal } {
    const wanted = clientId.toLowerCase();
    const servicePrincipal = tenant.servicePrincipals.find(({ appId }) => appId === wanted);
    const homes = servicePrincipal ? [tenant, ...this.tenants] : [tenant];
    const registration = homes.flatMap((home) => home.applications).find((present) => present.clientId === wanted);
    return { ...(registration && { registration }), ...(servicePrincipal && { servicePrincipal }) };
  }

  /** The only occasion on which the secret's value can be seen. */
  addSecret(tenantId: string, clientId: string, request: SecretRequest): CreatedSecret {
    return this.applications.addSecret(tenantId, clientId, request);
  }

  removeSecret(tenantId: string, clientId: string, secretId: string): void {
    this.applications.removeSecret(tenantId, clientId, secretId);
  }

  /** Adds a permission by its name, `SMTP.SendAsApp`, without consent. Adding it again changes nothing. */
  addPermission(tenantId: string, clientId: string, value: string): void {
    this.apiPermissions.add(tenantId, clientId, value);
  }

  /** Consents to every permission that has been added so far. Tokens issued before do not change. */
  grantAdminConsent(tenantId: string, clientId: string): void {
    this.apiPermissions.grantAll(tenantId, clientId);
  }

  revokeAdminConsent(tenantId: string, clientId: string): void {
    this.apiPermissions.revokeAll(tenantId, clientId);
  }

  /** "Enabled for users to sign-in?" of the enterprise application. */
  setApplicationEnabled(tenantId: string, clientId: string, enabled: boolean): void {
    this.core.application(tenantId, clientId);
    this.servicePrincipals.update(tenantId, clientId, { accountEnabled: enabled });
  }

  private refuseTakenDomain(name: string): void {
    if (!this.core.state.tenants.some(({ verifiedDomains }) => verifiedDomains.includes(name))) return;
    throw new EntraDirectoryError('entra.domain-taken', `another tenant has already verified the domain ${name}`, {
      remedy: 'Use a domain that no other tenant of the testbed has.',
    });
  }

  private freeTenantId(tenantId: string): string {
    const wanted = tenantId.toLowerCase();
    if (isGuid(wanted) && !this.core.state.tenants.some((tenant) => tenant.tenantId === wanted)) return wanted;
    throw new EntraDirectoryError('entra.tenant-id', `${tenantId} cannot become the ID of a tenant`, {
      remedy: 'Use a GUID that no other tenant of the testbed has.',
    });
  }
}
