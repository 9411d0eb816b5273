import { z } from 'zod';
import type {
  AdminUserFields,
  AlarmConfigurationFields,
  AlarmSettingsFields,
  BackupFields,
  DebugLogFields,
  EditedInternalUserFields,
  GuestEmailSettingsFields,
  InternalUserFields,
  PanFailoverFields,
  PasswordPolicyClick,
  PasswordPolicyFields,
  ProxyFields,
  RegisterNodeFields,
  SmtpServerFields,
  TrustedCertificateFields,
} from './click.ts';
import type { GuestTypeGiven } from './given.ts';
import {
  dateTime,
  days,
  duration,
  flag,
  loginName,
  logLevel,
  mailAddress,
  nodeName,
  port,
  text,
  wholeNumber,
} from './scalar.schema.ts';

/* The fields of the pages, under `with`; some of them are the same under `given`. */

export const smtpServer = z.strictObject({
  smtpServer: text.optional().describe('Host name of the SMTP server.'),
  smtpPort: port.optional(),
  connectionTimeoutSeconds: wholeNumber(1, 600, 'seconds').optional(),
  encryption: flag.optional().describe('The TLS/SSL toggle.'),
  authentication: z
    .enum(['none', 'password', 'oauth'])
    .optional()
    .describe('oauth is "MS Exchange Online OAuth"; password takes userName and password.'),
  userName: text.optional(),
  password: text.optional(),
  emailAddress: mailAddress.optional().describe('The mailbox that ISE sends from.'),
  clientId: text.optional(),
  tenantId: text.optional(),
  clientSecret: z
    .string()
    .min(1)
    .optional()
    .meta({ examples: ['{{secrets.current.value}}', '{{secrets.current.id}}'] }),
  expiryDate: dateTime.optional().describe('The expiry date that the administrator types.'),
}) satisfies z.ZodType<SmtpServerFields>;

export const proxy = z
  .strictObject({
    host: text.nullable().describe('Host name of the proxy; null for none.'),
    port: port.optional(),
    userName: text.optional(),
    password: text.optional(),
    bypassHosts: z.array(text).optional(),
    appliesToSmtp: flag.optional().describe('Whether SMTP goes through the proxy as well.'),
  })
  .refine((fields) => fields.host === null || fields.port !== undefined, {
    path: ['port'],
    error: 'a port, since there is a host',
  }) satisfies z.ZodType<ProxyFields>;

const certificate = text.describe('Name of a certificate of the lab PKI.');
export const certificateName = z.strictObject({ certificate });
export const trustedCertificate = z.strictObject({
  certificate,
  infrastructure: flag.optional().describe('The Infrastructure usage.'),
  enabled: flag.optional(),
}) satisfies z.ZodType<TrustedCertificateFields>;

export const guestEmailSettings = z.strictObject({
  enabled: flag.optional().describe('Whether guests get mails at all.'),
  defaultFrom: mailAddress.optional(),
  from: z.enum(['sponsor', 'default']).optional().describe("The sponsor's address, or always the default one."),
}) satisfies z.ZodType<GuestEmailSettingsFields>;

export const alarmSettings = z.strictObject({
  sender: mailAddress.nullable().optional().describe('Sender of alarm mails; null: never set.'),
  oneMailPerRecipient: flag.optional().describe('A mail to each recipient instead of one to all.'),
}) satisfies z.ZodType<AlarmSettingsFields>;

const alarmName = text.describe('Name of the alarm, in full.');

export const alarmConfiguration = z
  .strictObject({
    alarm: alarmName,
    enabled: flag.optional().describe('"Enable": an alarm that is off is neither listed nor mailed.'),
    muted: flag.optional().describe('Listed, but not mailed.'),
    emailNotification: flag.optional().describe('Whether it is mailed at all.'),
    addresses: z.array(mailAddress).optional().describe('"Enter Multiple Emails Separated with Comma".'),
    sender: mailAddress.optional().describe('Sender of the mails of this alarm.'),
    emailText: text.optional().describe('Lines of your own at the head of the mail.'),
    suppressFor: duration.optional().describe('For so long repetitions are counted, not listed and mailed.'),
    emailFrequency: duration.optional().describe('At most one mail of this alarm in this time.'),
  })
  .transform(({ suppressFor, emailFrequency, ...rest }) => ({
    ...rest,
    suppressForMs: suppressFor,
    emailFrequencyMs: emailFrequency,
  })) satisfies z.ZodType<AlarmConfigurationFields>;

