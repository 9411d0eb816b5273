export { auditCodeOf, GUEST_AUDIT_CODES } from './audit-codes.ts';
export {
  createGuestAccount,
  createGuestAccounts,
  type GuestAccountRequest,
  type GuestBatchCreation,
  type GuestCreation,
  type GuestCreationContext,
} from './create-guest-account.ts';
export { expiryNotificationDueAt, expiryNotificationsDue } from './expiry-notification.ts';
export {
  GUEST_STATES,
  isExpired,
  lifeCycleState,
  shownState,
  withoutPassword,
  type GuestAccount,
  type GuestApproval,
  type GuestState,
} from './guest-account.ts';
export {
  guestPasswordPolicySchema,
  guestUsernamePolicySchema,
  type GuestPasswordPolicy,
  type GuestUsernamePolicy,
} from './guest-credentials-policy.ts';
export type { GuestFields } from './guest-fields.ts';
export { DEFAULT_GUEST_LOCATIONS, guestLocationSchema, timeZoneOf, type GuestLocation } from './guest-location.ts';
export type { GuestRefusal } from './guest-refusal.ts';
export { DEFAULT_GUEST_TYPES, guestTypeSchema, mayLogInAt, type GuestType } from './guest-type.ts';
export {
  importColumnOf,
  IMPORT_OCTETS_MAX,
  IMPORT_TEMPLATE,
  readGuestImport,
  refused as importRefused,
  type GuestImport,
  type ImportMistake,
} from './import-guests.ts';
export {
  GUEST_LIFE_CYCLE,
  GUEST_OPERATIONS,
  type GuestNotice,
  type GuestOperation,
  type LifeCycleCell,
} from './life-cycle.ts';
export { isMailAddress } from './mail-address.ts';
export { didYouMean } from './nearest.ts';
export {
  operationRefusal,
  performGuestOperation,
  type GuestChanges,
  type GuestCommand,
  type GuestOperationContext,
  type GuestOperationOutcome,
} from './perform-guest-operation.ts';
export { guestPurgePolicySchema, nextPurgeAt, purgeable, type GuestPurgePolicy } from './purge.ts';
export {
  followApprovalLink,
  registerGuest,
  selfRegistrationPortalSchema,
  type ApprovalTokens,
  type LinkOutcome,
  type Registration,
  type RegistrationOutcome,
  type SelfRegistrationPortal,
} from './self-registration.ts';
export {
  DEFAULT_SPONSOR_GROUPS,
  hashSponsorPassword,
  isOnPendingPage,
  isSponsorPassword,
  sponsorGroupSchema,
  SponsorRights,
  type Sponsor,
  type SponsorGroup,
} from './sponsor.ts';
