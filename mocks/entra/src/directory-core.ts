import type { Clock, Random } from '#libs/simulation';
import type { AppRegistration, EntraState, ServicePrincipal, Tenant } from './entra-state.ts';
import { EntraDirectoryError } from './entra.error.ts';

/** What was changed in the directory, for those that have to follow. The new state is in the directory. */
export interface DirectoryChange {
  what:
    | 'tenant'
    | 'domain'
    | 'user'
    | 'license'
    | 'application'
    | 'secret'
    | 'service-principal'
    | 'consent'
    | 'policy'
    | 'settings'
    /** Everything at once: `reset()`. */
    | 'state';
  action: 'created' | 'changed' | 'deleted';
  /** Absent for what concerns all tenants. */
  tenantId?: string;
  /** Of the object that was changed; of the user, where `what` is `license`. */
  id?: string;
}

/** What the parts of the directory share: the state, the clock, and the source of identifiers. */
export class DirectoryCore {
  private readonly listeners = new Set<(change: DirectoryChange) => void>();

  constructor(
    public state: EntraState,
    readonly clock: Pick<Clock, 'now'>,
    private readonly random: Random,
  ) {}

  /** Chance for one more object. It depends on the seed and the count alone, so a restored directory goes on alike. */
  draw(): Random {
    this.state.drawn += 1;
    return this.random.stream(`object ${this.state.drawn}`);
  }

  subscribe(listener: (change: DirectoryChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** `tenantId` may be a domain here; listeners are told the ID. */
  changed({ tenantId, ...change }: DirectoryChange): void {
    const tenant = tenantId === undefined ? undefined : this.findTenant(tenantId);
    const told = { ...change, ...(tenantId === undefined ? {} : { tenantId: tenant?.tenantId ?? tenantId }) };
    for (const listener of this.listeners) listener(told);
  }

  /** By tenant ID or verified domain, whatever the case. */
  findTenant(segment: string): Tenant | undefined {
    const wanted = segment.toLowerCase();
    return this.state.tenants.find(
      ({ tenantId, verifiedDomains }) => tenantId === wanted || verifiedDomains.includes(wanted),
    );
  }

  tenant(tenantId: string): Tenant {
    const tenant = this.findTenant(tenantId);
    if (tenant) return tenant;
    throw new EntraDirectoryError('entra.tenant-unknown', `there is no tenant ${tenantId}`, {
      remedy: 'Use the Tenant ID on the Overview page of Microsoft Entra ID.',
    });
  }

  /** An app registration by client ID or object ID. */
  application(tenantId: string, id: string): AppRegistration {
    const tenant = this.tenant(tenantId);
    const wanted = id.toLowerCase();
    const found = tenant.applications.find(({ clientId, objectId }) => clientId === wanted || objectId === wanted);
    if (found) return found;
    throw new EntraDirectoryError(
      'entra.application-unknown',
      `tenant ${tenant.tenantId} has no app registration ${id}`,
      { remedy: 'Use the Application (client) ID on the Overview page of the app registration.' },
    );
  }

  /** A service principal by object ID or application ID. */
  servicePrincipal(tenantId: string, id: string): ServicePrincipal {
    const tenant = this.tenant(tenantId);
    const wanted = id.toLowerCase();
    const found = tenant.servicePrincipals.find(({ appId, objectId }) => appId === wanted || objectId === wanted);
    if (found) return found;
    throw new EntraDirectoryError(
      'entra.service-principal-unknown',
      `tenant ${tenant.tenantId} has no service principal ${id}`,
      { remedy: 'Use the Object ID on the Properties page of the enterprise application.' },
    );
  }
}

/** Takes over copies of the changes; a property that is undefined is one that does not change. */
export function applyChanges(target: object, changes: object): void {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  Object.assign(target, structuredClone(Object.fromEntries(given)));
}
