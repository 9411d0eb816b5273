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
}

export interface DebugLogFields {
  readonly node: string;
  readonly level: LogLevel;
}

/** `passwordChangedOn`: epoch ms. */
export interface InternalUserFields {
  readonly username: string;
  readonly emailAddress: string;
  readonly accountNameAlias?: string;
  readonly passwordChangedOn: number;
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
  | {
      readonly page: 'Portal Page Customization';
      readonly button: 'Send test email';
      readonly fields: { readonly to: string };
    }
  | { readonly page: 'Debug Log Configuration'; readonly button: 'Save'; readonly fields: DebugLogFields }
  | { readonly page: 'Deployment'; readonly button: 'Sync'; readonly fields: { readonly node: string } }
  | { readonly page: 'Network Access Users'; readonly button: 'Add'; readonly fields: InternalUserFields }
  | { readonly page: 'Guest Types'; readonly button: 'Save'; readonly fields: GuestTypeGiven };
