import type { Network } from './action.ts';
import type {
  AdminUserFields,
  AlarmSettingsFields,
  GuestEmailSettingsFields,
  InternalUserFields,
  PanFailoverFields,
  PasswordPolicyFields,
  SmtpServerFields,
} from './click.ts';
import type { LogLevel } from './expectation.ts';
import type { SelfRegistrationSettingsFields, SponsorGroupFields } from './guest-click.ts';

export const PERSONAS = ['Administration', 'Policy Service', 'Monitoring'] as const;
export type PersonaName = (typeof PERSONAS)[number];

/** A node of a deployment that the file itself lists; roles that it leaves open are filled in, in the file's order. */
export interface NodeGiven {
  readonly name: string;
  readonly personas: readonly PersonaName[];
  /** There if and only if the node has the Administration persona. */
  readonly adminRole?: 'primary' | 'secondary';
  /** There if and only if the node has the Monitoring persona. */
  readonly monitoringRole?: 'active' | 'standby';
}

export type DeploymentGiven =
  | { readonly kind: 'six-nodes' }
  | { readonly kind: 'standalone' }
  | { readonly kind: 'listed'; readonly nodes: readonly NodeGiven[] };

/** The healthy tenant has consent, the enterprise application registered, FullAccess given. */
export interface StandingTenantGiven {
  readonly kind: 'standing';
  readonly consent: boolean;
  /** Which object ID Exchange knows the application under. */
  readonly servicePrincipal: 'enterprise' | 'registration' | 'none';
  readonly mailboxPermission: boolean;
  /** End of the client secret, epoch ms; absent: a year or more away. */
  readonly secretEndsOn?: number;
}

/** `empty`: a domain, licences that nobody has, an administrator. */
export type TenantGiven =
  | StandingTenantGiven
  | { readonly kind: 'empty' }
  /** A tenant seed, or an exported state; the path goes from the folder of the scenario. */
  | { readonly kind: 'file'; readonly file: string };

/** `saved`: tested and saved before the run, with these values and the healthy ones for the rest. */
export type SmtpSettingsGiven =
  { readonly kind: 'none' } | { readonly kind: 'saved'; readonly fields: SmtpServerFields };

export interface GuestTypeGiven {
  readonly name: string;
  readonly maxAccountDurationDays?: number;
  readonly defaultDurationDays?: number;
  /** Absent: no mail before the account ends. */
  readonly expirationNotification?: {
    readonly advanceMs: number;
    readonly text?: string;
    /** By language. */
    readonly texts?: Readonly<Record<string, string>>;
  };
  /** The duration begins with the first login. */
  readonly fromFirstLogin?: boolean;
}

export interface SponsorGiven {
  readonly username: string;
  readonly emailAddress: string;
  readonly password: string;
  /** Names of sponsor groups; absent: ALL_ACCOUNTS (default). */
  readonly groups?: readonly string[];
}

export interface GuestLocationGiven {
  readonly name: string;
  /** IANA name. */
  readonly timeZone: string;
}

export interface GuestGiven {
  readonly username?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** Absent: a guest without an address. */
  readonly emailAddress?: string;
  readonly guestType?: string;
  /** Epoch ms; absent: the start of the run. */
  readonly validFrom?: number;
  readonly validDays?: number;
  /** Login name of a sponsor; absent: the first one. */
  readonly sponsor?: string;
  readonly notificationLanguage?: string;
  readonly location?: string;
}

export interface AlarmThresholdsGiven {
  readonly healthIntervalMs?: number;
  readonly healthMissedMax?: number;
  readonly certificateThresholdsDays?: readonly number[];
  readonly certificateDailyWithinDays?: number;
}

export interface RetryGiven {
  readonly attemptsMax?: number;
  readonly firstDelayMs?: number;
  readonly delayMsMax?: number;
}

/** The world before the first step; everything has a default. Instants are epoch milliseconds. */
export interface Given {
  readonly deployment: DeploymentGiven;
  readonly tenant: TenantGiven;
  readonly smtpSettings: SmtpSettingsGiven;
  readonly guestEmailSettings: GuestEmailSettingsFields;
  /** Without a sender the mailbox; `sender: null` is a sender that was never set. */
  readonly alarmSettings: AlarmSettingsFields;
  readonly network: Network;
  /** ISE's own proxy setting at the start. */
  readonly proxy: 'none' | 'configured';
  readonly clock: number;
  /** 0 to 2^31-1. */
  readonly seed: number;
  /** Level of `guestaccess` and `guest-access-admin` on every node. */
  readonly debugLog: LogLevel;
  readonly guestTypes: readonly GuestTypeGiven[];
  readonly sponsors: readonly SponsorGiven[];
  readonly sponsorGroups: readonly SponsorGroupFields[];
  readonly selfRegistration: SelfRegistrationSettingsFields;
  readonly guestLocations: readonly GuestLocationGiven[];
  /** IANA name of the zone of guests without a location. */
  readonly guestTimeZone: string;
  readonly guests: readonly GuestGiven[];
  readonly internalUsers: readonly InternalUserFields[];
  readonly adminUsers: readonly AdminUserFields[];
  /** Of administrators and internal users alike. */
  readonly passwordPolicy: PasswordPolicyFields;
  readonly alarmThresholds: AlarmThresholdsGiven;
  readonly retry: RetryGiven;
  /** Absent: no automatic failover. */
  readonly panFailover?: PanFailoverFields;
  /** How old what a node missed may be to be caught up without a manual sync; absent: six hours. */
  readonly catchUpMs?: number;
}
