import { reasonToDisable, type PasswordPolicies } from './password-policy.ts';
import type { AdminUser } from './user.ts';

/** Why an administrator with the right password is not let in. */
export interface SignInRefusal {
  readonly code: 'admin.account-disabled' | 'admin.password-expired' | 'admin.account-locked';
  readonly message: string;
  readonly remedy: string;
  /** Code of the message catalogue, where it has one (fact sheet ise 6). */
  readonly auditCode?: string;
}

/** Sign-ins with a wrong password in a row after which an account is locked, and for how long. Our choice. */
export const FAILED_SIGN_INS_MAX = 5;
export const LOCKED_MS = 15 * 60_000;

/** Whether an administrator may sign in at `now`, his password being right: the account counts, not only its tick. */
export function signInRefusal(admin: AdminUser, policies: PasswordPolicies, now: number): SignInRefusal | undefined {
  const because = admin.enabled ? reasonToDisable(admin, policies, now) : (admin.disabledBecause ?? 'by-hand');
  if (because === undefined) return undefined;
  if (because === 'password-expired') {
    return {
      code: 'admin.password-expired',
      message: `the account ${admin.username} is disabled: its password has expired`,
      remedy: 'Have another administrator set a new password and enable the account.',
      auditCode: '51007',
    };
  }
  return {
    code: 'admin.account-disabled',
    message: `the account ${admin.username} is disabled`,
    remedy: 'Have another administrator enable the account.',
  };
}

export function lockedRefusal(username: string): SignInRefusal {
  return {
    code: 'admin.account-locked',
    message: `the account ${username} is locked after ${FAILED_SIGN_INS_MAX} sign-ins with a wrong password`,
    remedy: `Wait ${LOCKED_MS / 60_000} minutes, or have another administrator set a new password.`,
  };
}
