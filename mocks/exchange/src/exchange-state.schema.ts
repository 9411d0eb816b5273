import { z } from 'zod';
import type { ExchangeState } from './exchange-state.ts';
import { MAILBOX_RIGHTS } from './mailbox.ts';

/** Epoch milliseconds. */
const instant = z.number();
const bytes = z.int().nonnegative();

const mailboxSchema = z.object({
  address: z.string(),
  aliases: z.array(z.string()),
  displayName: z.string(),
  guid: z.string(),
  kind: z.enum(['user', 'shared']),
  hasLicense: z.boolean(),
  isSoftDeleted: z.boolean(),
  sizeBytes: bytes,
  sendBytesMax: bytes,
  conditions: z.array(z.enum(['full', 'disabled', 'restricted', 'submission-disabled'])),
  customAttribute1: z.string(),
  smtpClientAuthenticationDisabled: z.boolean().nullable(),
  permissions: z.array(
    z.object({
      trustee: z.string(),
      accessRights: z.array(z.enum(MAILBOX_RIGHTS)),
      deny: z.boolean(),
      since: instant,
    }),
  ),
  sendAs: z.array(z.object({ trustee: z.string(), since: instant })),
  createdAt: instant,
});

const organizationSchema = z.object({
  tenantId: z.string(),
  domain: z.string(),
  acceptedDomains: z.array(z.object({ name: z.string(), type: z.enum(['authoritative', 'internal-relay']) })),
  smtpClientAuthenticationDisabled: z.boolean(),
  allowLegacyTlsClients: z.boolean(),
  maxRecipientEnvelopeLimit: z.union([z.int().nonnegative(), z.literal('Unlimited')]),
  basicAuthentication: z.enum(['blocked', 'allowed', 'retired']),
  securityDefaults: z.boolean(),
  sendingBlock: z.enum(['5.7.501', '5.7.502', '5.7.503', '5.7.705', '5.7.708', '5.7.750']).nullable(),
  strictIds: z.boolean().default(false),
  mailboxes: z.array(mailboxSchema),
  otherRecipients: z.array(z.string()),
  servicePrincipals: z.array(
    z.object({
      appId: z.string(),
      objectId: z.string(),
      displayName: z.string(),
      sid: z.string(),
      guid: z.string(),
      createdAt: instant,
      changedAt: instant,
    }),
  ),
  managementScopes: z.array(z.object({ name: z.string(), recipientRestrictionFilter: z.string() })),
  roleAssignments: z.array(
    z.object({
      name: z.string(),
      role: z.string(),
      app: z.string(),
      customResourceScope: z.string().exactOptional(),
      since: instant,
    }),
  ),
});

/** For a state that was written down and comes back: what is not there, or is of another kind, is refused. */
export const exchangeStateSchema = z.object({
  conditions: z.object({
    isUnavailable: z.boolean(),
    isTlsRateExceeded: z.boolean(),
    temporaryAuthenticationFailure: z.enum(['454 4.7.0', '451 4.7.0', '451 4.7.3']).nullable(),
    hasTooFewResources: z.boolean(),
  }),
  organizations: z.array(organizationSchema),
}) satisfies z.ZodType<ExchangeState>;
