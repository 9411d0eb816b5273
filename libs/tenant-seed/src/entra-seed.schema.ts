import { z } from 'zod';
import { dateTime, duration, durationOrZero, flag, text, wholeNumber } from '#libs/scenario';
import { address, certificatePem, country, guid, name, secretValue } from './seed-scalars.ts';

const COUNT_MAX = 1_000_000;
const BYTES_MAX = 1_099_511_627_776;
const LIST_MAX = 1_000;

const window = { requestsMax: wholeNumber(0, COUNT_MAX), window: duration };

/** Policies of one tenant; what is absent is as in a tenant that was just created. */
export const policies = z.strictObject({
  tokenLifetime: duration.optional().describe('Default 1h.'),
  continuousAccessEvaluation: flag.optional(),
  blockedByConditionalAccess: z.array(text).optional().describe('Names or client IDs of applications.'),
  throttling: z
    .strictObject({
      ...window,
      retryAfter: duration,
      answer: z.enum(['plain-text', 'aadsts90055']).default('plain-text'),
    })
    .optional()
    .describe('More requests for tokens than this are refused.'),
  graphThrottling: z
    .strictObject({ ...window, retryAfter: duration })
    .optional()
    .describe('The same for requests to Microsoft Graph.'),
  loopDetection: z
    .strictObject(window)
    .optional()
    .describe('More requests of one application than this are taken for a loop.'),
});

const bytes = wholeNumber(0, BYTES_MAX, 'bytes').optional();

/** What a mailbox can have, whoever has it. */
export const mailboxFields = {
  aliases: z.array(address).max(LIST_MAX).default([]),
  conditions: z.array(z.enum(['full', 'disabled', 'restricted', 'submission-disabled'])).default([]),
  sizeBytes: bytes.describe('Of its content.'),
  sendBytesMax: bytes.describe('Of a message that it may send. Default 35 MB.'),
  customAttribute1: z.string().optional().describe('For the filters of management scopes.'),
  smtpClientAuthenticationDisabled: flag
    .nullable()
    .optional()
    .describe('Set-CASMailbox; null, the default: as the organization.'),
};

export const user = z.strictObject({
  userPrincipalName: address,
  id: guid.optional().describe('Object ID. Default: made up, the same each time.'),
  displayName: text.optional().describe('Default: the user principal name.'),
  givenName: text.optional(),
  surname: text.optional(),
  jobTitle: text.optional(),
  accountEnabled: flag.default(true),
  usageLocation: country.default('DE'),
  licensed: flag.default(true).describe('A licence with a mailbox.'),
  mailbox: z
    .strictObject({ ...mailboxFields, isSoftDeleted: flag.optional() })
    .optional()
    .describe('What differs from the mailbox that the licence gives; without a licence: a mailbox that lost it.'),
});

const secret = z
  .strictObject({
    name,
    secretId: guid.optional(),
    value: secretValue.optional(),
    startsOn: dateTime.optional().describe('Default: the start of the testbed.'),
    endsOn: dateTime.optional().describe('The first instant at which it no longer counts. Default: a year later.'),
  })
  .refine(({ startsOn, endsOn }) => startsOn === undefined || endsOn === undefined || startsOn < endsOn, {
    path: ['endsOn'],
    error: 'an end after the start',
  });

const certificate = z.strictObject({
  name,
  keyId: guid.optional(),
  certificate: certificatePem.describe('PEM, without the private key.'),
  revoked: flag.default(false).describe('On the revocation list of its CA.'),
});

export const application = z.strictObject({
  name,
  clientId: guid.optional().describe('Default: made up, the same each time. So are the other IDs.'),
  objectId: guid.optional().describe('Of the app registration.'),
  enterpriseObjectId: guid.optional().describe('Of the enterprise application: the one that Exchange needs.'),
  enabled: flag.default(true).describe('"Enabled for users to sign-in?" of the enterprise application.'),
  hasServicePrincipal: flag.default(true).describe('false: the enterprise application was deleted.'),
  disabledByMicrosoft: flag.default(false),
  multitenant: flag.default(false).describe('Other tenants may have an enterprise application of it.'),
  permissions: z.array(text).default(['SMTP.SendAsApp']).describe('API permissions; User.Read comes with each.'),
  adminConsent: flag.default(true).describe('For all of these permissions.'),
  globalAdministrator: flag.default(false).describe('The Entra role, for Graph and Exchange cmdlets.'),
  secrets: z
    .array(secret)
    .max(LIST_MAX)
    .optional()
    .describe('Default: one, named current, unless there are certificates.'),
  certificates: z.array(certificate).max(LIST_MAX).default([]),
  trustedCertificateSubjects: z.array(text).default([]).describe('Subject names instead of pinned certificates.'),
});

/** An application of another tenant of the file, as this tenant has it. */
export const foreignApplication = z.strictObject({
  name: name.describe('Of an application that is multitenant.'),
  tenant: name.describe('The tenant that it is registered in.'),
  enterpriseObjectId: guid.optional(),
  adminConsent: flag.default(true).describe('Of this tenant.'),
  enabled: flag.default(true),
});

const serviceHealth = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('available') }),
  z.strictObject({ status: z.literal('degraded'), aadsts: z.literal([90033, 90024, 90006]) }),
  z.strictObject({ status: z.literal('down'), httpStatus: z.literal([502, 503, 504]) }),
]);

/** Of Entra as a whole. */
export const entraService = z.strictObject({
  secretReplicationLag: durationOrZero.optional().describe('For so long a new secret is refused.'),
  secretRemovalLag: durationOrZero.optional().describe('For so long a deleted secret still works.'),
  newApplicationLag: durationOrZero.optional().describe('For so long a new application is not known.'),
  serviceHealth: serviceHealth.optional(),
});
