import { Injectable } from '@nestjs/common';
import {
  auditCodeOf,
  createGuestAccounts,
  followApprovalLink,
  GUEST_AUDIT_CODES,
  performGuestOperation,
  purgeable,
  registerGuest,
  shownState,
  type GuestAccount,
  type GuestAccountRequest,
  type GuestBatchCreation,
  type GuestCreation,
  type GuestCreationContext,
  type GuestOperationOutcome,
  type GuestRefusal,
  type Registration,
  type RegistrationOutcome,
} from '#libs/guests';
import type { Random } from '#libs/simulation';
import type { GuestOperationQuestion } from '../cluster/cluster-messages.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

/**
 * Guest accounts are configuration: they are written on the primary PAN (fact sheet ise 2.3). Who may do what is
 * decided before, by the portal or API that asks.
 */
@Injectable()
export class GuestAccountsService {
  private readonly random: Random;

  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {
    this.random = context.random.stream('guests');
  }

  create(request: GuestAccountRequest): GuestCreation {
    const batch = this.createMany([request]);
    if (batch.kind === 'refused') return batch;
    const [account] = batch.accounts;
    return account ? { kind: 'created', account } : { kind: 'refused', refusals: [] };
  }

  /** All of them, or none. */
  createMany(requests: readonly GuestAccountRequest[]): GuestBatchCreation {
    const batch = createGuestAccounts(requests, this.creationContext());
    if (batch.kind === 'refused') return batch;
    for (const account of batch.accounts) this.storeNew(account);
    return batch;
  }

  /** A guest's own account, of the portal of this name (default: the built-in one). */
  register(registration: Registration, portalName?: string): RegistrationOutcome {
    const portal = this.context.settings.guestAccess.selfRegistrationPortal(portalName);
    if (!portal) return refused('guests.portal-unknown', `There is no portal "${portalName ?? ''}".`);
    const outcome = registerGuest(registration, portal, this.creationContext());
    if (outcome.kind === 'refused') return outcome;
    const account = { ...outcome.account, portalId: portal.name };
    this.storeNew(account);
    return { ...outcome, account };
  }

  /** An operation of the life cycle on the account of this user name. */
  perform({ username, command, by, requireSuspensionReason }: GuestOperationQuestion): GuestOperationOutcome {
    const { settings } = this.context;
    const account = settings.guest(username);
    if (!account) return refused('guests.unknown', `There is no guest account ${username}.`);
    const outcome = performGuestOperation(account, command, {
      ...this.creationContext(),
      ...(requireSuspensionReason === undefined ? {} : { requireSuspensionReason }),
    });
    if (outcome.kind === 'refused') {
      this.note('guest.operation-refused', account, {
        operation: command.operation,
        by,
        code: outcome.refusals[0]?.code,
        ...(command.operation === 'changePassword' ? { auditCode: GUEST_AUDIT_CODES.invalidPasswordChange } : {}),
      });
      return outcome;
    }
    const { now } = this.creationContext();
    const to = outcome.kind === 'deleted' ? 'deleted' : shownState(outcome.account, now);
    const auditCode = auditCodeOf(command.operation);
    const changes = outcome.kind === 'deleted' || !isSame(account, outcome.account);
    this.note('guest.operation', account, { operation: command.operation, by, to, auditCode });
    if (changes) this.config.write(CONFIG_KEYS.guest(username), outcome.kind === 'deleted' ? null : outcome.account);
    return outcome;
  }

  /** Whoever holds the token of an approval mail decides, once. */
  followLink(token: string, reason?: string): GuestOperationOutcome {
    const found = followApprovalLink(token, this.context.settings.guests, this.context.clock.now());
    if (found.kind === 'refused') return { kind: 'refused', refusals: [found.refusal] };
    const { account, operation } = found;
    const command = operation === 'approve' ? ({ operation, by: 'link' } as const) : { operation, by: 'link', reason };
    return this.perform({ username: account.username, command, by: 'approval link' });
  }

  /** Removes expired accounts; the number of them. */
  purge(): number {
    const { clock, definition, journal, settings } = this.context;
    const accounts = purgeable(settings.guests, clock.now());
    const purged = journal.record({ kind: 'guest.purged', node: definition.name, accounts: accounts.length });
    if (accounts.length === 0) return 0;
    journal.within(purged, () => {
      for (const account of accounts) {
        this.note('guest.operation', account, {
          operation: 'delete',
          by: 'purge',
          to: 'deleted',
          auditCode: auditCodeOf('delete'),
        });
      }
      this.config.writeAll(accounts.map(({ username }) => [CONFIG_KEYS.guest(username), null]));
    });
    return accounts.length;
  }

  /** Stores an account as it is, whatever the life cycle says. */
  store(account: GuestAccount): void {
    this.config.write(CONFIG_KEYS.guest(account.username), account);
  }

  private storeNew(account: GuestAccount): void {
    const { sponsor, guestType, state } = account;
    this.note('guest.created', account, {
      by: sponsor === undefined ? 'guest' : `sponsor/${sponsor}`,
      guestType,
      to: state,
      auditCode: GUEST_AUDIT_CODES.created,
    });
    this.store(account);
  }

  private note(kind: string, { username }: GuestAccount, details: Record<string, string | number | undefined>): void {
    const { definition, journal } = this.context;
    journal.record({ kind, node: definition.name, guest: username, ...details });
  }

  private creationContext(): GuestCreationContext {
    const { clock, settings } = this.context;
    const { usernamePolicy, passwordPolicy, locations } = settings.guestAccess;
    return {
      guestTypes: settings.guestTypes,
      usernames: settings.guests.map(({ username }) => username),
      locations,
      usernamePolicy,
      passwordPolicy,
      now: clock.now(),
      random: this.random,
    };
  }
}

function refused(code: GuestRefusal['code'], text: string): { kind: 'refused'; refusals: GuestRefusal[] } {
  return { kind: 'refused', refusals: [{ code, text }] };
}

function isSame(one: GuestAccount, other: GuestAccount): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
