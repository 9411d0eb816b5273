import { InvariantError } from '#libs/diagnosis';
import type { ExchangeOnline } from './exchange-online.ts';
import type { ExchangeOrganization } from './exchange-organization.ts';
import type { TokenClaims, TokenInspection, TokenFault } from './token-inspection.ts';

/** Why AUTH was refused; the wire has one text for most of them. */
export type AuthRefusalReason =
  | TokenFault
  | 'tenant-smtp-auth-disabled'
  | 'mailbox-smtp-auth-disabled'
  | 'tenant-mismatch'
  | 'role-missing'
  | 'service-principal-missing'
  | 'service-principal-wrong-object-id'
  | 'mailbox-unknown'
  | 'basic-authentication';

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
export interface AuthAttempt {
  /** The mailbox named in `user=`. */
  user: string;
  token: TokenInspection;
}

/** Who an authenticated session acts as. */
export interface AuthenticatedApplication {
  mailbox: string;
  appId: string;
  /** ObjectId under which Exchange knows the application: its rights hang on it. */
  objectId: string;
}

export type AuthCheck = (attempt: AuthAttempt, online: ExchangeOnline) => AuthRefusal | undefined;

export type AuthJudgement =
  { kind: 'accepted'; application: AuthenticatedApplication } | { kind: 'refused'; refusal: AuthRefusal };

const REQUIRED_ROLE = 'SMTP.SendAsApp';

/** In the order of fact sheet microsoft 8.1 (inferred): the switches hide everything about the token. */
export const AUTH_CHECKS: readonly AuthCheck[] = [
  smtpAuthIsOnForTheTenant,
  smtpAuthIsOnForTheMailbox,
  tokenIsGood,
  tokenIsOfTheMailboxTenant,
  roleIsGranted,
  servicePrincipalIsRegistered,
  servicePrincipalHasTheObjectIdOfTheToken,
  mailboxExists,
];

export function judgeAuthentication(attempt: AuthAttempt, online: ExchangeOnline): AuthJudgement {
  for (const check of AUTH_CHECKS) {
    const refusal = check(attempt, online);
    if (refusal) return { kind: 'refused', refusal };
  }
  const claims = claimsOf(attempt);
  if (!claims) throw new InvariantError('an authentication passed all checks without a good token');
  const application = { mailbox: attempt.user.toLowerCase(), appId: claims.appId, objectId: claims.oid };
  return { kind: 'accepted', application };
}

/** LOGIN, whatever the password: the service of these days refuses it by policy (fact sheet microsoft 4.4). */
export function basicAuthenticationRefusal(): AuthRefusal {
  return {
    reason: 'basic-authentication',
    code: 535,
    text: '5.7.139 Authentication unsuccessful, basic authentication is disabled.',
  };
}

/** A mailbox that says `$false` is on although the organization is off. */
function smtpAuthIsOnForTheTenant({ user }: AuthAttempt, online: ExchangeOnline): AuthRefusal | undefined {
  const organization = online.findByAddress(user);
  if (!organization?.smtpClientAuthenticationDisabled) return undefined;
  if (organization.findMailbox(user)?.smtpClientAuthenticationDisabled != null) return undefined;
  return disabledFor('Tenant', 'tenant-smtp-auth-disabled');
}

function smtpAuthIsOnForTheMailbox({ user }: AuthAttempt, online: ExchangeOnline): AuthRefusal | undefined {
  const mailbox = online.findByAddress(user)?.findMailbox(user);
  return mailbox?.smtpClientAuthenticationDisabled ? disabledFor('Mailbox', 'mailbox-smtp-auth-disabled') : undefined;
}

function tokenIsGood({ token }: AuthAttempt): AuthRefusal | undefined {
  if (token.kind === 'good') return undefined;
  if (token.fault !== 'keys-unavailable') return unsuccessful(token.fault);
  return { reason: token.fault, code: 454, text: '4.7.0 Temporary authentication failure' };
}

function tokenIsOfTheMailboxTenant(attempt: AuthAttempt, online: ExchangeOnline): AuthRefusal | undefined {
  const organization = online.findByAddress(attempt.user);
  const tenantId = claimsOf(attempt)?.tenantId;
  if (!organization || organization.tenantId === tenantId) return undefined;
  return unsuccessful('tenant-mismatch', { expected: organization.tenantId, actual: tenantId });
}

function roleIsGranted(attempt: AuthAttempt): AuthRefusal | undefined {
  const roles = claimsOf(attempt)?.roles ?? [];
  if (roles.includes(REQUIRED_ROLE)) return undefined;
  return unsuccessful('role-missing', { expected: REQUIRED_ROLE, actual: roles.join(' ') });
}

function servicePrincipalIsRegistered(attempt: AuthAttempt, online: ExchangeOnline): AuthRefusal | undefined {
  const claims = claimsOf(attempt);
  if (!claims || registeredPrincipal(claims, online)) return undefined;
  return unsuccessful('service-principal-missing', { expected: claims.oid });
}

function servicePrincipalHasTheObjectIdOfTheToken(
  attempt: AuthAttempt,
  online: ExchangeOnline,
): AuthRefusal | undefined {
  const claims = claimsOf(attempt);
  const principal = claims && registeredPrincipal(claims, online);
  if (!principal || principal.objectId === claims.oid) return undefined;
  return unsuccessful('service-principal-wrong-object-id', { expected: claims.oid, actual: principal.objectId });
}

function mailboxExists({ user }: AuthAttempt, online: ExchangeOnline): AuthRefusal | undefined {
  return online.findByAddress(user)?.findMailbox(user) ? undefined : unsuccessful('mailbox-unknown');
}

function claimsOf({ token }: AuthAttempt): TokenClaims | undefined {
  return token.kind === 'good' ? token.claims : undefined;
}

function registeredPrincipal(claims: TokenClaims, online: ExchangeOnline) {
  const organization: ExchangeOrganization | undefined = online.findByTenant(claims.tenantId);
  return organization?.getServicePrincipals().find((principal) => principal.appId === claims.appId);
}

function unsuccessful(reason: AuthRefusalReason, found: { expected?: string; actual?: string } = {}): AuthRefusal {
  return { reason, code: 535, text: '5.7.3 Authentication unsuccessful', ...found };
}

function disabledFor(whom: 'Tenant' | 'Mailbox', reason: AuthRefusalReason): AuthRefusal {
  return {
    reason,
    code: 535,
    text:
      `5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the ${whom}. ` +
      'Visit https://aka.ms/smtp_auth_disabled for more information.',
  };
}
