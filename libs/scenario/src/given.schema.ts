import { z } from 'zod';
import {
  adminUser,
  alarmSettings,
  guestEmailSettings,
  guestType,
  internalUser,
  panFailover,
  passwordPolicy,
  smtpServer,
} from './field.schema.ts';
import { selfRegistrationSettings, sponsorGroup } from './guest-field.schema.ts';
import { PERSONAS, type DeploymentGiven, type Given, type TenantGiven } from './given.ts';
import { manyMistakes, manyOf, manyShape } from './many.schema.ts';
import { assignRoles, roleMistakes } from './node-roles.ts';
import {
  dateTime,
  days,
  duration,
  durationOrZero,
  flag,
  loginName,
  logLevel,
  mailAddress,
  nodeName,
  text,
  wholeNumber,
} from './scalar.schema.ts';

const DEFAULT_CLOCK = '2026-02-02T05:00:00Z';
const NODES_MAX = 54;

const role = z.enum(['primary', 'secondary', 'active', 'standby']);
const node = z.strictObject({
  name: nodeName,
  personas: z.array(z.enum(PERSONAS)).min(1),
  role: z
    .union([role, z.array(role).min(1)])
    .optional()
    .describe('primary or secondary (Administration), active or standby (Monitoring), or a list of one of each.'),
});

const nodeList = z
  .array(node)
  .min(1)
  .max(NODES_MAX, { error: `at most ${NODES_MAX} nodes` })
  .superRefine((nodes, context) => {
    for (const { path, expected } of roleMistakes(nodes)) context.addIssue({ code: 'custom', path, message: expected });
  });

const deployment = z
  .union([
    z.enum(['six-nodes', 'standalone']).transform((kind): DeploymentGiven => ({ kind })),
    z
      .strictObject({ nodes: nodeList })
      .transform(({ nodes }): DeploymentGiven => ({ kind: 'listed', nodes: assignRoles(nodes) })),
  ])
  .describe('six-nodes is pan1, pan2, psn1, psn2, mnt1, mnt2; standalone is ise1.');

const HEALTHY_TENANT = {
  kind: 'standing',
  consent: true,
  servicePrincipal: 'enterprise',
  mailboxPermission: true,
} as const;
const tenant = z
  .union([
    z
      .enum(['healthy', 'empty'])
      .transform((word): TenantGiven => (word === 'empty' ? { kind: 'empty' } : HEALTHY_TENANT)),
    z
      .strictObject({ file: text.describe('A tenant seed, or an exported state; relative to this file.') })
      .transform(({ file }): TenantGiven => ({ kind: 'file', file })),
    z
      .strictObject({
        consent: flag.optional().describe('Admin consent was granted.'),
        servicePrincipal: z
          .enum(['enterprise', 'registration', 'none'])
          .optional()
          .describe('Which object ID Exchange knows the application under.'),
        mailboxPermission: flag.optional().describe('The application has FullAccess to the mailbox.'),
        secretEndsOn: dateTime.optional().describe('When the client secret really ends.'),
      })
      .transform((differences): TenantGiven => ({ ...HEALTHY_TENANT, ...differences })),
  ])
  .describe(
    'The Microsoft side: healthy, or what differs from healthy; or empty: a domain, licences that nobody has, an administrator; or a file with tenants of your own.',
  );

const smtpSettings = z
  .union([
    z
      .enum(['tested-and-saved', 'none'])
      .transform((word): Given['smtpSettings'] => (word === 'none' ? { kind: 'none' } : { kind: 'saved', fields: {} })),
    smtpServer.transform((fields): Given['smtpSettings'] => ({ kind: 'saved', fields })),
  ])
  .describe('tested-and-saved, none, or the values that differ from the healthy ones (tested and saved).');

const guest = z.strictObject({
  username: loginName.optional(),
  firstName: text.optional(),
  lastName: text.optional(),
  emailAddress: mailAddress.optional(),
  guestType: text.optional(),
  validFrom: dateTime.optional(),
  validDays: days.optional(),
  sponsor: loginName.optional().describe('Login name of a sponsor; the first one if you name none.'),
  notificationLanguage: text.optional(),
  location: text.optional().describe('Name of a guest location.'),
});

const guests = z
  .array(
    guest
      .extend(manyShape)
      .superRefine((entry, context) => {
        for (const { path, expected } of manyMistakes(entry, ['username', 'emailAddress'], 'validFrom'))
          context.addIssue({ code: 'custom', path, message: expected });
      })
      .transform((entry) => manyOf(entry, 'validFrom')),
  )
  .transform((entries) => entries.flat());

