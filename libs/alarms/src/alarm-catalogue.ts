import { UnknownAlarmError } from './alarms.error.ts';

/** `Critical`, `Warning`, `Info`: fact sheet ise 4.2. */
export const ALARM_SEVERITIES = ['Critical', 'Warning', 'Info'] as const;
export type AlarmSeverity = (typeof ALARM_SEVERITIES)[number];

export type AlarmCategory = 'Administrative and Operational Audit' | 'PAN HA' | 'ISE Services' | 'System Health';

/** One row of the alarm list, with what is set for it until somebody changes it. */
export interface AlarmDefinition {
  readonly name: string;
  readonly category: AlarmCategory;
  readonly severity: AlarmSeverity;
  readonly description: string;
  readonly suggestedAction: string;
  readonly enabledByDefault: boolean;
  /** Whether it is mailed; the list has it in any case. */
  readonly mailedByDefault: boolean;
  /** Minutes in which a repetition is counted on the alarm that is there; 0: each is an alarm of its own. */
  readonly suppressForMinutesByDefault: number;
  /** The testbed's own: real ISE has no such alarm. */
  readonly ours?: true;
}

/** The names of fact sheet ise 4.1. Their severities are unknown there; these are our choice. */
export const SECRET_ABOUT_TO_EXPIRE = 'SMTP OAuth Client Secret about to be expired';
export const SECRET_HAS_EXPIRED = 'SMTP OAuth Client Secret has expired';
/** Real ISE is not known to have an alarm for mail that fails (fact sheet ise 4.1). */
export const MAIL_UNDELIVERABLE = 'SMTP mail could not be delivered';

/* Alarms that the testbed raises by itself; names of fact sheet ise 4.3. */
export const ADMIN_LOCKED = 'Administrator account Locked/Disabled';

export const CERTIFICATE_EXPIRATION = 'Certificate Expiration';
export const CERTIFICATE_EXPIRED = 'Certificate Expired';
export const CONFIGURATION_CHANGED = 'Configuration Changed';
export const DNS_FAILURE = 'DNS Resolution Failure';
export const NODE_DOWN = 'Health Status Unavailable';
export const REPLICATION_FAILED = 'Replication Failed';
export const REPLICATION_STOPPED = 'Replication Stopped';
export const SYNC_FAILURE = 'Sync Failure';

type Row = readonly [name: string, severity: AlarmSeverity, description: string, suggestedAction: string];

/** Fact sheet ise 4.3: usual names and severities, none of them confirmed. Descriptions and actions are our words. */
const AUDIT: readonly Row[] = [
  [
    SECRET_ABOUT_TO_EXPIRE,
    'Warning',
    'The expiry date entered for the client secret of the SMTP server is near.',
    'Create a new client secret in Entra, enter it with its expiry date on the SMTP Server page, test and save.',
  ],
  [
    SECRET_HAS_EXPIRED,
    'Critical',
    'The expiry date entered for the client secret of the SMTP server has passed. Mail may no longer leave ISE.',
    'Create a new client secret in Entra, enter it with its expiry date on the SMTP Server page, test and save.',
  ],
  ['Backup Failed', 'Critical', 'A backup did not complete.', 'Check the repository: reachability, rights, space.'],
  ['Patch Failure', 'Critical', 'A patch could not be installed on a node.', 'Read the patch log of the node.'],
  ['Deployment Upgrade Failure', 'Critical', 'The upgrade of a node failed.', 'Read the upgrade log of the node.'],
  [
    'Upgrade Bundle Download Failure',
    'Critical',
    'The upgrade bundle could not be fetched.',
    'Check the repository and its credentials.',
  ],
  ['CA Server is down', 'Critical', 'The internal CA does not answer.', 'Restart the CA service on the node.'],
  [CERTIFICATE_EXPIRED, 'Critical', 'A certificate has passed its end date.', 'Replace or renew the certificate.'],
  [CERTIFICATE_EXPIRATION, 'Warning', 'A certificate ends soon.', 'Renew the certificate before its end.'],
  [
    'Certificate Revoked',
    'Warning',
    'A certificate of the internal CA was revoked.',
    'Issue a new one if it is needed.',
  ],
  [
    'Certificate Replication Failed',
    'Critical',
    'A certificate did not reach a node.',
    'Check the node in the deployment list and synchronize it.',
  ],
  [
    'Certificate Provisioning Initialization Error',
    'Warning',
    'Certificate provisioning could not start.',
    'Check the certificate chain of the internal CA.',
  ],
  [
    'Secure LDAP connection issues',
    'Warning',
    'A secure connection to an LDAP server failed.',
    'Check the LDAP server and its CA among the trusted certificates.',
  ],
  [
    ADMIN_LOCKED,
    'Warning',
    'An administrator is locked out, or his password has expired.',
    'Have another administrator enable the account or reset its password.',
  ],
  [CONFIGURATION_CHANGED, 'Info', 'The configuration was changed.', 'Check that the change was meant.'],
  [REPLICATION_FAILED, 'Critical', 'A node did not take a change from the primary PAN.', 'Synchronize the node.'],
  [REPLICATION_STOPPED, 'Critical', 'A node takes no changes any more.', 'Check the node, then synchronize it.'],
  [SYNC_FAILURE, 'Critical', 'A manual synchronization failed.', 'Check that the PAN reaches the node, then repeat.'],
  ['Slow Replication Info', 'Info', 'Changes reach a node late.', 'Check load and network of the node.'],
  ['Slow Replication Warning', 'Warning', 'Changes reach a node very late.', 'Check load and network of the node.'],
  ['Slow Replication Error', 'Critical', 'Changes hardly reach a node.', 'Check the node, then synchronize it.'],
  [
    'Secondary CA/Root CA not updated',
    'Critical',
    'The certificates of the internal CA differ between the PANs.',
    'Synchronize the secondary PAN, and check the CA hierarchy on both.',
  ],
  [
    'ERS identified deprecated URL',
    'Info',
    'A client of the ERS API calls an address that will go.',
    'Have the client use the address that the API description names.',
  ],
  [
    'ERS identified out-dated URL',
    'Info',
    'A client of the ERS API calls an address that is gone.',
    'Have the client use the address that the API description names.',
  ],
  ['License About to Expire', 'Warning', 'A licence ends soon.', 'Renew the licence.'],
  ['License Expired', 'Critical', 'A licence has ended.', 'Renew the licence.'],
  ['License Violation', 'Warning', 'More is in use than the licences cover.', 'Buy licences, or use less.'],
  [DNS_FAILURE, 'Critical', 'A node could not resolve a name.', 'Check the name servers of the node.'],
  ['NTP Service Failure', 'Warning', 'The time service of a node is down.', 'Check the NTP service of the node.'],
  ['NTP Sync Failure', 'Warning', 'No time server can be used.', 'Check the time servers and the way to them.'],
  [
    'Administration thread pool reached threshold',
    'Warning',
    'Most threads of the administration pages are busy.',
    'Find the requests that last, and end them.',
  ],
];

