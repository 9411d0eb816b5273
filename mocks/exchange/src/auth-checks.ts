import { InvariantError } from '#libs/diagnosis';
import type { ExchangeOrganization } from './exchange-organization.ts';
import type { ServiceConditions } from './exchange-state.ts';
import { applicationAccessOf, type Judging } from './judging.ts';
import { isUsable } from './mailbox.ts';
import type { TokenClaims, TokenInspection, TokenFault } from './token-inspection.ts';

/** Why AUTH was refused; the wire has one text for most of them. */
export type AuthRefusalReason =
  | TokenFault
  | 'temporary-authentication-failure'
  | 'tenant-smtp-auth-disabled'
  | 'mailbox-smtp-auth-disabled'
  | 'tenant-mismatch'
  | 'role-missing'
  | 'service-principal-missing'
  | 'service-principal-wrong-object-id'
  | 'mailbox-out-of-scope'
  | 'mailbox-unknown'
  | 'mailbox-unlicensed'
  | 'mailbox-soft-deleted'
  | 'basic-authentication'
  | 'basic-authentication-retired'
  | 'security-defaults'
  | 'password-wrong'
  | 'conditional-access';

export interface AuthRefusal {
  reason: AuthRefusalReason;
  /** Reply code and text, without the suffix that names server and session. */
  code: number;
  text: string;
  /** What would have been right and what was found, where that tells the reader something. */
  expected?: string;
  actual?: string;
}

/** An attempt to authenticate with XOAUTH2. */
export interface TokenAttempt {
  /** The mailbox named in `user=`. */
  user: string;
  token: TokenInspection;
}

/** An attempt to authenticate with LOGIN. */
export interface PasswordAttempt {
  user: string;
  password: string;
}

export type AuthAttempt = TokenAttempt | PasswordAttempt;

/** Who an authenticated session acts as: an application, or the owner of the mailbox who knows its password. */
export interface AuthenticatedSender {
  mailbox: string;
  application?: {
    appId: string;
    /** ObjectId under which Exchange knows the application: its rights hang on it. */
    objectId: string;
    /** Whether Entra's role was in the token: then the mailbox's permissions decide, not the RBAC scope. */
    hasTokenRole: boolean;
  };
}

export type AuthCheck<A extends AuthAttempt> = (attempt: A, judging: Judging) => AuthRefusal | undefined;

export type AuthJudgement =
  { kind: 'accepted'; sender: AuthenticatedSender } | { kind: 'refused'; refusal: AuthRefusal };

const REQUIRED_ROLE = 'SMTP.SendAsApp';

/** In the order of fact sheet microsoft 8.1 (inferred): the switches hide everything about the token. */
export const AUTH_CHECKS: readonly AuthCheck<TokenAttempt>[] = [
  serviceCanAuthenticate,
  smtpAuthIsOnForTheTenant,
  smtpAuthIsOnForTheMailbox,
  tokenIsGood,
  tokenIsOfTheMailboxTenant,
  roleIsGranted,
  servicePrincipalIsRegistered,
  servicePrincipalHasTheObjectIdOfTheToken,
  mailboxExists,
  mailboxIsUsable,
  mailboxIsInScope,
];

/** Of AUTH LOGIN; where `550 5.7.30` comes in is unknown (fact sheet microsoft 9). */
const PASSWORD_CHECKS: readonly AuthCheck<PasswordAttempt>[] = [
  serviceCanAuthenticate,
  smtpAuthIsOnForTheTenant,
  smtpAuthIsOnForTheMailbox,
  basicAuthenticationIsAllowed,
  securityDefaultsAreOff,
  passwordIsRight,
  mailboxExists,
  mailboxIsUsable,
];

