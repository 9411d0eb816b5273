import { ExchangeAdminError } from './exchange.error.ts';
import { ExchangeOrganization, type ExchangeOrganizationOptions } from './exchange-organization.ts';

/** A message that was accepted. */
export interface StoredMessage {
  /** With its angle brackets: the client's own, or the one that was given to it. */
  messageId: string;
  subject: string;
  /** Address in the From header. */
  from: string;
  /** Addresses in the To and Cc headers. */
  to: string[];
  cc: string[];
  envelope: { from: string; to: string[] };
  /** As it came over the wire, dot-stuffing undone. */
  raw: Buffer;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** Who submitted it, and in which session. */
  submittedBy: { mailbox: string; appId: string; sessionId: string };
}

/** The whole of Exchange Online: its organizations, and every message it has accepted. */
export class ExchangeOnline {
  private readonly byTenant: ExchangeOrganization[] = [];
  private readonly accepted: StoredMessage[] = [];

  createOrganization(options: ExchangeOrganizationOptions): ExchangeOrganization {
    const organization = new ExchangeOrganization(options);
    const taken = this.findByTenant(organization.tenantId) ?? this.findByAddress(`@${organization.domain}`);
    if (taken) {
      throw new ExchangeAdminError(
        'exchange.organization-exists',
        `${taken.domain} (${taken.tenantId}) exists already`,
        {
          remedy: 'Use a tenant and a domain that no other organization of the testbed has.',
        },
      );
    }
    this.byTenant.push(organization);
    return organization;
  }

  get organizations(): readonly ExchangeOrganization[] {
    return this.byTenant;
  }

  findByTenant(tenantId: string): ExchangeOrganization | undefined {
    return this.byTenant.find((organization) => organization.tenantId === tenantId.toLowerCase());
  }

  /** The organization whose accepted domain the address is in. */
  findByAddress(address: string): ExchangeOrganization | undefined {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    return this.byTenant.find((organization) => organization.domain === domain);
  }

  /** To be followed when a tenant moves to another tenant ID. */
  changeTenantId(oldTenantId: string, newTenantId: string): void {
    const organization = this.findByTenant(oldTenantId);
    if (organization) organization.tenantId = newTenantId.toLowerCase();
  }

  store(message: StoredMessage): void {
    this.accepted.push(message);
  }

  /** All that was accepted, oldest first. */
  get messages(): readonly StoredMessage[] {
    return this.accepted;
  }

  /** What an address received, whether a mailbox of ours or somewhere on the Internet. */
  deliveredTo(address: string): StoredMessage[] {
    const wanted = address.toLowerCase();
    return this.accepted.filter((message) => message.envelope.to.some((to) => to.toLowerCase() === wanted));
  }

  /** The Sent Items of a mailbox: what was submitted in its name. */
  sentItemsOf(mailbox: string): StoredMessage[] {
    return this.accepted.filter((message) => message.submittedBy.mailbox === mailbox.toLowerCase());
  }
}