const PAN_HA: readonly Row[] = [
  [
    'PAN Auto Failover - Failover Triggered',
    'Critical',
    'The health-check node had the secondary PAN promoted.',
    'Check the former primary PAN.',
  ],
  [
    'PAN Auto Failover - Promotion Failed',
    'Critical',
    'The secondary PAN could not be promoted.',
    'Promote it by hand, and check both PANs.',
  ],
  [
    'PAN Auto Failover - Health Check Inactive',
    'Critical',
    'The health-check node does not watch the primary PAN.',
    'Check the health-check node.',
  ],
];

const SERVICES: readonly Row[] = [
  [
    'ISE Server not running',
    'Critical',
    'The application server of a node is down.',
    'Restart the services of the node.',
  ],
  [
    'Identity store unavailable',
    'Critical',
    'An identity store does not answer.',
    'Check the store and the way to it.',
  ],
  ['Log Collector Error', 'Critical', 'The log collector of an MnT is down.', 'Restart the services of the MnT.'],
  ['Session services issues', 'Warning', 'Session data is incomplete.', 'Check the session services of the PSNs.'],
  ['PxGrid issues', 'Warning', 'The pxGrid service has a problem.', 'Check the pxGrid nodes.'],
];

const HEALTH: readonly Row[] = [
  ['High Load Average', 'Warning', 'The load average of a node is high.', 'Check what runs on the node.'],
  ['High Memory Utilization', 'Warning', 'A node is short of memory.', 'Check the size of the node.'],
  ['High Disk Space Utilization', 'Warning', 'A node is short of disk space.', 'Purge data, or enlarge the disk.'],
  ['High Disk I/O Utilization', 'Warning', 'The disks of a node are busy.', 'Check the storage of the node.'],
  ['High Authentication Latency', 'Warning', 'Authentications take long.', 'Check load and identity stores.'],
  [NODE_DOWN, 'Critical', 'A node sends no health data to the MnT.', 'Check the node and the way to it.'],
  ['Process Down', 'Critical', 'A process of a node ended.', 'Restart the services of the node.'],
];

const OWN: readonly Row[] = [
  [
    MAIL_UNDELIVERABLE,
    'Critical',
    'A mail was refused for good, or its retries are used up. (An alarm of this testbed, not of ISE.)',
    'Press Test Connection on the SMTP Server page; read guest.log of the node that sent the mail.',
  ],
];

/** What comes in crowds is counted for an hour rather than listed and mailed each time. Our choice. */
const COUNTED_FOR_MINUTES: Readonly<Record<string, number>> = { [MAIL_UNDELIVERABLE]: 60, [DNS_FAILURE]: 60 };

/** Not mailed until somebody wants it: every click on Save raises it. Our choice. */
const LISTED_ONLY: readonly string[] = [CONFIGURATION_CHANGED];

export const ALARM_CATALOGUE: readonly AlarmDefinition[] = [
  ...inCategory('Administrative and Operational Audit', AUDIT),
  ...inCategory('Administrative and Operational Audit', OWN).map((alarm) => ({ ...alarm, ours: true as const })),
  ...inCategory('PAN HA', PAN_HA),
  ...inCategory('ISE Services', SERVICES),
  ...inCategory('System Health', HEALTH),
];

/** @throws UnknownAlarmError naming the alarms there are. */
export function alarmDefinition(name: string): AlarmDefinition {
  const found = ALARM_CATALOGUE.find((alarm) => alarm.name === name);
  if (!found) {
    throw new UnknownAlarmError(
      name,
      ALARM_CATALOGUE.map((alarm) => alarm.name),
    );
  }
  return found;
}

function inCategory(category: AlarmCategory, rows: readonly Row[]): AlarmDefinition[] {
  return rows.map(([name, severity, description, suggestedAction]) => ({
    name,
    category,
    severity,
    description,
    suggestedAction,
    enabledByDefault: true,
    mailedByDefault: !LISTED_ONLY.includes(name),
    suppressForMinutesByDefault: COUNTED_FOR_MINUTES[name] ?? 0,
  }));
}
