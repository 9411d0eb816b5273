import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { expiryNotificationDueAt, expiryNotificationsDue, type GuestAccount, type GuestType } from '#libs/guests';
import { composeGuestExpiry } from '#libs/notification';
import type { Timer } from '#libs/simulation';
import { SPONSOR_PORTAL } from '../guest-access-settings.ts';
import { NodeContext } from '../node-context.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { DutyClaims, type ClaimOutcome } from './duty-claims.ts';
import { GuestAccountsService } from './guest-accounts.service.ts';

/** How long it waits after a notification that could not be marked as sent, and so was not. */
const RETRY_MS = 60_000;

/** E1 on the primary PAN: sleeps until the next notification is due rather than polling. */
@Injectable()
export class GuestExpiryScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private stopListening: (() => void) | undefined;
  private timer: Timer | undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly accounts: GuestAccountsService,
    private readonly claims: DutyClaims,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.context.store.onChange(({ key }) => {
      if (key.startsWith('guest') || key === CONFIG_KEYS.deployment) this.sleepUntilNextIsDue();
    });
    this.context.roles.onChange(() => this.sleepUntilNextIsDue());
    this.context.onTimeSet(() => this.sleepUntilNextIsDue());
    this.claims.onOpen(() => this.sleepUntilNextIsDue());
    this.sleepUntilNextIsDue();
  }

  onApplicationShutdown(): void {
    this.stopListening?.();
    this.timer?.cancel();
  }

  private sleepUntilNextIsDue(): void {
    this.timer?.cancel();
    const { clock, settings, isPrimaryPan } = this.context;
    if (!isPrimaryPan) return;
    const types = new Map(settings.guestTypes.map((type) => [type.name, type]));
    const dueTimes = settings.guests.flatMap((account) =>
      dueTimeOf(account, types.get(account.guestType), clock.now()),
    );
    if (dueTimes.length === 0) return;
    const next = dueTimes.reduce((earliest, dueAt) => Math.min(earliest, dueAt));
    this.wakeIn(Math.max(next - clock.now(), 1));
  }

  private wakeIn(delayMs: number): void {
    this.timer?.cancel();
    this.timer = this.context.clock.after(delayMs, () => this.wake());
  }

  /** The database of the node may fail: then it tries again later; cron tells of the error. */
  private wake(): void {
    try {
      this.notify();
    } catch (error) {
      this.wakeIn(RETRY_MS);
      throw error;
    }
  }

  private notify(): void {
    const { clock, settings } = this.context;
    for (const account of expiryNotificationsDue(settings.guests, settings.guestTypes, clock.now())) {
      const type = settings.guestTypes.find(({ name }) => name === account.guestType);
      // Until it is certain what other nodes have sent, there is no point in looking again.
      if (type && this.send(account, type) === 'not-now') return;
    }
    this.sleepUntilNextIsDue();
  }

  private send(account: GuestAccount, type: GuestType): ClaimOutcome {
    const { definition, journal, log, mailer, settings } = this.context;
    const { username, validTo } = account;
    const duty = `guest-expiry/${username}/${validTo}`;
    const marked = { ...account, expiryNotifiedFor: validTo };
    const sponsor = account.sponsor === undefined ? undefined : settings.sponsor(account.sponsor);
    const mail = composeGuestExpiry({
      account,
      type,
      settings: settings.guestEmail,
      timeZone: settings.guestAccess.timeZoneOf(account),
      texts: settings.guestAccess.portalTexts(account.portalId ?? SPONSOR_PORTAL),
      ...(sponsor ? { sponsor } : {}),
    });
    const handOver = (): void => {
      const due = journal.record({ kind: 'guest.expiry-due', node: definition.name, guest: username });
      void journal.within(due, () =>
        log.onThread({ thread: 'GuestAccessExpiryNotifier-1' }, () => mailer.send(mail, { duty, validUntil: validTo })),
      );
    };
    const outcome = this.claims.take(duty, handOver, [[CONFIG_KEYS.guest(username), marked]]);
    if (outcome === 'taken-before') this.accounts.store(marked);
    return outcome;
  }
}

function dueTimeOf(account: GuestAccount, type: GuestType | undefined, now: number): number[] {
  const dueAt = type && account.validTo > now ? expiryNotificationDueAt(account, type) : undefined;
  return dueAt === undefined ? [] : [dueAt];
}
