import type { AlarmInstance } from './alarm-instance.ts';

/** What is set for one alarm in its edit dialog (fact sheet ise 4.2). */
export interface AlarmRule {
  readonly enabled: boolean;
  /** "Enter Multiple Emails Separated with Comma", split. */
  readonly addresses: readonly string[];
}

/** The pages Alarm Configuration and Alarm Notification. Plain JSON: it is replicated. */
export interface AlarmSettings {
  /** Sender on the Alarm Notification page; while unset, ISE sends as `ise@` and the host. */
  readonly sender?: string;
  /** By name of the alarm; an alarm that is not in here is enabled and has no addresses of its own. */
  readonly perAlarm: Readonly<Record<string, AlarmRule>>;
}

export const DEFAULT_ALARM_SETTINGS: AlarmSettings = { perAlarm: {} };

/** What alarms need to know of an administrator. */
export interface AlarmSubscriber {
  readonly emailAddress?: string;
  readonly includeSystemAlarmsInEmails: boolean;
  readonly enabled: boolean;
}

/** An alarm that is switched off is neither listed nor mailed. */
export function isAlarmEnabled(name: string, settings: AlarmSettings): boolean {
  return ruleOf(name, settings)?.enabled ?? true;
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
  if (!isAlarmEnabled(alarm.name, settings)) return [];
  const subscribed = adminUsers
    .filter((admin) => admin.enabled && admin.includeSystemAlarmsInEmails)
    .flatMap((admin) => admin.emailAddress || []);
  const typed = ruleOf(alarm.name, settings)?.addresses ?? [];
  const byLowerCase = new Map([...subscribed, ...typed].toSorted().map((address) => [address.toLowerCase(), address]));
  return [...byLowerCase.values()].sort();
}

/**
 * The sender of alarm mails: as set, else `ise@` and the host name as ISE has always done. Exchange refuses that
 * default unless the mailbox may send as it (fact sheet ise 3).
 */
export function alarmSender(settings: AlarmSettings, nodeFqdn: string): string {
  return settings.sender || `ise@${nodeFqdn}`;
}

function ruleOf(name: string, settings: AlarmSettings): AlarmRule | undefined {
  return Object.hasOwn(settings.perAlarm, name) ? settings.perAlarm[name] : undefined;
}
