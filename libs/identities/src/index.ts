export {
  DEFAULT_PASSWORD_POLICIES,
  passwordExpiresAt,
  passwordReminderDueAt,
  reminderKey,
  remindersDue,
  type PasswordPolicies,
  type PasswordPolicy,
  type PasswordReminder,
} from './password-policy.ts';
export { displayNameOf, type AdminUser, type InternalUser, type User } from './user.ts';
