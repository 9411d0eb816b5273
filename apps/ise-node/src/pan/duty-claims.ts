import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { DutyVerdict } from '#libs/mail-submission';
import { atOnce, type ConfigEntries } from '#libs/replication';
import type { Claim } from '../cluster/cluster-messages.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

const DAY_MS = 86_400_000;

/** Claims are looked through for old ones whenever so many were made. */
const TIDY_EVERY = 500;
const KEPT_MS = 400 * DAY_MS;

/**
 * `taken`: it is this node's now. `taken-before`: nothing to do. `not-now`: another node may have taken it, and that
 * can't be known yet; `onOpen` tells when to look again.
 */
export type ClaimOutcome = 'taken' | 'taken-before' | 'not-now';

/**
 * Duties that come due on the primary PAN and must be carried out once, whoever is the primary PAN by then: reminders
 * (E1, E2) and the two secret alarms (S4). The protocol is told in docs/adr/0007.
 *
 * A duty is named by the caller, the same on every node: `guest-expiry/1001/1770000000000`.
 */
@Injectable()
export class DutyClaims implements OnApplicationBootstrap {
  private readonly openListeners = new Set<() => void>();
  private wasOpen = false;
  private asking = false;
  private made = 0;

  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {
    context.dutyVerdict = (duty) => this.verdictOn(duty);
    config.onProgress(() => this.lookAgain());
    context.roles.onChange(() => this.lookAgain());
  }

  onApplicationBootstrap(): void {
    this.lookAgain();
  }

  /** Whether this node is the primary PAN, and has heard from so many nodes that no claim can be unknown to it. */
  get areOpen(): boolean {
    return this.context.isPrimaryPan && this.config.isCertain(0);
  }

  isTaken(duty: string): boolean {
    return this.claimOf(duty) !== undefined;
  }

  /**
   * Takes a duty on. `handOver` hands it to something that outlives a crash, such as `mailer.send(mail, { duty })`; it
   * runs in the same database transaction as the claim, so both are there or neither. What it hands over is to be
   * carried out only once `dutyVerdict` says `mine`; the mail queue does so.
   *
   * @param also documents that change with the claim, such as the caller's own mark
   */
  take(duty: string, handOver: () => void, also: ConfigEntries = []): ClaimOutcome {
    if (!this.context.isPrimaryPan) return 'not-now';
    if (this.isTaken(duty)) return 'taken-before';
    if (!this.areOpen) {
      this.askOthers();
      return 'not-now';
    }
    const { clock, database, definition, store } = this.context;
    const claim: Claim = { duty, owner: definition.name, version: store.version + 1, at: clock.now() };
    atOnce(database, () => {
      this.config.writeAll([...also, [CONFIG_KEYS.duty(duty), claim], ...this.outdated()]);
      handOver();
    });
    return 'taken';
  }

  /** Calls `listener` whenever this node may take on duties after it could not: then look at all that is due. */
  onOpen(listener: () => void): void {
    this.openListeners.add(listener);
  }

  private verdictOn(duty: string): DutyVerdict {
    const { definition, isPrimaryPan, roles } = this.context;
    const claim = this.claimOf(duty);
    const isInformed = isPrimaryPan ? this.areOpen : roles.isFollowing;
    // Not informed: this copy of the configuration may be one that nobody follows any more.
    if (!isInformed) return 'uncertain';
    if (claim?.owner !== definition.name) return 'not-mine';
    return !isPrimaryPan || this.config.isCertain(claim.version) ? 'mine' : 'uncertain';
  }

  private claimOf(duty: string): Claim | undefined {
    return this.context.store.get<Claim>(CONFIG_KEYS.duty(duty));
  }

  private lookAgain(): void {
    const { areOpen } = this;
    const opened = areOpen && !this.wasOpen;
    this.wasOpen = areOpen;
    this.context.queue.reconsider();
    if (opened) for (const listener of this.openListeners) listener();
  }

  private askOthers(): void {
    if (this.asking) return;
    this.asking = true;
    void this.config.contactAll().finally(() => (this.asking = false));
  }

  private outdated(): ConfigEntries {
    this.made += 1;
    if (this.made % TIDY_EVERY !== 0) return [];
    const { clock, store } = this.context;
    const old = store.list<Claim>(CONFIG_KEYS.duty('')).filter(({ at }) => at < clock.now() - KEPT_MS);
    return old.map(({ duty }) => [CONFIG_KEYS.duty(duty), null]);
  }
}
