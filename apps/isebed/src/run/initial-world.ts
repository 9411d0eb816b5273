import { CONFIG_KEYS, GUEST_ACCESS_KEYS, type InitialConfig } from '#apps/ise-node';
import { alarmThresholdsSchema, type AlarmSettings, type AlarmThresholds } from '#libs/alarms';
import {
  defineDeployment,
  LAB_DOMAIN,
  panFailoverSchema,
  sixNodeDeployment,
  standaloneDeployment,
  type Deployment,
  type NodeDefinition,
  type PanFailoverSettings,
} from '#libs/deployment';
import {
  createGuestAccount,
  DEFAULT_GUEST_TYPES,
  guestLocationSchema,
  hashSponsorPassword,
  selfRegistrationPortalSchema,
  sponsorGroupSchema,
  type GuestAccount,
  type GuestType,
  type Sponsor,
} from '#libs/guests';
import { DEFAULT_PASSWORD_POLICIES, type AdminUser, type InternalUser } from '#libs/identities';
import { InvariantError } from '#libs/diagnosis';
import type { DeploymentGiven, Given, PanFailoverFields } from '#libs/scenario';
import { guestEmailSettingsSchema, retrySettingsSchema } from '#libs/settings';
import { Random } from '#libs/simulation';
import { GivenNotMetError } from './given-not-met.error.ts';
import { LAB_PROXY } from '../testbed/testbed.ts';
import { LAB_MAILBOX } from '../testbed/microsoft-state.ts';

const DAY_MS = 86_400_000;

export function deploymentOf(given: DeploymentGiven): Deployment {
  switch (given.kind) {
    case 'six-nodes':
      return sixNodeDeployment();
    case 'standalone':
      return standaloneDeployment();
    case 'listed':
      return defineDeployment(
        given.nodes.map((node, index): NodeDefinition => ({
          ...node,
          fqdn: `${node.name}.${LAB_DOMAIN}`,
          ipAddress: `10.20.1.${index + 11}`,
        })),
      );
  }
}

/**
 * What `given` says the deployment was set up with before the run, as configuration documents.
 *
 * @param mailbox the sender where `given` names none; empty for a tenant without a mailbox
 */
export function initialConfigOf(given: Given, seed: number, mailbox = LAB_MAILBOX): InitialConfig {
  const sender = mailbox === '' ? LAB_MAILBOX : mailbox;
  const types = guestTypesOf(given);
  return [
    [
      CONFIG_KEYS.guestEmail,
      guestEmailSettingsSchema.parse({ defaultFrom: sender, from: 'default', ...given.guestEmailSettings }),
    ],
    [CONFIG_KEYS.alarms, alarmSettingsOf(given, sender)],
    [CONFIG_KEYS.alarmThresholds, alarmThresholdsOf(given)],
    [CONFIG_KEYS.retry, retrySettingsSchema.parse(withoutUndefined(given.retry))],
    ...(given.panFailover ? [[CONFIG_KEYS.panFailover, panFailoverOf(given.panFailover)] as const] : []),
    ...(given.catchUpMs === undefined ? [] : [[CONFIG_KEYS.replication, { catchUpMsMax: given.catchUpMs }] as const]),
    [CONFIG_KEYS.passwordPolicies, passwordPoliciesOf(given)],
    ...(given.proxy === 'configured'
      ? [[CONFIG_KEYS.proxy, { host: LAB_PROXY.host, port: LAB_PROXY.port }] as const]
      : []),
    ...types.map((type) => [CONFIG_KEYS.guestType(type.name), type] as const),
    ...sponsorsOf(given).map((sponsor) => [CONFIG_KEYS.sponsor(sponsor.username), sponsor] as const),
    ...guestAccessOf(given),
    ...guestsOf(given, types, seed).map((guest) => [CONFIG_KEYS.guest(guest.username), guest] as const),
    ...internalUsersOf(given).map((user) => [CONFIG_KEYS.internalUser(user.username), user] as const),
    ...adminUsersOf(given).map((user) => [CONFIG_KEYS.adminUser(user.username), user] as const),
  ];
}

/** As the page PAN Failover sends it. */
function panFailoverOf({ pollingIntervalMs, ...fields }: PanFailoverFields): PanFailoverSettings {
  const interval = pollingIntervalMs === undefined ? {} : { pollingIntervalSeconds: pollingIntervalMs / 1000 };
  return panFailoverSchema.parse({ enabled: true, ...withoutUndefined(fields), ...interval });
}

function alarmSettingsOf({ alarmSettings: { sender: given, ...rest } }: Given, mailbox: string): AlarmSettings {
  const sender = given === undefined ? mailbox : given;
  return { perAlarm: {}, ...rest, ...(sender === null ? {} : { sender }) };
}

