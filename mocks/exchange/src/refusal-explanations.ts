import type { AuthRefusalReason } from './auth-checks.ts';
import type { SubmissionRefusalReason } from './submission-checks.ts';

/** Why the service as a whole, or a limit, said no. */
export type ServiceRefusalReason =
  'service-unavailable' | 'too-many-connections' | 'too-few-resources' | 'rate-exceeded' | 'recipient-unknown';

/** What the wire does not say: the reason of each refusal in our own words. */
export const REFUSAL_EXPLANATIONS: Record<AuthRefusalReason | SubmissionRefusalReason | ServiceRefusalReason, string> =
  {
    'token-malformed': 'What was sent as the access token is not a token of Microsoft Entra.',
    'token-signature': 'The signature of the token was not made with a key of the tenant that it names.',
    'token-expired': 'The token has expired.',
    'token-not-yet-valid': 'The token is not valid yet: the clock of whoever issued it, or of this server, is off.',
    'token-audience': 'The token was issued for another resource than Exchange Online.',
    'keys-unavailable': 'The signing keys of the tenant could not be fetched, so nothing is known of the token yet.',
    'temporary-authentication-failure': 'The service cannot authenticate anybody for now.',
    'tenant-smtp-auth-disabled': 'SMTP AUTH is off for the organization, and the mailbox does not override that.',
    'mailbox-smtp-auth-disabled': 'SMTP AUTH is off for this mailbox ("Authenticated SMTP" under Manage email apps).',
    'tenant-mismatch': 'The token is of another tenant than the mailbox.',
    'role-missing': 'The token has no role SMTP.SendAsApp: no admin consent, or a token from before it.',
    'service-principal-missing': 'No service principal is registered in Exchange for the application.',
    'service-principal-wrong-object-id':
      'The service principal was registered with another object ID than that of the enterprise application.',
    'mailbox-out-of-scope':
      'The application is confined by RBAC for Applications, and the mailbox is not in its scope.',
    'mailbox-unknown': 'There is no mailbox with the address that user= names.',
    'mailbox-unlicensed': 'The mailbox has no licence.',
    'mailbox-soft-deleted': 'The mailbox was deleted and waits for its final removal.',
    'basic-authentication': 'A password was offered, and basic authentication is off.',
    'basic-authentication-retired': 'A password was offered, and basic authentication is gone for good.',
    'security-defaults': 'Security defaults of the tenant forbid sign-ins with a password alone.',
    'password-wrong': 'User name or password is wrong.',
    'conditional-access': 'A Conditional Access policy forbids this sign-in.',
    'message-unreadable': 'The message is not a valid MIME message.',
    'mailbox-disabled': 'The mailbox is disabled.',
    'submission-disabled': 'Submission is disabled for this account.',
    'no-full-access': 'The service principal has no FullAccess on the mailbox.',
    'permission-not-propagated': 'FullAccess was given, but has not reached this server yet.',
    'send-as-denied': 'The From address is not the mailbox, and the sender has no SendAs on it.',
    'sender-restricted': 'The mailbox is on the list of restricted senders: it has sent spam.',
    'tenant-blocked': 'The whole tenant is blocked from sending.',
    'concurrency-exceeded': 'The mailbox has as many connections as may submit at once.',
    'daily-quota-exceeded': 'With this message the mailbox would exceed its recipients in 24 hours.',
    'message-too-large': 'The message is larger than the mailbox may send.',
    'mailbox-full': 'The mailbox is over its quota, so the copy does not fit into Sent Items.',
    'service-unavailable': 'The service is down.',
    'too-many-connections': 'The server has as many connections as it takes.',
    'too-few-resources': 'The server has too few resources for another message.',
    'rate-exceeded': 'The mailbox sends more messages a minute than it may.',
    'recipient-unknown': 'The domain is the organization’s own, and nobody there has this address.',
  };
