import { z } from 'zod';
import { defineAction as action } from './define-action.ts';
import {
  dateTime,
  duration,
  durationOrZero,
  flag,
  loginName,
  mailAddress,
  noteName,
  text,
  wholeNumber,
} from './scalar.schema.ts';
import { MAILBOX_CONDITIONS, SENDING_BLOCKS, TEMPORARY_FAILURES, type TenantAction } from './tenant-action.ts';

/** Bound of every count, so that a slip of the pen does not take memory. */
const COUNT_MAX = 1_000_000;
const BYTES_MAX = 1_099_511_627_776;

const appId = text.meta({ description: 'Client ID of the application.', examples: ['{{app.clientId}}'] });
const objectId = text.meta({
  description: 'The right one is the object ID of the enterprise application.',
  examples: ['{{app.enterpriseObjectId}}', '{{app.registrationObjectId}}'],
});
const principal = z.strictObject({ appId, objectId });
const mailbox = mailAddress.optional().describe('The mailbox that ISE sends from if you name none.');
const someMailbox = z.strictObject({ mailbox });
const permission = z.strictObject({ mailbox, user: text.optional() });
const nothing = z.strictObject({}, { error: '{} (it takes no values)' });
const count = wholeNumber(0, COUNT_MAX).optional();
const bytes = wholeNumber(0, BYTES_MAX, 'bytes').optional();
const lag = durationOrZero.optional();
const line = text.meta({ examples: ["Get-ServicePrincipal '{{app.clientId}}'"] });

const serviceHealth = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('available') }),
  z.strictObject({ status: z.literal('degraded'), aadsts: z.literal([90033, 90024, 90006]) }),
  z.strictObject({ status: z.literal('down'), httpStatus: z.literal([502, 503, 504]) }),
]);

const window = { requestsMax: wholeNumber(0, COUNT_MAX), window: duration };
const throttling = z
  .strictObject({
    ...window,
    retryAfter: duration,
    answer: z.enum(['plain-text', 'aadsts90055']).default('plain-text'),
  })
  .transform(({ window: windowMs, retryAfter, ...rest }) => ({ ...rest, windowMs, retryAfterS: retryAfter / 1000 }))
  .describe('More requests for tokens than this are refused; null: no limit.');
const loopDetection = z
  .strictObject(window)
  .transform(({ window: windowMs, ...rest }) => ({ ...rest, windowMs }))
  .describe('More requests of one application than this are taken for a loop; null: no limit.');

const permissionPropagation = z
  .strictObject({ deny: durationOrZero, flap: durationOrZero, flapEvery: duration })
  .transform(({ deny, flap, flapEvery }) => ({ denyMs: deny, flapMs: flap, flapEveryMs: flapEvery }))
  .describe('A new right is unknown for `deny`, then works and fails in turns of `flapEvery` for `flap`.');

