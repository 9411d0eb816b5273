export {
  ALARM_CATALOGUE,
  alarmDefinition,
  MAIL_UNDELIVERABLE,
  SECRET_ABOUT_TO_EXPIRE,
  SECRET_HAS_EXPIRED,
  type AlarmCategory,
  type AlarmDefinition,
  type AlarmSeverity,
} from './alarm-catalogue.ts';
export { raiseAlarm, type AlarmInstance } from './alarm-instance.ts';
export {
  alarmRecipients,
  alarmSender,
  DEFAULT_ALARM_SETTINGS,
  isAlarmEnabled,
  type AlarmRule,
  type AlarmSettings,
  type AlarmSubscriber,
} from './alarm-settings.ts';
export { UnknownAlarmError } from './alarms.error.ts';
export {
  DEFAULT_SECRET_EXPIRY_POLICY,
  secretExpiryAlarm,
  type SecretExpiryNotice,
  type SecretExpiryPolicy,
} from './secret-expiry-alarm.ts';
