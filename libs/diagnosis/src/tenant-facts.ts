import { z } from 'zod';

/** ISO 8601. */
const INSTANT = z.iso.datetime();

const HEALTH = z.enum(['healthy', 'degraded', 'down']);

const APPLICATION = z.object({
  clientId: z.string(),
  objectId: z.string(),
  createdAt: INSTANT.optional(),
  /** Certificates & secrets. */
  secrets: z.array(
    z.object({ secretId: z.string(), startsAt: INSTANT, endsAt: INSTANT, createdAt: INSTANT.optional() }),
  ),
});

const ENTERPRISE_APPLICATION = z.object({
  clientId: z.string(),
  objectId: z.string(),
  /** "Enabled for users to sign-in?" */
  enabled: z.boolean(),
  /** "Assignment required?" */
  assignmentRequired: z.boolean(),
  /** Permissions page, application permissions with consent: `SMTP.SendAsApp`, and when it was given. */
  roles: z.array(z.object({ name: z.string(), since: INSTANT.optional() })),
});

const ENTRA = z.object({
  /** Overview page. */
  tenantId: z.string(),
  /** App registrations, or `GET /applications`. */
  applications: z.array(APPLICATION).optional(),
  /** Enterprise applications, or `GET /servicePrincipals`. */
  enterpriseApplications: z.array(ENTERPRISE_APPLICATION).optional(),
  /** Client IDs that a Conditional Access policy for workload identities blocks. */
  blockedByConditionalAccess: z.array(z.string()).optional(),
  /** Service health of Microsoft Entra. */
  health: HEALTH.optional(),
});

const MAILBOX = z.object({
  address: z.string(),
  aliases: z.array(z.string()).optional(),
  /** It has a licence, or is a shared mailbox that needs none. */
  usable: z.boolean(),
  softDeleted: z.boolean(),
  /** `null` inherits the organization's. */
  smtpClientAuthenticationDisabled: z.boolean().nullable(),
  /** Object IDs or addresses with FullAccess that is not denied. */
  fullAccess: z.array(z.string()),
  /** Who may send as it. */
  sendAs: z.array(z.string()).optional(),
  full: z.boolean().optional(),
  disabled: z.boolean().optional(),
  /** Restricted entities of Microsoft Defender. */
  restricted: z.boolean().optional(),
  submissionDisabled: z.boolean().optional(),
  sendBytesMax: z.number().optional(),
});

const EXCHANGE = z.object({
  /** Tenant of the organization that the mailbox is in. */
  tenantId: z.string().optional(),
  /** `Get-AcceptedDomain`. */
  domains: z.array(z.string()).optional(),
  /** `Get-TransportConfig`. */
  transport: z
    .object({
      smtpClientAuthenticationDisabled: z.boolean(),
      maxRecipientEnvelopeLimit: z.union([z.number(), z.literal('Unlimited')]).optional(),
    })
    .optional(),
  /** `Get-AuthenticationPolicy`, `Get-OrganizationConfig`. */
  basicAuthentication: z.enum(['blocked', 'allowed', 'retired']).optional(),
  securityDefaults: z.boolean().optional(),
  /** Message center or the portal of Microsoft Defender: the whole tenant is kept from sending. */
  sendingBlocked: z.boolean().optional(),
  /** `Get-ServicePrincipal`. */
  servicePrincipals: z.array(z.object({ appId: z.string(), objectId: z.string() })).optional(),
  /** `Get-Mailbox -SoftDeletedMailbox:$…`, `Get-CASMailbox`, `Get-MailboxPermission`, the user's licences. */
  mailboxes: z.array(MAILBOX).optional(),
  /** `Test-ServicePrincipalAuthorization`: object IDs with a role of RBAC for Applications, and the mailboxes in scope. */
  applicationRoles: z.array(z.object({ objectId: z.string(), mailboxesInScope: z.array(z.string()) })).optional(),
  /** Service health of Exchange Online. */
  health: HEALTH.optional(),
});

/**
 * What an administrator of the tenant can look up: pages of the Entra portal (or Microsoft Graph), cmdlets of Exchange
 * Online, service health. What is absent was not looked up; an empty list was, and there is nothing. No value of a secret
 * is among it: nobody can look one up.
 */
export const TENANT_FACTS = z.object({ entra: ENTRA.optional(), exchange: EXCHANGE.optional() });

export type TenantFacts = z.infer<typeof TENANT_FACTS>;
export type ApplicationFacts = z.infer<typeof APPLICATION>;
export type EnterpriseApplicationFacts = z.infer<typeof ENTERPRISE_APPLICATION>;
export type MailboxFacts = z.infer<typeof MAILBOX>;