export function judgeAuthentication(attempt: AuthAttempt, judging: Judging): AuthJudgement {
  const refusal =
    'token' in attempt ? firstRefusal(AUTH_CHECKS, attempt, judging) : firstRefusal(PASSWORD_CHECKS, attempt, judging);
  if (refusal) return { kind: 'refused', refusal };
  const mailbox = attempt.user.toLowerCase();
  if (!('token' in attempt)) return { kind: 'accepted', sender: { mailbox } };
  const claims = claimsOf(attempt);
  if (!claims) throw new InvariantError('an authentication passed all checks without a good token');
  const { appId, oid: objectId, roles } = claims;
  const application = { appId, objectId, hasTokenRole: roles.includes(REQUIRED_ROLE) };
  return { kind: 'accepted', sender: { mailbox, application } };
}

function firstRefusal<A extends AuthAttempt>(checks: readonly AuthCheck<A>[], attempt: A, judging: Judging) {
  for (const check of checks) {
    const refusal = check(attempt, judging);
    if (refusal) return refusal;
  }
  return undefined;
}

const TEMPORARY_FAILURES: Record<NonNullable<ServiceConditions['temporaryAuthenticationFailure']>, string> = {
  '454 4.7.0': '4.7.0 Temporary authentication failure',
  '451 4.7.0': '4.7.0 Temporary server error. Please try again later. PRX1 ',
  '451 4.7.3': '4.7.3 Authentication unsuccessful due to temporary server error. Please try again later.',
};

function serviceCanAuthenticate(_attempt: AuthAttempt, { online }: Judging): AuthRefusal | undefined {
  const failure = online.conditions.temporaryAuthenticationFailure;
  if (!failure) return undefined;
  const code = Number(failure.slice(0, 3));
  return { reason: 'temporary-authentication-failure', code, text: TEMPORARY_FAILURES[failure] };
}

/** A mailbox that says `$false` is on although the organization is off. */
function smtpAuthIsOnForTheTenant({ user }: AuthAttempt, { online }: Judging): AuthRefusal | undefined {
  const organization = online.findByAddress(user);
  if (!organization?.smtpClientAuthenticationDisabled) return undefined;
  if (organization.findMailbox(user)?.smtpClientAuthenticationDisabled != null) return undefined;
  return disabledFor('Tenant', 'tenant-smtp-auth-disabled');
}

function smtpAuthIsOnForTheMailbox({ user }: AuthAttempt, { online }: Judging): AuthRefusal | undefined {
  const mailbox = online.findByAddress(user)?.findMailbox(user);
  return mailbox?.smtpClientAuthenticationDisabled ? disabledFor('Mailbox', 'mailbox-smtp-auth-disabled') : undefined;
}

function tokenIsGood({ token }: TokenAttempt): AuthRefusal | undefined {
  if (token.kind === 'good') return undefined;
  if (token.fault !== 'keys-unavailable') return unsuccessful(token.fault);
  return { reason: token.fault, code: 454, text: TEMPORARY_FAILURES['454 4.7.0'] };
}

function tokenIsOfTheMailboxTenant(attempt: TokenAttempt, { online }: Judging): AuthRefusal | undefined {
  const organization = online.findByAddress(attempt.user);
  const tenantId = claimsOf(attempt)?.tenantId;
  if (!organization || organization.tenantId === tenantId) return undefined;
  return unsuccessful('tenant-mismatch', { expected: organization.tenantId, actual: tenantId });
}

/** Consented in Entra, or given by RBAC for Applications (fact sheet microsoft 4.5). */
function roleIsGranted(attempt: TokenAttempt, judging: Judging): AuthRefusal | undefined {
  const claims = claimsOf(attempt);
  const roles = claims?.roles ?? [];
  if (roles.includes(REQUIRED_ROLE)) return undefined;
  if (claims && applicationAccessOf(attempt.user, claims.oid, judging) !== 'unassigned') return undefined;
  return unsuccessful('role-missing', { expected: REQUIRED_ROLE, actual: roles.join(' ') });
}

function servicePrincipalIsRegistered(attempt: TokenAttempt, judging: Judging): AuthRefusal | undefined {
  const claims = claimsOf(attempt);
  if (!claims || registeredPrincipal(claims, judging)) return undefined;
  return unsuccessful('service-principal-missing', { expected: claims.oid });
}

