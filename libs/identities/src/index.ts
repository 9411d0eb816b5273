export { hashPassword, isPassword, type PasswordHash } from './password-hash.ts';
export {
  DEFAULT_PASSWORD_POLICIES,
  passwordExpiresAt,
  passwordReminderDueAt,
  reasonToDisable,
  reminderKeys,
  remindersDue,
  type PasswordPolicies,
  type PasswordPolicy,
  type PasswordReminder,
} from './password-policy.ts';
export { FAILED_SIGN_INS_MAX, LOCKED_MS, lockedRefusal, signInRefusal, type SignInRefusal } from './sign-in.ts';
export {
  displayNameOf,
  withoutPasswordHash,
  type AdminUser,
  type DisabledBecause,
  type InternalUser,
  type User,
} from './user.ts';
