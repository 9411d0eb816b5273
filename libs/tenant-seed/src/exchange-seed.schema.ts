import { z } from 'zod';
import { dateTime, duration, durationOrZero, flag, text, wholeNumber } from '#libs/scenario';
import { address, domain, guid, name } from './seed-scalars.ts';
import { mailboxFields } from './entra-seed.schema.ts';

const COUNT_MAX = 1_000_000;
const BYTES_MAX = 1_099_511_627_776;
const LIST_MAX = 1_000;

const RIGHTS = [
  'FullAccess',
  'ChangeOwner',
  'ChangePermission',
  'DeleteItem',
  'ExternalAccount',
  'ReadPermission',
] as const;

const applicationName = text.describe('Name of an application of this tenant.');

const servicePrincipal = z
  .strictObject({
    application: applicationName.optional(),
    appId: guid.optional().describe('Instead of `application`, for one that is not in the file.'),
    objectId: z
      .union([z.enum(['enterprise', 'registration']), guid], { error: 'enterprise, registration, or a GUID' })
      .default('enterprise')
      .describe('The right one is that of the enterprise application.'),
    displayName: text.optional(),
  })
  .refine(({ application, appId }) => (application === undefined) !== (appId === undefined), {
    error: 'either an application, or an appId with its objectId',
  })
  .refine(({ appId, objectId }) => appId === undefined || !['enterprise', 'registration'].includes(objectId), {
    path: ['objectId'],
    error: 'a GUID, since the application is not in the file',
  });

const trustee = text.describe('Name of an application that Exchange knows, or address of a mailbox.');
const since = dateTime.optional().describe('When the right was given: it takes time to reach every server.');

const mailboxPermission = z.strictObject({
  mailbox: address,
  user: trustee,
  accessRights: z.array(z.enum(RIGHTS)).min(1).default(['FullAccess']),
  deny: flag.default(false),
  since,
});

const recipientPermission = z
  .strictObject({ mailbox: address, trustee, since })
  .describe('SendAs: Add-RecipientPermission.');

const roleAssignment = z.strictObject({
  name: name.optional(),
  app: applicationName,
  role: text.default('Application SMTP.SendAsApp'),
  customResourceScope: text.optional().describe('Name of a management scope; default: the whole organization.'),
  since,
});

/** Exchange Online of one tenant. */
export const exchangeOrganization = z.strictObject({
  smtpClientAuthenticationDisabled: flag.optional().describe('Set-TransportConfig. Default false.'),
  allowLegacyTlsClients: flag.optional(),
  maxRecipientEnvelopeLimit: z
    .union([wholeNumber(1, COUNT_MAX), z.literal('Unlimited')], { error: 'a whole number, or Unlimited' })
    .optional(),
  basicAuthentication: z.enum(['blocked', 'allowed', 'retired']).optional(),
  securityDefaults: flag.optional(),
  sendingBlock: z
    .enum(['5.7.501', '5.7.502', '5.7.503', '5.7.705', '5.7.708', '5.7.750'])
    .optional()
    .describe('Microsoft keeps the whole tenant from sending.'),
  strictIds: flag.optional().describe('New-ServicePrincipal refuses IDs that Entra does not have. Default false.'),
  relayDomains: z.array(domain).default([]).describe('Accepted domains of the type internal relay.'),
  sharedMailboxes: z
    .array(z.strictObject({ address, displayName: text.optional(), hasLicense: flag.default(false), ...mailboxFields }))
    .max(LIST_MAX)
    .default([]),
  otherRecipients: z.array(address).max(LIST_MAX).default([]).describe('Groups, contacts, mail users.'),
  servicePrincipals: z
    .array(servicePrincipal)
    .max(LIST_MAX)
    .optional()
    .describe('New-ServicePrincipal. Default: each application with SMTP.SendAsApp, under the right object ID.'),
  mailboxPermissions: z
    .array(mailboxPermission)
    .max(LIST_MAX)
    .optional()
    .describe('Add-MailboxPermission. Default: FullAccess to each mailbox for each of these service principals.'),
  recipientPermissions: z.array(recipientPermission).max(LIST_MAX).default([]),
  managementScopes: z.array(z.strictObject({ name, recipientRestrictionFilter: text })).default([]),
  roleAssignments: z.array(roleAssignment).default([]).describe('RBAC for Applications.'),
});

const count = wholeNumber(0, COUNT_MAX).optional();

/** Of Exchange Online as a whole: troubles, and limits. */
export const exchangeService = z.strictObject({
  conditions: z
    .strictObject({
      isUnavailable: flag.optional(),
      isTlsRateExceeded: flag.optional(),
      temporaryAuthenticationFailure: z.enum(['454 4.7.0', '451 4.7.0', '451 4.7.3']).optional(),
      hasTooFewResources: flag.optional(),
    })
    .default({}),
  messageBytesMax: wholeNumber(0, BYTES_MAX, 'bytes').optional(),
  concurrentConnectionsMax: count.describe('Of one mailbox.'),
  messagesPerMinuteMax: count.describe('Of one mailbox.'),
  rateDelayMax: durationOrZero.optional().describe('So long a mail waits for its turn before it is refused.'),
  recipientsPerDayMax: count.describe('Of one mailbox.'),
  adminRequestsMax: count.describe('Requests to the admin REST in five minutes.'),
  outOfScopeShowsAt: z.enum(['authentication', 'submission']).optional(),
  permissionPropagation: z
    .strictObject({ deny: durationOrZero, flap: durationOrZero, flapEvery: duration })
    .optional()
    .describe('A new right is unknown for `deny`, then works and fails in turns of `flapEvery` for `flap`.'),
});
