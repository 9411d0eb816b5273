export type { ComposedMail, Composition, MailRefusal } from './composition.ts';
export {
  EMAIL_TYPES,
  isEmailType,
  isRightfulSender,
  rightfulSenders,
  type EmailType,
  type MailDuty,
} from './email-type.ts';
export { fromAddress } from './guest-email-settings.ts';
export {
  composeApprovalRequest,
  composeGuestApproval,
  composeGuestCredentials,
  composeGuestExpiry,
  composeGuestNotice,
  composeSponsorSummary,
  composeTestMail,
  type GuestMailOptions,
} from './guest-mails.ts';
export {
  BUILT_IN_LANGUAGES,
  GUEST_TEXT_KINDS,
  guestTextMistakes,
  type GuestText,
  type GuestTextKind,
  type PortalTexts,
} from './guest-texts.ts';
export { printGuestCredentials } from './print-view.ts';
export { composeAlarm, composePasswordExpiry } from './system-mails.ts';
