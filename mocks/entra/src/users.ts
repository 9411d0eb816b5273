import { applyChanges, type DirectoryCore } from './directory-core.ts';
import type { User } from './entra-state.ts';
import { EntraDirectoryError } from './entra.error.ts';
import { consumedSeats, hasExchangeLicense } from './licensing.ts';

export type UserRequest = Pick<User, 'userPrincipalName' | 'displayName' | 'mailNickname'> &
  Partial<UserChanges> & { id?: string };

/** What of a user can be changed after its creation, besides its licences. */
export type UserChanges = Omit<User, 'id' | 'mail' | 'assignedLicenses' | 'createdAt'>;

export interface LicenseChanges {
  add?: readonly { skuId: string; disabledPlans?: readonly string[] }[];
  /** SKU IDs. */
  remove?: readonly string[];
}

/** The users of the tenants and their licences. */
export class Users {
  constructor(private readonly core: DirectoryCore) {}

  create(tenantId: string, request: UserRequest): User {
    const tenant = this.core.tenant(tenantId);
    this.refuseForeignName(tenantId, request.userPrincipalName);
    this.refuseTakenName(tenantId, request.userPrincipalName);
    const drawn = this.core.draw().uuid();
    const user: User = {
      givenName: null,
      surname: null,
      jobTitle: null,
      mobilePhone: null,
      officeLocation: null,
      preferredLanguage: null,
      businessPhones: [],
      usageLocation: null,
      accountEnabled: true,
      ...request,
      id: request.id ?? drawn,
      mail: null,
      assignedLicenses: [],
      createdAt: this.core.clock.now(),
    };
    tenant.users.push(user);
    this.core.changed({ what: 'user', action: 'created', tenantId: tenant.tenantId, id: user.id });
    return user;
  }

  /** By object ID or user principal name. */
  find(tenantId: string, idOrName: string): User | undefined {
    const wanted = idOrName.toLowerCase();
    return this.core
      .findTenant(tenantId)
      ?.users.find(({ id, userPrincipalName }) => id === wanted || userPrincipalName.toLowerCase() === wanted);
  }

  update(tenantId: string, idOrName: string, changes: Partial<UserChanges>): User {
    const user = this.user(tenantId, idOrName);
    const { userPrincipalName } = changes;
    if (userPrincipalName !== undefined && userPrincipalName.toLowerCase() !== user.userPrincipalName.toLowerCase()) {
      this.refuseForeignName(tenantId, userPrincipalName);
      this.refuseTakenName(tenantId, userPrincipalName);
    }
    applyChanges(user, changes);
    this.core.changed({ what: 'user', action: 'changed', tenantId: this.core.tenant(tenantId).tenantId, id: user.id });
    return user;
  }

  /** Simplified: gone at once; the real directory keeps a deleted user for 30 days. */
  delete(tenantId: string, idOrName: string): void {
    const { id } = this.user(tenantId, idOrName);
    const tenant = this.core.tenant(tenantId);
    tenant.users = tenant.users.filter((user) => user.id !== id);
    this.core.changed({ what: 'user', action: 'deleted', tenantId: tenant.tenantId, id });
  }

  /** All of it or nothing. */
  assignLicenses(tenantId: string, idOrName: string, { add = [], remove = [] }: LicenseChanges): User {
    const user = this.user(tenantId, idOrName);
    const tenant = this.core.tenant(tenantId);
    if (add.length > 0 && user.usageLocation === null) {
      throw new EntraDirectoryError(
        'entra.usage-location-missing',
        'License assignment cannot be done for user with invalid usage location.',
        { remedy: 'Set the usage location of the user first.' },
      );
    }
    const kept = user.assignedLicenses.filter(({ skuId }) => !remove.includes(skuId));
    for (const { skuId, disabledPlans = [] } of add) {
      const sku = tenant.subscribedSkus.find((subscribed) => subscribed.skuId === skuId);
      if (!sku) {
        throw new EntraDirectoryError(
          'entra.license-unknown',
          `License ${skuId} does not correspond to a valid company License.`,
          { remedy: 'Choose one of the subscribed SKUs of the tenant.' },
        );
      }
      const held = user.assignedLicenses.some((license) => license.skuId === skuId);
      if (!held && consumedSeats(tenant.users, skuId) >= sku.seats) {
        throw new EntraDirectoryError(
          'entra.no-seats-left',
          `Subscription with SKU ${skuId} does not have any available licenses.`,
          { remedy: 'Remove the licence from another user, or buy seats.' },
        );
      }
      const license = { skuId, disabledPlans: [...disabledPlans] };
      const index = kept.findIndex((present) => present.skuId === skuId);
      if (index < 0) kept.push(license);
      else kept[index] = license;
    }
    user.assignedLicenses = kept;
    // Simplified: the mailbox and its address are there at once; Exchange takes minutes.
    if (user.mail === null && hasExchangeLicense(user, tenant.subscribedSkus)) user.mail = user.userPrincipalName;
    this.core.changed({ what: 'license', action: 'changed', tenantId: tenant.tenantId, id: user.id });
    return user;
  }

  /** Whether Exchange Online owes the user a mailbox: it has a licence with that plan. */
  hasMailboxPlan(tenantId: string, idOrName: string): boolean {
    const user = this.find(tenantId, idOrName);
    return user !== undefined && hasExchangeLicense(user, this.core.tenant(tenantId).subscribedSkus);
  }

  private user(tenantId: string, idOrName: string): User {
    const user = this.find(tenantId, idOrName);
    if (user) return user;
    throw new EntraDirectoryError('entra.user-unknown', `tenant ${tenantId} has no user ${idOrName}`, {
      remedy: 'Use the object ID or the user principal name of a user of the tenant.',
    });
  }

  private refuseForeignName(tenantId: string, userPrincipalName: string): void {
    const domain = userPrincipalName.slice(userPrincipalName.lastIndexOf('@') + 1).toLowerCase();
    if (userPrincipalName.includes('@') && this.core.tenant(tenantId).verifiedDomains.includes(domain)) return;
    throw new EntraDirectoryError(
      'entra.domain-not-verified',
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
      { remedy: 'Use a domain that the tenant has verified.' },
    );
  }

  private refuseTakenName(tenantId: string, userPrincipalName: string): void {
    if (!this.find(tenantId, userPrincipalName)) return;
    throw new EntraDirectoryError(
      'entra.user-exists',
      'Another object with the same value for property userPrincipalName already exists.',
      { remedy: 'Choose another user principal name.' },
    );
  }
}
