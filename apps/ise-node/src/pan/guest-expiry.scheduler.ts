import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { expiryNotificationDueAt, expiryNotificationsDue, type GuestAccount, type GuestType } from '#libs/guests';
import { composeGuestExpiry } from '#libs/notification';
import { SPONSOR_PORTAL } from '../guest-access-settings.ts';
import { NodeContext } from '../node-context.ts';
import { GuestAccountsService } from './guest-accounts.service.ts';

const JOB = 'guest-expiry';

/** How long it waits after a notification that could not be marked as sent, and so was not. */
const RETRY_MS = 60_000;

/** E1 on the primary PAN: sleeps until the next notification is due rather than polling. */
@Injectable()
export class GuestExpiryScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly accounts: GuestAccountsService,
    private readonly schedule: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.context.store.onChange(({ key }) => {
      if (key.startsWith('guest')) this.sleepUntilNextIsDue();
    });
    this.sleepUntilNextIsDue();
  }

  onApplicationShutdown(): void {
    this.stopListening?.();
  }

  private sleepUntilNextIsDue(): void {
    if (this.schedule.doesExist('cron', JOB)) this.schedule.deleteCronJob(JOB);
    const { clock, settings, isPrimaryPan } = this.context;
    if (!isPrimaryPan) return;
    const types = new Map(settings.guestTypes.map((type) => [type.name, type]));
    const dueTimes = settings.guests.flatMap((account) =>
      dueTimeOf(account, types.get(account.guestType), clock.now()),
    );
    if (dueTimes.length === 0) return;
    const next = dueTimes.reduce((earliest, dueAt) => Math.min(earliest, dueAt));
    this.wakeAt(Math.max(next, clock.now() + 1));
  }

  private wakeAt(instant: number): void {
    if (this.schedule.doesExist('cron', JOB)) this.schedule.deleteCronJob(JOB);
    const onTick = (): void => this.wake();
    this.schedule.addCronJob(JOB, CronJob.from({ cronTime: new Date(instant), onTick, start: true }));
  }

  /** The database of the node may fail: then it tries again later; cron tells of the error. */
  private wake(): void {
    try {
      this.notify();
    } catch (error) {
      this.wakeAt(this.context.clock.now() + RETRY_MS);
      throw error;
    }
  }

  private notify(): void {
    const { clock, definition, journal, settings } = this.context;
    for (const account of expiryNotificationsDue(settings.guests, settings.guestTypes, clock.now())) {
      const type = settings.guestTypes.find(({ name }) => name === account.guestType);
      const due = journal.record({ kind: 'guest.expiry-due', node: definition.name, guest: account.username });
      if (type) journal.within(due, () => this.send(account, type));
    }
    this.sleepUntilNextIsDue();
  }

  private send(account: GuestAccount, type: GuestType): void {
    const { log, mailer, settings } = this.context;
    // Marked before the mail is under way: a failing mail is the queue's to retry, not a reason for a second one.
    this.accounts.store({ ...account, expiryNotifiedFor: account.validTo });
    const sponsor = account.sponsor === undefined ? undefined : settings.sponsor(account.sponsor);
    const mail = composeGuestExpiry({
      account,
      type,
      settings: settings.guestEmail,
      timeZone: settings.guestAccess.timeZoneOf(account),
      texts: settings.guestAccess.portalTexts(account.portalId ?? SPONSOR_PORTAL),
      ...(sponsor ? { sponsor } : {}),
    });
    void log.onThread({ thread: 'GuestAccessExpiryNotifier-1' }, () => mailer.send(mail));
  }
}

function dueTimeOf(account: GuestAccount, type: GuestType | undefined, now: number): number[] {
  const dueAt = type && account.validTo > now ? expiryNotificationDueAt(account, type) : undefined;
  return dueAt === undefined ? [] : [dueAt];
}
