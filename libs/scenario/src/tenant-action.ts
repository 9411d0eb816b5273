export const MAILBOX_CONDITIONS = ['full', 'disabled', 'restricted', 'submission-disabled'] as const;
export const SENDING_BLOCKS = ['5.7.501', '5.7.502', '5.7.503', '5.7.705', '5.7.708', '5.7.750'] as const;
export const TEMPORARY_FAILURES = ['454 4.7.0', '451 4.7.0', '451 4.7.3'] as const;

/** Whether the token service is well; `degraded` answers with an AADSTS number, `down` with a page of HTML. */
export type ServiceHealthChange =
  | { readonly status: 'available' }
  | { readonly status: 'degraded'; readonly aadsts: 90033 | 90024 | 90006 }
  | { readonly status: 'down'; readonly httpStatus: 502 | 503 | 504 };

/**
 * A change in Entra or in Exchange Online. Strings may hold placeholders. `mailbox` is, where absent, the one that ISE
 * sends from; the application is the one that ISE was set up with. What is absent stays as it is.
 */
export type TenantAction =
  /** Creates a client secret that placeholders can name as `secrets.<as>`. */
  | { readonly name: 'entra.addSecret'; readonly as: string; readonly endsOn?: number }
  | { readonly name: 'entra.removeSecret'; readonly secret: string }
  | { readonly name: 'entra.grantConsent' }
  | { readonly name: 'entra.revokeConsent' }
  | { readonly name: 'entra.changeTenantId' }
  | {
      readonly name: 'entra.application';
      /** "Enabled for users to sign-in?" */
      readonly enabled?: boolean;
      readonly disabledByMicrosoft?: boolean;
      /** False deletes the enterprise application; true creates it anew, with another object ID. */
      readonly hasServicePrincipal?: boolean;
    }
  /** The enterprise application "Office 365 Exchange Online", which the token is for. */
  | { readonly name: 'entra.resource'; readonly enabled?: boolean; readonly assignmentRequired?: boolean }
  | {
      readonly name: 'entra.settings';
      readonly secretReplicationLagMs?: number;
      readonly secretRemovalLagMs?: number;
      readonly newApplicationLagMs?: number;
      readonly serviceHealth?: ServiceHealthChange;
    }
  | {
      readonly name: 'entra.policies';
      readonly tokenLifetimeS?: number;
      /** Client IDs. */
      readonly blockedByConditionalAccess?: readonly string[];
      readonly throttling?: {
        readonly requestsMax: number;
        readonly windowMs: number;
        readonly retryAfterS: number;
        readonly answer: 'plain-text' | 'aadsts90055';
      } | null;
      readonly loopDetection?: { readonly requestsMax: number; readonly windowMs: number } | null;
    }
  | { readonly name: 'exchange.newServicePrincipal'; readonly appId: string; readonly objectId: string }
  | { readonly name: 'exchange.removeServicePrincipal'; readonly appId: string }
  | { readonly name: 'exchange.replaceServicePrincipal'; readonly appId: string; readonly objectId: string }
  | { readonly name: 'exchange.addMailboxPermission'; readonly mailbox?: string; readonly user?: string }
  | { readonly name: 'exchange.removeMailboxPermission'; readonly mailbox?: string; readonly user?: string }
  | { readonly name: 'exchange.createMailbox'; readonly mailbox?: string }
  | { readonly name: 'exchange.removeMailbox'; readonly mailbox?: string }
  /** Lines for the PowerShell of Exchange Online; one that fails makes the step fail. */
  | { readonly name: 'exchange.run'; readonly lines: readonly string[] }
  | {
      readonly name: 'exchange.mailbox';
      readonly mailbox?: string;
      readonly hasLicense?: boolean;
      readonly isSoftDeleted?: boolean;
      readonly kind?: 'user' | 'shared';
      readonly sizeBytes?: number;
      readonly sendBytesMax?: number;
      readonly conditions?: readonly (typeof MAILBOX_CONDITIONS)[number][];
    }
  | {
      readonly name: 'exchange.organization';
      readonly basicAuthentication?: 'blocked' | 'allowed' | 'retired';
      readonly securityDefaults?: boolean;
      readonly sendingBlock?: (typeof SENDING_BLOCKS)[number] | null;
      readonly strictIds?: boolean;
    }
  /** The mailboxes and their domain move to the tenant that `entra.changeTenantId` moves to, and leave Entra behind. */
  | { readonly name: 'exchange.changeTenantId' }
  | {
      readonly name: 'exchange.conditions';
      readonly isUnavailable?: boolean;
      readonly isTlsRateExceeded?: boolean;
      readonly temporaryAuthenticationFailure?: (typeof TEMPORARY_FAILURES)[number] | null;
      readonly hasTooFewResources?: boolean;
    }
  | {
      readonly name: 'exchange.settings';
      readonly messageBytesMax?: number;
      readonly connectionsMax?: number;
      readonly concurrentConnectionsMax?: number;
      readonly messagesPerMinuteMax?: number;
      readonly rateDelayMsMax?: number;
      readonly recipientsPerDayMax?: number;
      readonly outOfScopeShowsAt?: 'authentication' | 'submission';
      readonly permissionPropagation?: {
        readonly denyMs: number;
        readonly flapMs: number;
        readonly flapEveryMs: number;
      };
    }
  /** What other clients of the mailbox use of its limits: connections until they are changed again, the rest once. */
  | {
      readonly name: 'exchange.usage';
      readonly mailbox?: string;
      readonly connections?: number;
      readonly messages?: number;
      readonly recipients?: number;
    };