/** The action keys that change something in Entra or in Exchange Online. */
export const TENANT_ACTION_SCHEMAS = {
  'entra.addSecret': action(
    'entra.addSecret',
    z.strictObject({
      as: noteName.describe('Name for the placeholders {{secrets.<name>.value}} and {{secrets.<name>.id}}.'),
      endsOn: dateTime.optional(),
    }),
    'Creates a client secret.',
  ),
  'entra.removeSecret': action(
    'entra.removeSecret',
    z.strictObject({ secret: loginName.describe('`current`, or a name given with `as`.') }),
    'Deletes a client secret.',
  ),
  'entra.grantConsent': action('entra.grantConsent', nothing, 'Grants admin consent for the API permission.'),
  'entra.revokeConsent': action('entra.revokeConsent', nothing, 'Takes admin consent back.'),
  'entra.changeTenantId': action('entra.changeTenantId', nothing, 'Gives the tenant another ID.'),
  'entra.application': action(
    'entra.application',
    z.strictObject({
      enabled: flag.optional().describe('"Enabled for users to sign-in?" of the enterprise application.'),
      disabledByMicrosoft: flag.optional(),
      hasServicePrincipal: flag
        .optional()
        .describe('false deletes the enterprise application; true creates it anew, with another object ID.'),
    }),
    'Changes the application that ISE was set up with.',
  ),
  'entra.resource': action(
    'entra.resource',
    z.strictObject({
      enabled: flag.optional(),
      assignmentRequired: flag.optional().describe('Only applications with a role get a token for it.'),
    }),
    'Changes the enterprise application "Office 365 Exchange Online", which the token is for.',
  ),
  'entra.settings': action(
    'entra.settings',
    z
      .strictObject({
        secretReplicationLag: lag.describe('For so long a new secret is refused.'),
        secretRemovalLag: lag.describe('For so long a deleted secret still works.'),
        newApplicationLag: lag.describe('For so long a new application is not known.'),
        serviceHealth: serviceHealth.optional(),
      })
      .transform(({ secretReplicationLag, secretRemovalLag, newApplicationLag, ...rest }) => ({
        ...rest,
        secretReplicationLagMs: secretReplicationLag,
        secretRemovalLagMs: secretRemovalLag,
        newApplicationLagMs: newApplicationLag,
      })),
    'Changes how Entra as a whole behaves.',
  ),
  'entra.policies': action(
    'entra.policies',
    z
      .strictObject({
        tokenLifetime: duration.optional(),
        blockedByConditionalAccess: z.array(text).optional().describe('Client IDs.'),
        throttling: throttling.nullable().optional(),
        loopDetection: loopDetection.nullable().optional(),
      })
      .transform(({ tokenLifetime, ...rest }) => ({
        ...rest,
        tokenLifetimeS: tokenLifetime === undefined ? undefined : tokenLifetime / 1000,
      })),
    'Changes the policies of the tenant.',
  ),
  'exchange.newServicePrincipal': action('exchange.newServicePrincipal', principal, 'New-ServicePrincipal.'),
  'exchange.removeServicePrincipal': action(
    'exchange.removeServicePrincipal',
    z.strictObject({ appId }),
    'Remove-ServicePrincipal.',
  ),
  'exchange.replaceServicePrincipal': action(
    'exchange.replaceServicePrincipal',
    principal,
    'Remove-ServicePrincipal, then New-ServicePrincipal.',
  ),
  'exchange.addMailboxPermission': action(
    'exchange.addMailboxPermission',
    permission,
    'Add-MailboxPermission with FullAccess.',
  ),
  'exchange.removeMailboxPermission': action(
    'exchange.removeMailboxPermission',
    permission,
    'Remove-MailboxPermission with FullAccess.',
  ),
  'exchange.createMailbox': action('exchange.createMailbox', someMailbox, 'Creates the mailbox.'),
  'exchange.removeMailbox': action('exchange.removeMailbox', someMailbox, 'Removes the mailbox.'),
  'exchange.run': z
    .union([line, z.array(line).min(1)], { error: 'a line of PowerShell, or a list of them' })
    .transform((lines): Extract<TenantAction, { name: 'exchange.run' }> => ({
      name: 'exchange.run',
      lines: typeof lines === 'string' ? [lines] : lines,
    }))
    .meta({ id: 'exchange.run', description: 'Runs cmdlets in the PowerShell of Exchange Online.' }),
  'exchange.mailbox': action(
    'exchange.mailbox',
    z.strictObject({
      mailbox,
      hasLicense: flag.optional(),
      isSoftDeleted: flag.optional(),
      kind: z.enum(['user', 'shared']).optional(),
      sizeBytes: bytes.describe('Of its content.'),
      sendBytesMax: bytes.describe('Of a message that it may send.'),
      conditions: z.array(z.enum(MAILBOX_CONDITIONS)).optional().describe('All that it has; [] for none.'),
    }),
    'Changes a mailbox.',
  ),
  'exchange.organization': action(
    'exchange.organization',
    z.strictObject({
      basicAuthentication: z.enum(['blocked', 'allowed', 'retired']).optional(),
      securityDefaults: flag.optional(),
      sendingBlock: z.enum(SENDING_BLOCKS).nullable().optional().describe('Keeps the whole tenant from sending.'),
      strictIds: flag.optional().describe('New-ServicePrincipal refuses IDs that Entra does not have.'),
    }),
    'Changes what holds for the whole organization.',
  ),
  'exchange.changeTenantId': action(
    'exchange.changeTenantId',
    nothing,
    'Mailboxes and domain move to another tenant, and leave the application behind.',
  ),
  'exchange.conditions': action(
    'exchange.conditions',
    z.strictObject({
      isUnavailable: flag.optional(),
      isTlsRateExceeded: flag.optional(),
      temporaryAuthenticationFailure: z.enum(TEMPORARY_FAILURES).nullable().optional(),
      hasTooFewResources: flag.optional(),
    }),
    'Troubles of the service as a whole.',
  ),
  'exchange.settings': action(
    'exchange.settings',
    z
      .strictObject({
        messageBytesMax: bytes,
        connectionsMax: count,
        concurrentConnectionsMax: count.describe('Of one mailbox.'),
        messagesPerMinuteMax: count.describe('Of one mailbox.'),
        rateDelayMax: lag.describe('So long a mail waits for its turn before it is refused.'),
        recipientsPerDayMax: count.describe('Of one mailbox.'),
        outOfScopeShowsAt: z.enum(['authentication', 'submission']).optional(),
        permissionPropagation: permissionPropagation.optional(),
      })
      .transform(({ rateDelayMax, ...rest }) => ({ ...rest, rateDelayMsMax: rateDelayMax })),
    'Changes the limits of the service.',
  ),
  'exchange.usage': action(
    'exchange.usage',
    z.strictObject({ mailbox, connections: count, messages: count, recipients: count }),
    'What other clients of the mailbox use of its limits: connections until changed again, the rest once, now.',
  ),
} satisfies { [Name in TenantAction['name']]: z.ZodType<Extract<TenantAction, { name: Name }>> };

/** Whether an action changes something in Entra or in Exchange Online. */
export function isTenantAction(action: { readonly name: string }): action is TenantAction {
  return Object.hasOwn(TENANT_ACTION_SCHEMAS, action.name);
}
