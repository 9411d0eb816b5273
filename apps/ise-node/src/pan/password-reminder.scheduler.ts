import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { reasonToDisable, reminderKeys, remindersDue, type PasswordReminder, type User } from '#libs/identities';
import { composePasswordExpiry } from '#libs/notification';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { DailyJobs } from './daily-jobs.ts';
import { DutyClaims, type ClaimOutcome } from './duty-claims.ts';
import { IdentitiesService } from './identities.service.ts';

/** 01:15 UTC. */
const MINUTE_OF_DAY = 75;

/** "Admin password change reminder" of the message catalogue (fact sheet ise 4.3). */
const ADMIN_REMINDER_AUDIT_CODE = '10010';

/** E2 on the primary PAN, once a day: reminders, and the end of accounts. The real cadence is unknown (fact sheet ise 6). */
@Injectable()
export class PasswordReminderScheduler implements OnApplicationBootstrap {
  /** The day's reminders could not be claimed when they were due. */
  private isWaiting = false;

  constructor(
    private readonly context: NodeContext,
    private readonly claims: DutyClaims,
    private readonly identities: IdentitiesService,
    private readonly daily: DailyJobs,
  ) {
    claims.onOpen(() => {
      if (this.isWaiting) this.remind();
    });
  }

  onApplicationBootstrap(): void {
    this.daily.add('password-reminders', MINUTE_OF_DAY, () => this.remind());
  }

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
    for (const reminder of remindersDue(users, policies, clock.now(), sent)) {
      this.isWaiting = this.send(reminder) === 'not-now';
      if (this.isWaiting) return;
    }
  }

  private send(reminder: PasswordReminder): ClaimOutcome {
    const { definition, journal, log, mailer, settings } = this.context;
    const { kind, username } = reminder.user;
    const duty = `password-expiry/${reminder.key}`;
    const { timeZone } = settings.guestAccess;
    const mail = composePasswordExpiry({ reminder, from: settings.guestEmail.defaultFrom, timeZone });
    const handOver = (): void => {
      const auditCode = kind === 'admin' ? { auditCode: ADMIN_REMINDER_AUDIT_CODE } : {};
      const user = `${kind}/${username}`;
      const due = journal.record({ kind: 'password.reminder-due', node: definition.name, user, ...auditCode });
      const options = { duty, validUntil: reminder.expiresAt };
      void journal.within(due, () =>
        log.onThread({ thread: 'PasswordExpiryNotifier-1' }, () => mailer.send(mail, options)),
      );
    };
    return this.claims.take(duty, handOver, [[CONFIG_KEYS.passwordReminder(reminder.key), true]]);
  }
}