export const acknowledge = z.strictObject({ alarm: alarmName });

export const testMail = z.strictObject({ to: mailAddress });

/** Which node of the list is meant. */
export const oneNode = z.strictObject({ node: nodeName });

export const registerNode = z.strictObject({
  node: nodeName,
  userName: text.optional().describe("Administrator of the node; the lab's if you name none."),
  password: text.optional(),
}) satisfies z.ZodType<RegisterNodeFields>;

export const panFailover = z
  .strictObject({
    enabled: flag.optional().describe('Default: true.'),
    primaryHealthCheckNode: nodeName.optional().describe('A node that watches the primary PAN; not a PAN itself.'),
    secondaryHealthCheckNode: nodeName.optional().describe('A second one.'),
    pollingInterval: duration.optional().describe('30s to 300s; default 120s.'),
    failedAttempts: wholeNumber(2, 60).optional().describe('Polls in a row that fail; default 5.'),
  })
  .transform(({ pollingInterval, ...rest }) => ({
    ...rest,
    ...(pollingInterval === undefined ? {} : { pollingIntervalMs: pollingInterval }),
  })) satisfies z.ZodType<PanFailoverFields>;

export const backup = z.strictObject({
  name: text.describe('Name of the backup.'),
  encryptionKey: text.describe('At least 8 characters.'),
}) satisfies z.ZodType<BackupFields>;

export const debugLog = z.strictObject({
  node: nodeName,
  level: logLevel.describe('For guestaccess and guest-access-admin.'),
}) satisfies z.ZodType<DebugLogFields>;

const account = {
  username: loginName,
  passwordNeverExpires: flag.optional(),
  enabled: flag.optional(),
};

const internalAccount = {
  ...account,
  accountNameAlias: text.optional().describe('The name shown in mails, instead of the login name.'),
  expiryDate: dateTime.optional().describe('The last day of the account.'),
};

export const internalUser = z.strictObject({
  ...internalAccount,
  emailAddress: mailAddress,
  passwordChangedOn: dateTime,
}) satisfies z.ZodType<InternalUserFields>;

export const editedInternalUser = z.strictObject({
  ...internalAccount,
  emailAddress: mailAddress.optional(),
  passwordChangedOn: dateTime.optional(),
}) satisfies z.ZodType<EditedInternalUserFields>;

export const adminUser = z.strictObject({
  ...account,
  emailAddress: mailAddress.optional(),
  includeSystemAlarmsInEmails: flag.optional().describe('"Include system alarms in emails".'),
  passwordChangedOn: dateTime.optional(),
}) satisfies z.ZodType<AdminUserFields>;

const policy = {
  lifetimeDays: days.optional(),
  reminderDays: days.optional().describe('Days before the end at which the first reminder is sent.'),
  furtherReminderDays: z.array(days).optional().describe('Days of further reminders.'),
  disableAtEnd: flag.optional().describe('Whether an account is disabled at the end of its password.'),
};
export const passwordPolicy = z.strictObject(policy) satisfies z.ZodType<PasswordPolicyFields>;
export const passwordPolicyClick = z.strictObject({
  users: z.enum(['admin', 'internal']).describe('Whose policy.'),
  ...policy,
}) satisfies z.ZodType<PasswordPolicyClick>;

export const guestType = z.strictObject({
  name: text,
  maxAccountDurationDays: days.optional(),
  defaultDurationDays: days.optional(),
  expirationNotification: z
    .strictObject({
      advance: duration.describe('How long before the end of the account.'),
      text: text.optional(),
      texts: z.record(z.string(), text).optional().describe('The text in other languages, by their names.'),
    })
    .transform(({ advance, ...words }) => ({ advanceMs: advance, ...words }))
    .optional(),
  fromFirstLogin: flag.optional().describe('The duration begins with the first login.'),
}) satisfies z.ZodType<GuestTypeGiven>;
