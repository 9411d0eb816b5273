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
  composeGuestCredentials,
  composeGuestExpiry,
  composeSponsorSummary,
  composeTestMail,
  type GuestMailOptions,
} from './guest-mails.ts';
export { composeAlarm, composePasswordExpiry } from './system-mails.ts';
