export {
  ADMIN_LOCKED,
  ALARM_CATALOGUE,
  ALARM_SEVERITIES,
  alarmDefinition,
  CERTIFICATE_EXPIRATION,
  CERTIFICATE_EXPIRED,
  CONFIGURATION_CHANGED,
  DNS_FAILURE,
  MAIL_UNDELIVERABLE,
  NODE_DOWN,
  REPLICATION_FAILED,
  REPLICATION_STOPPED,
  SECRET_ABOUT_TO_EXPIRE,
  SECRET_HAS_EXPIRED,
  SYNC_FAILURE,
  type AlarmCategory,
  type AlarmDefinition,
  type AlarmSeverity,
} from './alarm-catalogue.ts';
export { raiseAlarm, type AlarmInstance } from './alarm-instance.ts';
export { AlarmLog, type AlarmDelivery, type AlarmEntry, type AlarmFilter, type AlarmSummary } from './alarm-log.ts';
export {
  alarmRecipients,
  alarmRule,
  alarmRuleSchema,
  alarmSender,
  alarmSettingsSchema,
  DEFAULT_ALARM_SETTINGS,
  reasonNotToMail,
  type AlarmRule,
  type AlarmSettings,
  type AlarmSubscriber,
  type EffectiveAlarmRule,
} from './alarm-settings.ts';
export { alarmThresholdsSchema, type AlarmThresholds } from './alarm-thresholds.ts';
export { UnknownAlarmError } from './alarms.error.ts';
export { expiryNotice, type ExpiryNotice, type ExpiryPolicy } from './expiry-notice.ts';
export { DEFAULT_SECRET_EXPIRY_POLICY, secretExpiryAlarm, type SecretExpiryNotice } from './secret-expiry-alarm.ts';
