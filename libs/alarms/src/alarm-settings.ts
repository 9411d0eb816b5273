import { z } from 'zod';
import { ALARM_CATALOGUE, alarmDefinition } from './alarm-catalogue.ts';
import type { AlarmInstance } from './alarm-instance.ts';

const DAY_MINUTES = 1_440;

/**
 * What is set for one alarm in its edit dialog (fact sheet ise 4.2; fields as the alarm API of 3.6 names them, durations
 * in minutes). What is absent is as the catalogue says.
 */
export const alarmRuleSchema = z.strictObject({
  /** "Enable". An alarm that is switched off is neither listed nor mailed. */
  enabled: z.boolean().optional(),
  /** Listed, but not mailed, until it is unmuted. */
  muted: z.boolean().optional(),
  /** Whether it is mailed at all. */
  emailNotification: z.boolean().optional(),
  /** "Enter Multiple Emails Separated with Comma", split. */
  addresses: z.array(z.email()).max(100).optional(),
  /** In place of the sender of the Alarm Notification page. */
  sender: z.email().optional(),
  /** Lines of one's own in the mail. */
  emailText: z.string().max(4_096).optional(),
  /** For so long a repetition is counted on the alarm that is there, and not mailed. 0: never. */
  suppressForMinutes: z
    .int()
    .min(0)
    .max(30 * DAY_MINUTES)
    .optional(),
  /** At most one mail of this alarm in so many minutes; the rest is listed. 0: no bound. */
  emailFrequencyMinutes: z
    .int()
    .min(0)
    .max(30 * DAY_MINUTES)
    .optional(),
});
export type AlarmRule = z.infer<typeof alarmRuleSchema>;

/** A rule with nothing left open but the two texts. */
export type EffectiveAlarmRule = Required<Omit<AlarmRule, 'sender' | 'emailText'>> &
  Pick<AlarmRule, 'sender' | 'emailText'>;

/** The pages Alarm Configuration and Alarm Notification, as one replicated document. */
export const alarmSettingsSchema = z.strictObject({
  /** Sender on the Alarm Notification page; while unset, ISE sends as `ise@` and the host. */
  sender: z.email().optional(),
  /** One mail to all recipients, or one to each: unknown in the real product (fact sheet ise 4.2), so a setting. */
  oneMailPerRecipient: z.boolean().optional(),
  /** By name of the alarm. */
  perAlarm: z
    .record(
      z
        .string()
        .refine((name) => ALARM_CATALOGUE.some((alarm) => alarm.name === name), 'there is no alarm of this name'),
      alarmRuleSchema,
    )
    .default({}),
});
export type AlarmSettings = z.infer<typeof alarmSettingsSchema>;

export const DEFAULT_ALARM_SETTINGS: AlarmSettings = { perAlarm: {} };

/** What alarms need to know of an administrator. */
export interface AlarmSubscriber {
  readonly emailAddress?: string;
  readonly includeSystemAlarmsInEmails: boolean;
  readonly enabled: boolean;
}

/** What holds for this alarm: what was set, else what the catalogue says. @throws UnknownAlarmError */
export function alarmRule(name: string, settings: AlarmSettings): EffectiveAlarmRule {
  const { enabledByDefault, mailedByDefault, suppressForMinutesByDefault } = alarmDefinition(name);
  const set: AlarmRule = (Object.hasOwn(settings.perAlarm, name) ? settings.perAlarm[name] : undefined) ?? {};
  return {
    enabled: set.enabled ?? enabledByDefault,
    muted: set.muted ?? false,
    emailNotification: set.emailNotification ?? mailedByDefault,
    addresses: set.addresses ?? [],
    sender: set.sender,
    emailText: set.emailText,
    suppressForMinutes: set.suppressForMinutes ?? suppressForMinutesByDefault,
    emailFrequencyMinutes: set.emailFrequencyMinutes ?? 0,
  };
}

/**
 * Who is mailed about this alarm: the enabled administrators with "Include system alarms in emails", and the addresses
 * typed on the alarm (fact sheet ise 4.2). Sorted, each address once whatever its letter case; empty for an alarm that
 * is switched off.
 */
export function alarmRecipients(
  alarm: Pick<AlarmInstance, 'name'>,
  settings: AlarmSettings,
  adminUsers: readonly AlarmSubscriber[],
): string[] {
  const { enabled, addresses } = alarmRule(alarm.name, settings);
  if (!enabled) return [];
  const subscribed = adminUsers
    .filter((admin) => admin.enabled && admin.includeSystemAlarmsInEmails)
    .flatMap((admin) => admin.emailAddress || []);
  const byLowerCase = new Map(
    [...subscribed, ...addresses].toSorted().map((address) => [address.toLowerCase(), address]),
  );
  return [...byLowerCase.values()].sort();
}

/** Why an alarm is listed without a mail. */
export type NotMailed = 'no recipients' | 'muted' | 'mail is switched off' | 'mailed a short time ago';

/**
 * Why this alarm is not mailed at `now`; undefined if it is.
 *
 * @param lastMailedAt when an alarm of this name was mailed last
 */
export function reasonNotToMail(
  { muted, emailNotification, emailFrequencyMinutes }: EffectiveAlarmRule,
  recipients: readonly string[],
  now: number,
  lastMailedAt?: number,
): NotMailed | undefined {
  if (muted) return 'muted';
  if (!emailNotification) return 'mail is switched off';
  if (recipients.length === 0) return 'no recipients';
  const isRecent = lastMailedAt !== undefined && now < lastMailedAt + emailFrequencyMinutes * 60_000;
  return isRecent ? 'mailed a short time ago' : undefined;
}

/**
 * The sender of alarm mails: as set for the alarm, as set for all, else `ise@` and the host name as ISE has always
 * done. Exchange refuses that default unless the mailbox may send as it (fact sheet ise 3).
 */
export function alarmSender(settings: AlarmSettings, nodeFqdn: string, rule?: Pick<AlarmRule, 'sender'>): string {
  return rule?.sender || settings.sender || `ise@${nodeFqdn}`;
}
