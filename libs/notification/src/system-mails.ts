import { alarmDefinition, type AlarmInstance } from '#libs/alarms';
import { displayNameOf, type PasswordReminder } from '#libs/identities';
import { compose, type Composition } from './composition.ts';
import { longTime, shortTime } from './mail-time.ts';
import { alarmText, passwordExpiryText } from './templates.ts';

/** E2: the password ends soon, to its owner, addressed by `displayNameOf`. The whole mail is our wording. */
export function composePasswordExpiry(options: {
  readonly reminder: PasswordReminder;
  readonly from: string;
  readonly timeZone?: string;
}): Composition {
  const { reminder, from, timeZone = 'UTC' } = options;
  const { user, expiresAt } = reminder;
  const displayName = displayNameOf(user);
  return compose({
    type: 'password-expiry',
    from,
    to: [user.emailAddress],
    subject: `Your password is about to expire: ${displayName}`,
    text: passwordExpiryText({
      displayName,
      account: user.kind === 'admin' ? 'ISE administrator account' : 'network access account',
      expiresOn: shortTime(expiresAt, timeZone),
    }),
  });
}

/**
 * E4: an alarm, one mail to all its recipients. Subject `ISE Alarm : <Severity> : <name>` (fact sheet ise 4.2, no
 * sample known).
 *
 * @throws UnknownAlarmError for a name that the catalogue lacks
 */
export function composeAlarm(options: {
  readonly alarm: AlarmInstance;
  readonly from: string;
  readonly to: readonly string[];
  /** Lines that were typed for this alarm; they come first. */
  readonly emailText?: string | undefined;
  readonly timeZone?: string;
}): Composition {
  const { alarm, from, to, emailText, timeZone = 'UTC' } = options;
  const { description, suggestedAction } = alarmDefinition(alarm.name);
  return compose({
    type: 'alarm',
    from,
    to,
    subject: `ISE Alarm : ${alarm.severity} : ${alarm.name}`,
    text: `${emailText?.trim() ? `${emailText.trim()}\n\n` : ''}${alarmText({
      name: alarm.name,
      severity: alarm.severity,
      node: alarm.node,
      details: alarm.details,
      raisedAt: `${longTime(alarm.raisedAt, timeZone)} ${timeZone}`,
      description,
      suggestedAction,
    })}`,
  });
}
