import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { reminderKey, remindersDue, type PasswordReminder } from '#libs/identities';
import { composePasswordExpiry } from '#libs/notification';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { DutyClaims, type ClaimOutcome } from './duty-claims.ts';

/** E2 on the primary PAN, once a day. The real cadence is unknown (fact sheet ise 6). */
@Injectable()
export class PasswordReminderScheduler {
  /** The day's reminders could not be claimed when they were due. */
  private isWaiting = false;

  constructor(
    private readonly context: NodeContext,
    private readonly claims: DutyClaims,
  ) {
    claims.onOpen(() => {
      if (this.isWaiting) this.remind();
    });
  }

  @Cron('0 15 1 * * *', { utcOffset: 0 })
  remind(): void {
    const { clock, settings, store, isPrimaryPan } = this.context;
    if (!isPrimaryPan) return;
    const users = [...settings.adminUsers, ...settings.internalUsers];
    const sent = new Set(
      users.map(reminderKey).filter((key) => store.get(CONFIG_KEYS.passwordReminder(key)) !== undefined),
    );
    for (const reminder of remindersDue(users, settings.passwordPolicies, clock.now(), sent)) {
      this.isWaiting = this.send(reminder) === 'not-now';
      if (this.isWaiting) return;
    }
  }

  private send(reminder: PasswordReminder): ClaimOutcome {
    const { definition, journal, log, mailer, settings } = this.context;
    const { kind, username } = reminder.user;
    const duty = `password-expiry/${reminder.key}`;
    const mail = composePasswordExpiry({ reminder, from: settings.guestEmail.defaultFrom });
    const handOver = (): void => {
      const due = journal.record({ kind: 'password.reminder-due', node: definition.name, user: `${kind}/${username}` });
      const options = { duty, validUntil: reminder.expiresAt };
      void journal.within(due, () =>
        log.onThread({ thread: 'PasswordExpiryNotifier-1' }, () => mailer.send(mail, options)),
      );
    };
    return this.claims.take(duty, handOver, [[CONFIG_KEYS.passwordReminder(reminder.key), true]]);
  }
}
