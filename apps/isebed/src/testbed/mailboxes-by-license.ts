import type { EntraDirectory } from '#mocks/entra';
import type { ExchangeOnline } from '#mocks/exchange';

/**
 * A user whose licence holds an Exchange plan has a mailbox; one who loses it, or is deleted, has none that works.
 * Simplified: at once; the real provisioning takes minutes.
 */
export class MailboxesByLicense {
  private readonly addresses = new Map<string, string>();

  constructor(
    private readonly directory: EntraDirectory,
    private readonly online: ExchangeOnline,
  ) {
    this.learn();
    directory.onChange(({ what, action, tenantId, id }) => {
      if (what === 'state') this.learn();
      if (tenantId === undefined || id === undefined) return;
      if (what === 'license') this.follow(tenantId, id);
      if (what === 'user' && action === 'deleted') this.forget(tenantId, id);
    });
  }

  private learn(): void {
    this.addresses.clear();
    for (const { tenantId, users } of this.directory.tenants) {
      for (const { id, userPrincipalName } of users) {
        if (this.directory.users.hasMailboxPlan(tenantId, id)) this.addresses.set(id, userPrincipalName);
      }
    }
  }

  private follow(tenantId: string, userId: string): void {
    const organization = this.online.findByTenant(tenantId);
    const user = this.directory.users.find(tenantId, userId);
    if (!organization || !user) return;
    const { userPrincipalName: address, displayName } = user;
    const hasLicense = this.directory.users.hasMailboxPlan(tenantId, userId);
    if (organization.findMailbox(address)) organization.setMailbox(address, { hasLicense });
    else if (hasLicense) organization.createMailbox({ address, displayName });
    if (hasLicense) this.addresses.set(userId, address);
  }

  private forget(tenantId: string, userId: string): void {
    const organization = this.online.findByTenant(tenantId);
    const address = this.addresses.get(userId);
    if (address !== undefined && organization?.findMailbox(address)) organization.removeMailbox(address);
    this.addresses.delete(userId);
  }
}
