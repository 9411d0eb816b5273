export {
  createGuestAccount,
  type GuestAccountRequest,
  type GuestCreation,
  type GuestCreationContext,
} from './create-guest-account.ts';
export { expiryNotificationDueAt, expiryNotificationsDue } from './expiry-notification.ts';
export {
  GUEST_STATES,
  isExpired,
  withoutPassword,
  type GuestAccount,
  type GuestState,
  type Sponsor,
} from './guest-account.ts';
export type { GuestRefusal } from './guest-refusal.ts';
export { DEFAULT_GUEST_TYPES, type ExpirationNotification, type GuestType } from './guest-type.ts';
export { isMailAddress } from './mail-address.ts';
export { resendRefusal } from './resend.ts';