function alarmThresholdsOf({ alarmThresholds: { healthIntervalMs, ...rest } }: Given): AlarmThresholds {
  const healthIntervalSeconds = healthIntervalMs === undefined ? undefined : Math.ceil(healthIntervalMs / 1_000);
  return alarmThresholdsSchema.parse({ ...rest, healthIntervalSeconds });
}

function passwordPoliciesOf({ passwordPolicy }: Given): typeof DEFAULT_PASSWORD_POLICIES {
  const { admin, internal } = DEFAULT_PASSWORD_POLICIES;
  const changes = withoutUndefined(passwordPolicy);
  return { admin: { ...admin, ...changes }, internal: { ...internal, ...changes } };
}

function guestTypesOf({ guestTypes }: Given): GuestType[] {
  return guestTypes.map((type) => {
    const base = DEFAULT_GUEST_TYPES.find(({ name }) => name === type.name) ?? DEFAULT_GUEST_TYPES[0];
    if (!base) throw new InvariantError('there is no built-in guest type');
    const { maxAccountDurationDays, defaultDurationDays, expirationNotification: notification } = type;
    return {
      ...base,
      name: type.name,
      durationMsMax: maxAccountDurationDays === undefined ? base.durationMsMax : maxAccountDurationDays * DAY_MS,
      defaultDurationMs: defaultDurationDays === undefined ? base.defaultDurationMs : defaultDurationDays * DAY_MS,
      expirationNotification: notification
        ? {
            ...base.expirationNotification,
            enabled: true,
            advanceMs: notification.advanceMs,
            ...(notification.text === undefined ? {} : { text: notification.text }),
            ...(notification.texts === undefined ? {} : { texts: { ...notification.texts } }),
          }
        : base.expirationNotification,
      ...(type.fromFirstLogin === undefined ? {} : { fromFirstLogin: type.fromFirstLogin }),
    };
  });
}

function sponsorsOf({ sponsors }: Given): Sponsor[] {
  return sponsors.map(({ password, ...sponsor }) => ({
    ...withoutUndefined(sponsor),
    passwordHash: hashSponsorPassword(password, sponsor.username),
  }));
}

/** The pages of Work Centers > Guest Access, as far as `given` names them. */
function guestAccessOf({ sponsorGroups, selfRegistration, guestLocations, guestTimeZone }: Given): InitialConfig {
  const portal = selfRegistrationPortalSchema.parse(withoutUndefined(selfRegistration));
  return [
    ...sponsorGroups.map((group) => {
      const whole = sponsorGroupSchema.parse(withoutUndefined(group));
      return [GUEST_ACCESS_KEYS.sponsorGroup(whole.name), whole] as const;
    }),
    ...guestLocations.map(
      (location) => [GUEST_ACCESS_KEYS.location(location.name), guestLocationSchema.parse(location)] as const,
    ),
    ...(Object.keys(selfRegistration).length === 0
      ? []
      : [[GUEST_ACCESS_KEYS.selfRegistrationPortal(portal.name), portal] as const]),
    ...(guestTimeZone === 'UTC' ? [] : [[GUEST_ACCESS_KEYS.timeZone, guestTimeZone] as const]),
  ];
}

function guestsOf(given: Given, saved: readonly GuestType[], seed: number): GuestAccount[] {
  const random = new Random(`${seed}/guests of the start`);
  const guestTypes = [...DEFAULT_GUEST_TYPES.filter(({ name }) => !saved.some((type) => type.name === name)), ...saved];
  const accounts: GuestAccount[] = [];
  for (const { validDays, sponsor = given.sponsors[0]?.username, ...guest } of given.guests) {
    const creation = createGuestAccount(
      {
        ...withoutUndefined(guest),
        ...(sponsor === undefined ? {} : { sponsor }),
        ...(validDays === undefined ? {} : { durationMs: validDays * DAY_MS }),
      },
      { guestTypes, usernames: accounts.map(({ username }) => username), now: given.clock, random },
    );
    if (creation.kind === 'refused') {
      throw new GivenNotMetError('given.guests', creation.refusals.map(({ text }) => text).join(' '));
    }
    accounts.push(creation.account);
  }
  return accounts;
}

function internalUsersOf({ internalUsers }: Given): InternalUser[] {
  return internalUsers.map(({ passwordChangedOn, expiryDate, ...user }) => ({
    kind: 'internal',
    enabled: true,
    ...withoutUndefined(user),
    ...(expiryDate === undefined
      ? {}
      : { expiryDate: new Date(expiryDate).toISOString().slice(0, 10), expiryDateEnabled: true }),
    passwordChangedAt: passwordChangedOn,
  }));
}

function adminUsersOf({ adminUsers, clock }: Given): AdminUser[] {
  return adminUsers.map(({ passwordChangedOn = clock, ...user }) => ({
    kind: 'admin',
    enabled: true,
    includeSystemAlarmsInEmails: false,
    ...withoutUndefined(user),
    passwordChangedAt: passwordChangedOn,
  }));
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