const internalUsers = z
  .array(
    internalUser
      .extend(manyShape)
      .superRefine((entry, context) => {
        for (const { path, expected } of manyMistakes(entry, ['username', 'emailAddress'], 'passwordChangedOn'))
          context.addIssue({ code: 'custom', path, message: expected });
      })
      .transform((entry) => manyOf(entry, 'passwordChangedOn')),
  )
  .transform((entries) => entries.flat());

/** A test value: it opens nothing but the testbed's own portals. */
const LAB_SPONSOR_PASSWORD = 'isebed-Sponsor-1';

export const DEFAULT_SPONSOR = {
  username: 'sponsoruser',
  emailAddress: 'sponsoruser@lab.example',
  password: LAB_SPONSOR_PASSWORD,
};

const sponsor = z.strictObject({
  username: loginName,
  emailAddress: mailAddress,
  password: text.default(LAB_SPONSOR_PASSWORD).describe('For the sponsor portal and ERS.'),
  groups: z.array(text).min(1).optional().describe('Names of sponsor groups.'),
});

const TIME_ZONE = 'an IANA time zone such as Europe/Berlin';
const timeZone = z
  .string({ error: TIME_ZONE })
  .refine(isTimeZone, { error: TIME_ZONE })
  .meta({ description: 'IANA name of a time zone.', examples: ['Europe/Berlin'] });

/** `given`: everything has a default. */
export const givenSchema = z
  .strictObject({
    deployment: deployment.prefault('six-nodes'),
    tenant: tenant.prefault('healthy'),
    smtpSettings: smtpSettings.prefault('tested-and-saved'),
    guestEmailSettings: guestEmailSettings.default({}),
    alarmSettings: alarmSettings.default({}),
    network: z
      .enum(['open', 'proxy-only'])
      .default('open')
      .describe('proxy-only: the firewall drops everything to the Internet that does not come from the proxy.'),
    proxy: z.enum(['none', 'configured']).default('none').describe("ISE's own proxy setting at the start."),
    clock: dateTime.prefault(DEFAULT_CLOCK).describe('When the run starts.'),
    seed: wholeNumber(0, 2 ** 31 - 1)
      .default(1)
      .describe('Same seed, same run.'),
    debugLog: logLevel.default('INFO').describe('Level of guestaccess and guest-access-admin on every node.'),
    guestTypes: z.array(guestType).default([]),
    sponsors: z.array(sponsor).min(1).default([DEFAULT_SPONSOR]),
    sponsorGroups: z.array(sponsorGroup).default([]),
    selfRegistration: selfRegistrationSettings.default({}).describe('The self-registration portal.'),
    guestLocations: z.array(z.strictObject({ name: text, timeZone })).default([]),
    guestTimeZone: timeZone
      .default('UTC')
      .describe('Time zone of the deployment: of guests without a location, alarms and password reminders.'),
    guests: guests.default([]),
    internalUsers: internalUsers.default([]).describe('Network access users.'),
    adminUsers: z.array(adminUser).default([]),
    passwordPolicy: passwordPolicy.default({}).describe('Of administrators and network access users alike.'),
    alarmThresholds: z
      .strictObject({
        healthInterval: duration.optional().describe('Between two looks of the MnT at a node that is gone.'),
        healthMissedMax: wholeNumber(1, 100).optional().describe('Looks in vain before the alarm.'),
        certificateThresholdsDays: z.array(days).optional(),
        certificateDailyWithinDays: wholeNumber(0, 365).optional(),
      })
      .transform(({ healthInterval, ...rest }) => ({
        ...rest,
        ...(healthInterval === undefined ? {} : { healthIntervalMs: healthInterval }),
      }))
      .prefault({})
      .describe('What alarms that come up by themselves go by.'),
    retry: z
      .strictObject({
        attemptsMax: wholeNumber(1, 20).optional(),
        firstDelay: duration.optional(),
        delayMax: duration.optional(),
      })
      .transform(({ attemptsMax, firstDelay, delayMax }) => ({
        attemptsMax,
        firstDelayMs: firstDelay,
        delayMsMax: delayMax,
      }))
      .prefault({}),
    panFailover: panFailover.optional().describe('Automatic failover of the PAN; none unless you describe it.'),
    catchUp: durationOrZero
      .optional()
      .describe('How old what a node missed may be to be caught up without a manual sync; 6h if you say nothing.'),
  })
  .transform(({ catchUp, ...given }) => ({ ...given, ...(catchUp === undefined ? {} : { catchUpMs: catchUp }) }))
  .refine(({ tenant: { kind }, smtpSettings: { kind: settings } }) => kind !== 'empty' || settings === 'none', {
    path: ['smtpSettings'],
    error: 'none, since the tenant is empty: nothing could have been tested',
  })
  .describe('The world before the first step.') satisfies z.ZodType<Given>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
