import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { reminderKey, remindersDue } from '#libs/identities';
import { composePasswordExpiry } from '#libs/notification';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

/** E2 on the primary PAN, once a day. The real cadence is unknown (fact sheet ise 6). */
@Injectable()
export class PasswordReminderScheduler {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {}

  @Cron('0 15 1 * * *', { utcOffset: 0 })
  remind(): void {
    const { clock, definition, journal, log, mailer, settings, store, isPrimaryPan } = this.context;
    if (!isPrimaryPan) return;
    const users = [...settings.adminUsers, ...settings.internalUsers];
    const sent = new Set(
      users.map(reminderKey).filter((key) => store.get(CONFIG_KEYS.passwordReminder(key)) !== undefined),
    );
    for (const reminder of remindersDue(users, settings.passwordPolicies, clock.now(), sent)) {
      const { kind, username } = reminder.user;
      const due = journal.record({ kind: 'password.reminder-due', node: definition.name, user: `${kind}/${username}` });
      journal.within(due, () => {
        this.config.write(CONFIG_KEYS.passwordReminder(reminder.key), true);
        const mail = composePasswordExpiry({ reminder, from: settings.guestEmail.defaultFrom });
        void log.onThread({ thread: 'PasswordExpiryNotifier-1' }, () => mailer.send(mail));
      });
    }
  }
}
