export { SecretVault, type SealedSecret } from './sealed-secret.ts';
export {
  OAUTH_SCOPE,
  TOKEN_ENDPOINT_HOST,
  fingerprintOf,
  smtpServerFormSchema,
  tokenEndpointOf,
  typedExpiryAt,
  type OauthSmtpForm,
  type SmtpServerForm,
} from './smtp-server-settings.ts';
export {
  MASKED_SECRET,
  maskSmtpServer,
  openSmtpServer,
  sealSmtpServer,
  type StoredSmtpServer,
} from './stored-smtp-server.ts';
export {
  guestEmailSettingsSchema,
  proxyFor,
  proxySettingsSchema,
  replicationSettingsSchema,
  retrySettingsSchema,
  secretAlarmSettingsSchema,
  type GuestEmailSettings,
  type ProxySettings,
  type ReplicationSettings,
  type RetrySettings,
  type SecretAlarmSettings,
} from './system-settings.ts';
