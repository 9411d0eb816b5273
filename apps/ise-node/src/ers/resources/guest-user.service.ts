import { Injectable, Optional } from '@nestjs/common';
import {
  isSponsorPassword,
  operationRefusal,
  type GuestAccount,
  type GuestAccountRequest,
  type GuestChanges,
  type GuestCommand,
  type GuestNotice,
  type GuestOperation,
  type GuestRefusal,
  type SponsorRights,
} from '#libs/guests';
import { NodeUnreachableError } from '#libs/replication';
import { ClusterPeers } from '../../cluster/cluster-peers.ts';
import { NodeContext } from '../../node-context.ts';
import { GuestAccountsService } from '../../pan/guest-accounts.service.ts';
import { GuestSettingsService } from '../../pan/guest-settings.service.ts';
import { ErsException } from '../ers-exception.ts';

/**
 * Guest accounts as sponsors manage them over REST: what the sponsor may do is judged here, by his groups; accounts are
 * written by the node itself, which is the primary PAN; mails are sent by a PSN, as those of the sponsor portal.
 */
@Injectable()
export class GuestUserService {
  constructor(
    private readonly context: NodeContext,
    private readonly peers: ClusterPeers,
    @Optional() private readonly accounts?: GuestAccountsService,
    @Optional() private readonly settings?: GuestSettingsService,
  ) {}

  manageable(rights: SponsorRights): GuestAccount[] {
    return this.context.settings.guests.filter((account) => rights.manages(account));
  }

  /** @throws ErsException for an account that is not there, or not one of those that the sponsor manages */
  accountOf(id: string, rights: SponsorRights): GuestAccount {
    return found(this.manageable(rights).find((account) => account.id === id));
  }

  accountNamed(username: string, rights: SponsorRights): GuestAccount {
    return found(this.manageable(rights).find((account) => account.username === username));
  }

  /** The end of an account, in the time of its location, as `format` writes it. */
  endOf(id: string, format: (instant: number, timeZone: string) => string): string {
    const { guests, guestAccess } = this.context.settings;
    const account = guests.find((each) => each.id === id);
    return account ? format(account.validTo, guestAccess.timeZoneOf(account)) : '';
  }

  /** The id of the new account. */
  create(request: GuestAccountRequest, rights: SponsorRights): string {
    refuse(rights.creationRefusal(request.guestType));
    const creation = this.onPan(this.accounts).create({ ...request, sponsor: rights.sponsor.username });
    if (creation.kind === 'created') return creation.account.id;
    throw refusedBy(creation.refusals);
  }

  edit(account: GuestAccount, changes: GuestChanges, rights: SponsorRights): void {
    if (changes.validTo !== undefined) refuse(rights.operationRefusal('extend', account));
    this.perform(account.id, { operation: 'edit', changes }, rights);
  }

  /** The account as it is afterwards, and the notices that the portal would send. */
  perform(
    id: string,
    command: Exclude<GuestCommand, { operation: 'resend' }>,
    rights: SponsorRights,
  ): { account: GuestAccount; notices: readonly GuestNotice[] } {
    const account = this.accountOf(id, rights);
    refuse(rights.operationRefusal(command.operation, account));
    const { sponsor, requireSuspensionReason } = rights;
    const outcome = this.onPan(this.accounts).perform({
      username: account.username,
      command,
      by: `sponsor/${sponsor.username}`,
      requireSuspensionReason,
    });
    if (outcome.kind === 'refused') throw refusedBy(outcome.refusals);
    return { account: outcome.account, notices: outcome.notices };
  }

  /** Whether the account's state and the sponsor's groups allow it; throws if not. */
  permit(account: GuestAccount, operation: GuestOperation, rights: SponsorRights): void {
    refuse(rights.operationRefusal(operation, account));
    const refusal = operationRefusal(account, operation, this.context.clock.now());
    if (refusal) throw refusedBy([refusal]);
  }

  /**
   * Hands a mail to the first PSN that takes it. What becomes of it is told by that node's log, not by the answer.
   *
   * @throws ErsException for a guest without an address, or when no PSN is reachable
   */
  async tell(notice: GuestNotice, account: GuestAccount, rights: SponsorRights, senderEmail?: string): Promise<void> {
    const { settings } = this.context;
    if (!settings.guestEmail.enabled) throw validation('Notifications by e-mail are switched off');
    if (account.emailAddress === '') throw validation('The guest has no e-mail address');
    const { username, emailAddress } = rights.sponsor;
    const from = senderEmail ?? emailAddress;
    const sponsor = { username, ...(from === undefined ? {} : { emailAddress: from }) };
    for (const { name } of settings.deployment.policyServiceNodes) {
      try {
        await this.peers.ask(name, 'portal.tell', { notice, account, sponsor });
        return;
      } catch (error) {
        if (!(error instanceof NodeUnreachableError)) throw error;
      }
    }
    throw validation('No Policy Service node is reachable to send the notification');
  }

  /** Decisions on requests are told as the portal of the request says. */
  async tellDecision(
    id: string,
    operation: 'approve' | 'deny',
    reason: string | undefined,
    rights: SponsorRights,
  ): Promise<void> {
    const by = rights.sponsor.username;
    const command = operation === 'approve' ? { operation, by } : { operation, by, ...(reason ? { reason } : {}) };
    const { account, notices } = this.perform(id, command, rights);
    const portal = this.context.settings.guestAccess.selfRegistrationPortal(account.portalId);
    const isTold = portal?.credentialNotificationUsingEmail && account.emailAddress !== '';
    for (const notice of notices) if (isTold) await this.tell(notice, account, rights);
  }

  changeSponsorPassword({ sponsor }: SponsorRights, current: string, next: string): void {
    if (!isSponsorPassword(sponsor, current)) throw validation('currentPassword is not the password of the sponsor');
    if (next.length < 8 || next.length > 128) throw validation('newPassword must have 8 to 128 characters');
    const { username, emailAddress, groups } = sponsor;
    this.onPan(this.settings).saveSponsor({
      username,
      password: next,
      ...(emailAddress === undefined ? {} : { emailAddress }),
      ...(groups === undefined ? {} : { groups }),
    });
  }

  /** The gateway lets no write through elsewhere. */
  private onPan<T>(service: T | undefined): T {
    if (service && this.context.isPrimaryPan) return service;
    throw new ErsException('CRUD_OPERATION_EXCEPTION', 'Only the primary PAN writes');
  }
}

function found(account: GuestAccount | undefined): GuestAccount {
  if (account) return account;
  throw new ErsException('RESOURCE_NOT_FOUND_EXCEPTION', 'Guest User not found');
}

function refuse(refusal: GuestRefusal | undefined): void {
  if (refusal) throw new ErsException('FORBIDDEN', refusal.text);
}

function refusedBy(refusals: readonly GuestRefusal[]): ErsException {
  return new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', ...refusals.map(({ text }) => text));
}

function validation(title: string): ErsException {
  return new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', title);
}
