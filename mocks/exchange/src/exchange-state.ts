import type { AcceptedDomain, BasicAuthentication, SendingBlock } from './organization-options.ts';
import type { Mailbox } from './mailbox.ts';
import type { ManagementScope, RoleAssignment } from './role-based-access.ts';
import type { ServicePrincipal } from './service-principal.ts';

/** An organization as JSON: dates are epoch milliseconds, keys always in this order. */
export interface OrganizationState {
  tenantId: string;
  domain: string;
  acceptedDomains: AcceptedDomain[];
  smtpClientAuthenticationDisabled: boolean;
  allowLegacyTlsClients: boolean;
  maxRecipientEnvelopeLimit: number | 'Unlimited';
  basicAuthentication: BasicAuthentication;
  securityDefaults: boolean;
  sendingBlock: SendingBlock | null;
  strictIds: boolean;
  mailboxes: Mailbox[];
  otherRecipients: string[];
  servicePrincipals: ServicePrincipal[];
  managementScopes: ManagementScope[];
  roleAssignments: RoleAssignment[];
}

/** Troubles of the service as a whole: the customer can only wait. */
export interface ServiceConditions {
  /** Connections are answered with 421 4.3.2. */
  isUnavailable: boolean;
  /** STARTTLS is answered with 454. */
  isTlsRateExceeded: boolean;
  /** AUTH is answered with one of the three transient refusals that are known. */
  temporaryAuthenticationFailure: '454 4.7.0' | '451 4.7.0' | '451 4.7.3' | null;
  /** MAIL is answered with 452 4.3.1. */
  hasTooFewResources: boolean;
}

/** The whole of Exchange Online but for messages. */
export interface ExchangeState {
  conditions: ServiceConditions;
  organizations: OrganizationState[];
}
