import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { reasonToDisable, reminderKeys, remindersDue, type PasswordReminder, type User } from '#libs/identities';
import { composePasswordExpiry } from '#libs/notification';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';
import { IdentitiesService } from './identities.service.ts';

/** "Admin password change reminder" of the message catalogue (fact sheet ise 4.3). */
const ADMIN_REMINDER_AUDIT_CODE = '10010';

/** E2 on the primary PAN, once a day: reminders, and the end of accounts. The real cadence is unknown (fact sheet ise 6). */
@Injectable()
export class PasswordReminderScheduler {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
    private readonly identities: IdentitiesService,
  ) {}

  @Cron('0 15 1 * * *', { utcOffset: 0 })
  remind(): void {
    const { clock, settings, store, isPrimaryPan } = this.context;
    if (!isPrimaryPan) return;
    const policies = settings.passwordPolicies;
    const users: User[] = [...settings.adminUsers, ...settings.internalUsers];
    for (const user of users) {
      const because = reasonToDisable(user, policies, clock.now());
      if (because) this.identities.disable(user, because);
    }
    const keys = users.flatMap((user) => reminderKeys(user, policies[user.kind]));
    const sent = new Set(keys.filter((key) => store.get(CONFIG_KEYS.passwordReminder(key)) !== undefined));
    for (const reminder of remindersDue(users, policies, clock.now(), sent)) this.send(reminder);
  }

  private send(reminder: PasswordReminder): void {
    const { definition, journal, log, mailer, settings } = this.context;
    const { kind, username } = reminder.user;
    const due = journal.record({
      kind: 'password.reminder-due',
      node: definition.name,
      user: `${kind}/${username}`,
      ...(kind === 'admin' ? { auditCode: ADMIN_REMINDER_AUDIT_CODE } : {}),
    });
    journal.within(due, () => {
      // Marked before the mail is under way: a failing mail is the queue's to retry, not a reason for a second one.
      this.config.write(CONFIG_KEYS.passwordReminder(reminder.key), true);
      const mail = composePasswordExpiry({ reminder, from: settings.guestEmail.defaultFrom });
      void log.onThread({ thread: 'PasswordExpiryNotifier-1' }, () => mailer.send(mail));
    });
  }
}