function servicePrincipalHasTheObjectIdOfTheToken(attempt: TokenAttempt, judging: Judging): AuthRefusal | undefined {
  const claims = claimsOf(attempt);
  const principal = claims && registeredPrincipal(claims, judging);
  if (!principal || principal.objectId === claims.oid) return undefined;
  return unsuccessful('service-principal-wrong-object-id', { expected: claims.oid, actual: principal.objectId });
}

function mailboxExists({ user }: AuthAttempt, { online }: Judging): AuthRefusal | undefined {
  return online.findByAddress(user)?.findMailbox(user) ? undefined : unsuccessful('mailbox-unknown');
}

/** What a mailbox without a licence is answered is inferred (fact sheet microsoft 4.6). */
function mailboxIsUsable({ user }: AuthAttempt, { online }: Judging): AuthRefusal | undefined {
  const mailbox = online.findByAddress(user)?.findMailbox(user);
  if (!mailbox || isUsable(mailbox)) return undefined;
  return unsuccessful(mailbox.isSoftDeleted ? 'mailbox-soft-deleted' : 'mailbox-unlicensed');
}

/** With the role consented in Entra, the mailbox's own permissions count instead. */
function mailboxIsInScope(attempt: TokenAttempt, judging: Judging): AuthRefusal | undefined {
  const claims = claimsOf(attempt);
  if (!claims || claims.roles.includes(REQUIRED_ROLE)) return undefined;
  if (judging.settings.outOfScopeShowsAt !== 'authentication') return undefined;
  if (applicationAccessOf(attempt.user, claims.oid, judging) === 'in-scope') return undefined;
  return unsuccessful('mailbox-out-of-scope');
}

function basicAuthenticationIsAllowed({ user }: PasswordAttempt, { online }: Judging): AuthRefusal | undefined {
  const { basicAuthentication = 'blocked' } = online.findByAddress(user) ?? {};
  if (basicAuthentication === 'allowed') return undefined;
  if (basicAuthentication === 'retired') {
    const text = '5.7.30 Basic authentication is not supported for Client Submission.';
    return { reason: 'basic-authentication-retired', code: 550, text };
  }
  return notMet('basic-authentication', 'basic authentication is disabled.');
}

function securityDefaultsAreOff({ user }: PasswordAttempt, { online }: Judging): AuthRefusal | undefined {
  if (!online.findByAddress(user)?.securityDefaults) return undefined;
  const text = "user is locked by your organization's security defaults policy. Contact your administrator.";
  return notMet('security-defaults', text);
}

function passwordIsRight({ user, password }: PasswordAttempt, { online }: Judging): AuthRefusal | undefined {
  switch (online.findByAddress(user)?.verifyPassword(user, password)) {
    case 'right':
      return undefined;
    case 'blocked-by-conditional-access':
      return notMet(
        'conditional-access',
        'the request did not meet the criteria to be authenticated successfully. Contact your administrator.',
      );
    default:
      return notMet('password-wrong', 'the user credentials were incorrect.');
  }
}

function claimsOf({ token }: TokenAttempt): TokenClaims | undefined {
  return token.kind === 'good' ? token.claims : undefined;
}

function registeredPrincipal(claims: TokenClaims, { online }: Judging) {
  const organization: ExchangeOrganization | undefined = online.findByTenant(claims.tenantId);
  return organization?.getServicePrincipals().find((principal) => principal.appId === claims.appId);
}

function unsuccessful(reason: AuthRefusalReason, found: { expected?: string; actual?: string } = {}): AuthRefusal {
  return { reason, code: 535, text: '5.7.3 Authentication unsuccessful', ...found };
}

function notMet(reason: AuthRefusalReason, why: string): AuthRefusal {
  return { reason, code: 535, text: `5.7.139 Authentication unsuccessful, ${why}` };
}

function disabledFor(whom: 'Tenant' | 'Mailbox', reason: AuthRefusalReason): AuthRefusal {
  return notMet(
    reason,
    `SmtpClientAuthentication is disabled for the ${whom}. ` +
      'Visit https://aka.ms/smtp_auth_disabled for more information.',
  );
}
