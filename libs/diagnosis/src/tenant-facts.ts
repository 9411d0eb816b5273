/**
 * What an administrator of the tenant can look up: pages of the Entra portal (or Microsoft Graph), cmdlets of Exchange
 * Online, service health. What is absent was not looked up; an empty list was, and there is nothing.
 *
 * Times are ISO 8601. No value of a secret is among it: nobody can look one up.
 */
export interface TenantFacts {
  entra?: EntraFacts;
  exchange?: ExchangeFacts;
}

export interface EntraFacts {
  /** Overview page. */
  tenantId: string;
  /** App registrations, or `GET /applications`. */
  applications?: readonly ApplicationFacts[];
  /** Enterprise applications, or `GET /servicePrincipals`. */
  enterpriseApplications?: readonly EnterpriseApplicationFacts[];
  /** Client IDs that a Conditional Access policy for workload identities blocks. */
  blockedByConditionalAccess?: readonly string[];
  /** Service health of Microsoft Entra. */
  health?: ServiceHealthFact;
}

export type ServiceHealthFact = 'healthy' | 'degraded' | 'down';

export interface ApplicationFacts {
  clientId: string;
  objectId: string;
  createdAt?: string;
  /** Certificates & secrets. */
  secrets: readonly { secretId: string; startsAt: string; endsAt: string; createdAt?: string }[];
}

export interface EnterpriseApplicationFacts {
  clientId: string;
  objectId: string;
  /** "Enabled for users to sign-in?" */
  enabled: boolean;
  /** "Assignment required?" */
  assignmentRequired: boolean;
  /** Permissions page, application permissions with consent: `SMTP.SendAsApp`, and when it was given. */
  roles: readonly { name: string; since?: string }[];
}

export interface ExchangeFacts {
  /** Tenant of the organization that the mailbox is in. */
  tenantId?: string;
  /** `Get-AcceptedDomain`. */
  domains?: readonly string[];
  /** `Get-TransportConfig`. */
  transport?: { smtpClientAuthenticationDisabled: boolean; maxRecipientEnvelopeLimit?: number | 'Unlimited' };
  /** `Get-AuthenticationPolicy`, `Get-OrganizationConfig`. */
  basicAuthentication?: 'blocked' | 'allowed' | 'retired';
  securityDefaults?: boolean;
  /** Message center or the portal of Microsoft Defender: the whole tenant is kept from sending. */
  sendingBlocked?: boolean;
  /** `Get-ServicePrincipal`. */
  servicePrincipals?: readonly { appId: string; objectId: string }[];
  /** `Get-Mailbox -SoftDeletedMailbox:$…`, `Get-CASMailbox`, `Get-MailboxPermission`, the user's licences. */
  mailboxes?: readonly MailboxFacts[];
  /** `Test-ServicePrincipalAuthorization`: object IDs with a role of RBAC for Applications, and the mailboxes in scope. */
  applicationRoles?: readonly { objectId: string; mailboxesInScope: readonly string[] }[];
  /** Service health of Exchange Online. */
  health?: ServiceHealthFact;
}

export interface MailboxFacts {
  address: string;
  aliases?: readonly string[];
  /** It has a licence, or is a shared mailbox that needs none. */
  usable: boolean;
  softDeleted: boolean;
  /** `null` inherits the organization's. */
  smtpClientAuthenticationDisabled: boolean | null;
  /** Object IDs or addresses with FullAccess that is not denied. */
  fullAccess: readonly string[];
  /** Who may send as it. */
  sendAs?: readonly string[];
  full?: boolean;
  disabled?: boolean;
  /** Restricted entities of Microsoft Defender. */
  restricted?: boolean;
  submissionDisabled?: boolean;
  sendBytesMax?: number;
}
