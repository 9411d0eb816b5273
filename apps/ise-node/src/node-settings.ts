import { alarmThresholdsSchema, DEFAULT_ALARM_SETTINGS, type AlarmSettings, type AlarmThresholds } from '#libs/alarms';
import {
  deploymentFromDocument,
  panFailoverSchema,
  type Deployment,
  type DeploymentDocument,
  type PanFailoverSettings,
} from '#libs/deployment';
import { InvariantError } from '#libs/diagnosis';
import { DEFAULT_GUEST_TYPES, type GuestAccount, type GuestType, type Sponsor } from '#libs/guests';
import { DEFAULT_PASSWORD_POLICIES, type AdminUser, type InternalUser, type PasswordPolicies } from '#libs/identities';
import type { ConfigStore } from '#libs/replication';
import {
  guestEmailSettingsSchema,
  openSmtpServer,
  proxySettingsSchema,
  replicationSettingsSchema,
  retrySettingsSchema,
  secretAlarmSettingsSchema,
  type GuestEmailSettings,
  type ProxySettings,
  type ReplicationSettings,
  type RetrySettings,
  type SecretAlarmSettings,
  type SecretVault,
  type SmtpServerForm,
  type StoredSmtpServer,
} from '#libs/settings';
import type { TrustedCertificate } from '#libs/trust';
import { GuestAccessSettings } from './guest-access-settings.ts';

/** Keys of the replicated configuration. */
export const CONFIG_KEYS = {
  deployment: 'deployment',
  smtpServer: 'smtp-server',
  proxy: 'proxy',
  guestEmail: 'guest-email-settings',
  alarms: 'alarm-settings',
  secretAlarms: 'secret-alarm-settings',
  alarmThresholds: 'alarm-thresholds',
  passwordPolicies: 'password-policies',
  retry: 'retry-settings',
  trustedCertificate: (name: string) => `trusted-certificate/${name}`,
  guestType: (name: string) => `guest-type/${name}`,
  guest: (username: string) => `guest/${username}`,
  sponsor: (username: string) => `sponsor/${username}`,
  internalUser: (username: string) => `internal-user/${username}`,
  adminUser: (username: string) => `admin-user/${username}`,
  passwordReminder: (key: string) => `password-reminder/${key}`,
  secretNotice: 'secret-expiry-notice',
  panFailover: 'pan-failover',
  nodeGroup: (name: string) => `node-group/${name}`,
  replication: 'replication-settings',
  duty: (duty: string) => `duty/${duty}`,
  systemCertificate: (node: string) => `system-certificate/${node}`,
  certificateNotice: (certificate: string) => `certificate-notice/${certificate}`,
} as const;

/** A row of Administration > System > Certificates > System Certificates. Plain JSON: it is replicated. */
export interface SystemCertificate {
  node: string;
  name: string;
  /** One certificate; its key stays on the node. */
  pem: string;
}

/** Documents by configuration key. */
export type InitialConfig = readonly (readonly [key: string, value: unknown])[];

/** Typed reading of a node's copy of the configuration; what was never saved has the documented default. */
export class NodeSettings {
  /** Work Centers > Guest Access. */
  readonly guestAccess: GuestAccessSettings;
  private knownDeployment: Deployment | undefined;

  constructor(
    private readonly store: ConfigStore,
    private readonly vault: SecretVault,
  ) {
    this.guestAccess = new GuestAccessSettings(store);
    store.onChange(({ key }) => {
      if (key === CONFIG_KEYS.deployment) this.knownDeployment = undefined;
    });
  }

  get deployment(): Deployment {
    return (this.knownDeployment ??= this.readDeployment());
  }

  private readDeployment(): Deployment {
    const document = this.store.get<DeploymentDocument>(CONFIG_KEYS.deployment);
    if (!document) throw new InvariantError('a node without a deployment was started');
    return deploymentFromDocument(document);
  }

  /** With the secret in clear: for the path to the SMTP server alone. */
  get smtpServer(): SmtpServerForm | undefined {
    const stored = this.storedSmtpServer;
    return stored && openSmtpServer(stored, this.vault);
  }

  get storedSmtpServer(): StoredSmtpServer | undefined {
    return this.store.get<StoredSmtpServer>(CONFIG_KEYS.smtpServer);
  }

  get proxy(): ProxySettings {
    return proxySettingsSchema.parse(this.store.get(CONFIG_KEYS.proxy) ?? {});
  }

  get guestEmail(): GuestEmailSettings {
    return guestEmailSettingsSchema.parse(this.store.get(CONFIG_KEYS.guestEmail) ?? {});
  }

  get alarms(): AlarmSettings {
    return this.store.get<AlarmSettings>(CONFIG_KEYS.alarms) ?? DEFAULT_ALARM_SETTINGS;
  }

  get alarmThresholds(): AlarmThresholds {
    return alarmThresholdsSchema.parse(this.store.get(CONFIG_KEYS.alarmThresholds) ?? {});
  }

  get secretAlarms(): SecretAlarmSettings {
    return secretAlarmSettingsSchema.parse(this.store.get(CONFIG_KEYS.secretAlarms) ?? {});
  }

  get retry(): RetrySettings {
    return retrySettingsSchema.parse(this.store.get(CONFIG_KEYS.retry) ?? {});
  }

  get panFailover(): PanFailoverSettings {
    return panFailoverSchema.parse(this.store.get(CONFIG_KEYS.panFailover) ?? {});
  }

  get replication(): ReplicationSettings {
    return replicationSettingsSchema.parse(this.store.get(CONFIG_KEYS.replication) ?? {});
  }

  get passwordPolicies(): PasswordPolicies {
    return this.store.get<PasswordPolicies>(CONFIG_KEYS.passwordPolicies) ?? DEFAULT_PASSWORD_POLICIES;
  }

  get trustedCertificates(): TrustedCertificate[] {
    return this.store.list<TrustedCertificate>(CONFIG_KEYS.trustedCertificate(''));
  }

  /** The certificates that the nodes themselves present. */
  get systemCertificates(): SystemCertificate[] {
    return this.store.list<SystemCertificate>(CONFIG_KEYS.systemCertificate(''));
  }

  /** The built-in types, overlaid by what was saved. */
  get guestTypes(): GuestType[] {
    const byName = new Map(DEFAULT_GUEST_TYPES.map((type) => [type.name, type]));
    for (const type of this.store.list<GuestType>(CONFIG_KEYS.guestType(''))) byName.set(type.name, type);
    return [...byName.values()];
  }

  get guests(): GuestAccount[] {
    return this.store.listFrozen<GuestAccount>(CONFIG_KEYS.guest(''));
  }

  guest(username: string): GuestAccount | undefined {
    return this.store.get<GuestAccount>(CONFIG_KEYS.guest(username));
  }

  sponsor(username: string): Sponsor | undefined {
    return this.store.get<Sponsor>(CONFIG_KEYS.sponsor(username));
  }

  get sponsors(): Sponsor[] {
    return this.store.list<Sponsor>(CONFIG_KEYS.sponsor(''));
  }

  get internalUsers(): InternalUser[] {
    return this.store.list<InternalUser>(CONFIG_KEYS.internalUser(''));
  }

  get adminUsers(): AdminUser[] {
    return this.store.list<AdminUser>(CONFIG_KEYS.adminUser(''));
  }
}
