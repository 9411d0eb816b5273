import type { Clock, Random } from '#libs/simulation';
import { ExchangeAdminError } from './exchange.error.ts';
import { ExchangeOrganization } from './exchange-organization.ts';
import type { ExchangeOrganizationOptions } from './organization-options.ts';
import type { ExchangeState, ServiceConditions } from './exchange-state.ts';
import { SubmissionLedger } from './submission-ledger.ts';

/** A message that was accepted, or that Exchange itself wrote. */
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
  /** Recipients that it did not reach; the sender has a non-delivery report. */
  undelivered: string[];
  /** Who submitted it, and in which session; absent for what Exchange itself wrote. `appId` is empty after LOGIN. */
  submittedBy?: { mailbox: string; appId: string; sessionId: string };
}

/** Keeps messages elsewhere as well: all of them or none. False: it can't for now. */
export type MessageKeeper = (messages: readonly StoredMessage[]) => boolean;

export interface ExchangeOnlineOptions {
  /** Dates what is created in its organizations. */
  clock?: Pick<Clock, 'now'>;
}

const ALL_IS_WELL: ServiceConditions = {
  isUnavailable: false,
  isTlsRateExceeded: false,
  temporaryAuthenticationFailure: null,
  hasTooFewResources: false,
};

/** The whole of Exchange Online: its organizations, and every message it has accepted. */
export class ExchangeOnline {
  /** Troubles of the service: set them to have them. */
  conditions: ServiceConditions = { ...ALL_IS_WELL };
  /** What mailboxes have used of their limits. */
  readonly ledger = new SubmissionLedger();
  private byTenant: ExchangeOrganization[] = [];
  private accepted: StoredMessage[] = [];
  private seed: ExchangeState | undefined;
  private keep: MessageKeeper = () => true;

  constructor(private readonly options: ExchangeOnlineOptions = {}) {}

  /**
   * An Exchange Online in an exported state. `reset` gives back `seed`, by default that very state. `random` names mailbox servers:
   * the same as before for the same seed. Functions of an organization's options come from `optionsFor`.
   */
  static fromState(
    state: ExchangeState,
    options: ExchangeOnlineOptions & {
      random: Random;
      seed?: ExchangeState | undefined;
      optionsFor?: (tenantId: string) => Pick<ExchangeOrganizationOptions, 'isInDirectory' | 'verifyPassword'>;
    },
  ): ExchangeOnline {
    const online = new ExchangeOnline(options);
    for (const { tenantId, domain } of state.organizations) {
      const random = options.random.stream(`organization ${domain}`);
      online.createOrganization({ tenantId, domain, random, ...options.optionsFor?.(tenantId) });
    }
    online.restore(state);
    online.markSeed();
    if (options.seed) online.seed = structuredClone(options.seed);
    return online;
  }

  createOrganization(options: ExchangeOrganizationOptions): ExchangeOrganization {
    const organization = new ExchangeOrganization({ ...this.options, ...options });
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
    return this.byTenant.find((organization) => organization.acceptsDomainOf(`@${domain}`));
  }

  /** To be followed when a tenant moves to another tenant ID. */
  changeTenantId(oldTenantId: string, newTenantId: string): void {
    const organization = this.findByTenant(oldTenantId);
    if (organization) organization.tenantId = newTenantId.toLowerCase();
  }

  /** Stores all of the messages, or none: then whoever keeps them could not, and the result is false. */
  store(...messages: readonly StoredMessage[]): boolean {
    if (!this.keep(messages)) return false;
    this.accepted.push(...messages);
    return true;
  }

  /** From now on messages are stored only when `keeper` has kept them. */
  keepMessagesWith(keeper: MessageKeeper): void {
    this.keep = keeper;
  }

  /** Forgets messages: those that `which` picks, or all. */
  deleteMessages(which: (message: StoredMessage) => boolean = () => true): void {
    this.accepted = this.accepted.filter((message) => !which(message));
  }

  /** The state as JSON, keys in a fixed order; messages and what was used of limits are not in it. */
  exportState(): ExchangeState {
    return {
      conditions: { ...this.conditions },
      organizations: this.byTenant.map((organization) => organization.exportState()),
    };
  }

  /** Makes the present state the one that `reset` gives back. */
  markSeed(): void {
    this.seed = this.exportState();
  }

  /** Back to the seed, byte for byte: no messages, no used-up limits; to an empty service when no seed was marked. */
  reset(): void {
    this.restore(this.seed ?? { conditions: { ...ALL_IS_WELL }, organizations: [] });
    this.accepted = [];
    this.ledger.clear();
  }

  private restore(state: ExchangeState): void {
    this.conditions = { ...state.conditions };
    const wanted = new Map(state.organizations.map((organization) => [organization.domain, organization]));
    this.byTenant = this.byTenant.filter(({ domain }) => wanted.has(domain));
    for (const organization of this.byTenant) {
      const exported = wanted.get(organization.domain);
      if (exported) organization.restore(exported);
    }
  }

  /** All that was accepted, oldest first. */
  get messages(): readonly StoredMessage[] {
    return this.accepted;
  }

  /** What an address received, whether a mailbox of ours or somewhere on the Internet. */
  deliveredTo(address: string): StoredMessage[] {
    const wanted = address.toLowerCase();
    return this.accepted.filter(
      ({ envelope, undelivered }) =>
        envelope.to.some((to) => to.toLowerCase() === wanted) && !undelivered.some((to) => to.toLowerCase() === wanted),
    );
  }

  /** The Sent Items of a mailbox: what was submitted in its name. */
  sentItemsOf(mailbox: string): StoredMessage[] {
    return this.accepted.filter((message) => message.submittedBy?.mailbox === mailbox.toLowerCase());
  }
}
