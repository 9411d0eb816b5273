import type { LogLevel } from './expectation.ts';
import type { GuestTypeGiven } from './given.ts';
import type { GuestPageClick } from './guest-click.ts';

/** The form of the SMTP Server page. What is absent stays as the page shows it. */
export interface SmtpServerFields {
  readonly smtpServer?: string;
  readonly smtpPort?: number;
  readonly connectionTimeoutSeconds?: number;
  /** The TLS/SSL toggle. */
  readonly encryption?: boolean;
  readonly authentication?: 'none' | 'password' | 'oauth';
  /** Of `password`. */
  readonly userName?: string;
  readonly password?: string;
  /** The mailbox. */
  readonly emailAddress?: string;
  readonly clientId?: string;
  readonly tenantId?: string;
  readonly clientSecret?: string;
  /** The date that the administrator types, epoch ms. */
  readonly expiryDate?: number;
}

/** `host: null` empties the form: no proxy. With a host there is a port. */
export interface ProxyFields {
  readonly host: string | null;
  readonly port?: number;
  readonly userName?: string;
  readonly password?: string;
  readonly bypassHosts?: readonly string[];
  readonly appliesToSmtp?: boolean;
}

/** A certificate of the lab PKI, by its name. */
export interface TrustedCertificateFields {
  readonly certificate: string;
  /** The "Infrastructure" usage. */
  readonly infrastructure?: boolean;
  readonly enabled?: boolean;
}

export interface GuestEmailSettingsFields {
  readonly enabled?: boolean;
  readonly defaultFrom?: string;
  /** Mails to guests come from the sponsor's address, or always from the default one. */
  readonly from?: 'sponsor' | 'default';
}

export interface AlarmSettingsFields {
  /** The sender of alarm mails; null: never set, so that a node sends as `ise@<its name>`. */
  readonly sender?: string | null;
  readonly oneMailPerRecipient?: boolean;
}

/** The edit dialog of one alarm. What is absent stays as it is. */
export interface AlarmConfigurationFields {
  /** Name of the alarm, in full. */
  readonly alarm: string;
  readonly enabled?: boolean;
  readonly muted?: boolean;
  readonly emailNotification?: boolean;
  readonly addresses?: readonly string[];
  readonly sender?: string;
  readonly emailText?: string;
  readonly suppressForMs?: number;
  readonly emailFrequencyMs?: number;
}

export interface DebugLogFields {
  readonly node: string;
  readonly level: LogLevel;
}

/** The credentials are the lab's administrator unless something else is typed. */
export interface RegisterNodeFields {
  readonly node: string;
  readonly userName?: string;
  readonly password?: string;
}

/** The nodes that watch the primary PAN, how often, and how many polls may fail. */
export interface PanFailoverFields {
  readonly enabled?: boolean;
  readonly primaryHealthCheckNode?: string;
  readonly secondaryHealthCheckNode?: string;
  readonly pollingIntervalMs?: number;
  readonly failedAttempts?: number;
}

export interface BackupFields {
  readonly name: string;
  readonly encryptionKey: string;
}

/** `passwordChangedOn`: epoch ms. */
interface AccountFields {
  readonly username: string;
  readonly passwordNeverExpires?: boolean;
  readonly enabled?: boolean;
}

export interface InternalUserFields extends AccountFields {
  readonly emailAddress: string;
  readonly accountNameAlias?: string;
  /** The last day of the account, epoch ms. */
  readonly expiryDate?: number;
  readonly passwordChangedOn: number;
}

export interface AdminUserFields extends AccountFields {
  readonly emailAddress?: string;
  readonly includeSystemAlarmsInEmails?: boolean;
  readonly passwordChangedOn?: number;
}

/** What is changed of a user that is there. */
export type EditedInternalUserFields = Pick<InternalUserFields, 'username'> & Partial<InternalUserFields>;

export interface PasswordPolicyFields {
  readonly lifetimeDays?: number;
  readonly reminderDays?: number;
  readonly furtherReminderDays?: readonly number[];
  readonly disableAtEnd?: boolean;
}

/** Whose policy is saved: the two kinds of user have a page each. */
export interface PasswordPolicyClick extends PasswordPolicyFields {
  readonly users: 'admin' | 'internal';
}

/** A button of a page, with what is typed into the page before. Strings may hold placeholders. */
export type PageClick =
  | GuestPageClick
  | { readonly page: 'SMTP Server'; readonly button: 'Test Connection' | 'Save'; readonly fields: SmtpServerFields }
  | { readonly page: 'Proxy'; readonly button: 'Save'; readonly fields: ProxyFields }
  | {
      readonly page: 'Trusted Certificates';
      readonly button: 'Import' | 'Edit';
      readonly fields: TrustedCertificateFields;
    }
  | {
      readonly page: 'Trusted Certificates';
      readonly button: 'Delete';
      readonly fields: { readonly certificate: string };
    }
  | { readonly page: 'Guest Email Settings'; readonly button: 'Save'; readonly fields: GuestEmailSettingsFields }
  | { readonly page: 'Alarm Settings'; readonly button: 'Save'; readonly fields: AlarmSettingsFields }
  | { readonly page: 'Alarm Configuration'; readonly button: 'Edit'; readonly fields: AlarmConfigurationFields }
  | { readonly page: 'Alarms'; readonly button: 'Acknowledge'; readonly fields: { readonly alarm: string } }
  | { readonly page: 'Administrators'; readonly button: 'Add' | 'Edit'; readonly fields: AdminUserFields }
  | { readonly page: 'Password Policy'; readonly button: 'Save'; readonly fields: PasswordPolicyClick }
  | {
      readonly page: 'Portal Page Customization';
      readonly button: 'Send test email';
      readonly fields: { readonly to: string };
    }
  | { readonly page: 'Debug Log Configuration'; readonly button: 'Save'; readonly fields: DebugLogFields }
  | { readonly page: 'Deployment'; readonly button: 'Sync' | 'Deregister'; readonly fields: { readonly node: string } }
  | { readonly page: 'Deployment'; readonly button: 'Register'; readonly fields: RegisterNodeFields }
  | { readonly page: 'Deployment'; readonly button: 'Promote to Primary'; readonly fields: Record<never, never> }
  | { readonly page: 'PAN Failover'; readonly button: 'Save'; readonly fields: PanFailoverFields }
  | { readonly page: 'Backup & Restore'; readonly button: 'Backup' | 'Restore'; readonly fields: BackupFields }
  | { readonly page: 'Network Access Users'; readonly button: 'Add'; readonly fields: InternalUserFields }
  | { readonly page: 'Network Access Users'; readonly button: 'Edit'; readonly fields: EditedInternalUserFields }
  | { readonly page: 'Guest Types'; readonly button: 'Save'; readonly fields: GuestTypeGiven };
