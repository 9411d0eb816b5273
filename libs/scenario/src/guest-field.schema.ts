import { z } from 'zod';
import type {
  ApprovalLinkFields,
  CreateGuestFields,
  CreateRandomFields,
  EditGuestFields,
  ExtendGuestFields,
  GuestPasswordFields,
  GuestSignInFields,
  ImportGuestsFields,
  ReasonFields,
  ResendGuestFields,
  SelfRegistrationFields,
  SelfRegistrationSettingsFields,
  SponsorGroupFields,
} from './guest-click.ts';
import { manyRows } from './many.schema.ts';
import { days, flag, loginName, mailAddress, text, wholeNumber } from './scalar.schema.ts';

/* The fields of the guest access pages and portals, under `with`; some of them are the same under `given`. */

const sponsorPortal = {
  sponsor: loginName.optional().describe('Login name of who clicks; the first sponsor if you name none.'),
  copyMe: flag.optional().describe('"Copy me": the sponsor as Cc.'),
  sendSummary: flag.optional().describe('"Send me a summary".'),
  notify: flag.optional().describe('Whether guests are mailed; if you say nothing, as the button does.'),
};

const guestForm = {
  firstName: text.optional(),
  lastName: text.optional(),
  emailAddress: mailAddress.optional(),
  mobileNumber: text.optional(),
  company: text.optional(),
  personBeingVisited: text.optional(),
  reasonForVisit: text.optional(),
  notificationLanguage: text.optional().meta({ examples: ['English', 'German', 'Spanish'] }),
  location: text.optional().describe('Name of a guest location, whose time zone the mails are printed in.'),
};

const validity = { guestType: text.optional(), validDays: days.optional() };

export const createGuest = z.strictObject({
  ...guestForm,
  username: loginName.optional(),
  ...validity,
  ...sponsorPortal,
}) satisfies z.ZodType<CreateGuestFields>;

export const createRandom = z.strictObject({
  count: wholeNumber(1, 10_000, 'accounts'),
  prefix: text.optional().describe('What the user names begin with.'),
  ...validity,
  ...sponsorPortal,
}) satisfies z.ZodType<CreateRandomFields>;

export const importGuests = z.strictObject({
  csv: z
    .union([text, manyRows])
    .describe('The file: a line of column names, then a guest a line; or count and row for many alike.'),
  ...validity,
  ...sponsorPortal,
}) satisfies z.ZodType<ImportGuestsFields>;

const guest = loginName.describe("The guest's username.");
const guests = z.union([guest, z.array(guest).min(1)]).describe("The guest's username, or a list of them.");

export const resendGuest = z.strictObject({ guest, ...sponsorPortal }) satisfies z.ZodType<ResendGuestFields>;

export const editGuest = z.strictObject({
  guest,
  ...guestForm,
  guestType: text.optional(),
  ...sponsorPortal,
}) satisfies z.ZodType<EditGuestFields>;

export const extendGuest = z.strictObject({
  guest: guests,
  byDays: days.describe('So much longer, from the end on, or from now if that is past.'),
  ...sponsorPortal,
}) satisfies z.ZodType<ExtendGuestFields>;

export const reasonOf = z.strictObject({
  guest: guests,
  reason: text.optional(),
  ...sponsorPortal,
}) satisfies z.ZodType<ReasonFields>;

export const chosenGuests = z.strictObject({ guest: guests, ...sponsorPortal });

export const selfRegistration = z.strictObject({
  ...guestForm,
  username: loginName.optional(),
}) satisfies z.ZodType<SelfRegistrationFields>;

export const approvalLink = z.strictObject({
  guest: mailAddress.describe('The e-mail address of the guest whose request is decided.'),
}) satisfies z.ZodType<ApprovalLinkFields>;

export const guestSignIn = z.strictObject({
  guest,
  password: text.optional().describe('What the guest types; the right one if you say nothing.'),
}) satisfies z.ZodType<GuestSignInFields>;

export const guestPassword = guestSignIn.extend({ newPassword: text }) satisfies z.ZodType<GuestPasswordFields>;

const PERMISSIONS = [
  'canUpdateGuestContactInfo',
  'canViewGuestPasswords',
  'canSendSmsNotifications',
  'canResetGuestPasswords',
  'canExtendGuestAccounts',
  'canDeleteGuestAccounts',
  'canSuspendGuestAccounts',
  'requireSuspensionReason',
  'canReinstateSuspendedAccounts',
  'canApproveSelfregGuests',
  'limitApprovalToSponsorsGuests',
  'canAccessViaRest',
] as const;

const batchSize = wholeNumber(1, 10_000, 'accounts').optional();

export const sponsorGroup = z.strictObject({
  name: text,
  managePermission: z.enum(['ALLACCOUNTS', 'GROUPACCOUNTS', 'OWNACCOUNTS']).optional(),
  otherPermissions: z
    .strictObject(Object.fromEntries(PERMISSIONS.map((name) => [name, flag.optional()])))
    .optional()
    .describe('What its members may do; what you leave out is as in a default group.'),
  importBatchSizeLimit: batchSize,
  randomBatchSizeLimit: batchSize,
  autoNotification: flag.optional().describe('Guests of a batch are mailed as soon as they are created.'),
  guestTypes: z.array(text).optional().describe('Guest types that its members may give; all if you name none.'),
});
sponsorGroup satisfies z.ZodType<SponsorGroupFields>;

const unit = z.enum(['DAYS', 'HOURS', 'MINUTES']);
const amount = wholeNumber(1, 1_000_000);

export const selfRegistrationSettings = z.strictObject({
  guestType: text.optional(),
  accountValidityDuration: amount.optional(),
  accountValidityTimeUnits: unit.optional(),
  requireGuestApproval: flag.optional(),
  sendApprovalRequestTo: z.enum(['SELECTEDEMAILADDRESSES', 'PERSONBEINGVISITED']).optional(),
  approvalEmailAddresses: z.array(mailAddress).optional(),
  approveDenyLinksValidFor: amount.optional(),
  approveDenyLinksTimeUnits: unit.optional(),
  credentialNotificationUsingEmail: flag.optional(),
  guestEmailDomainsAllowed: z.array(text).optional(),
  guestEmailDomainsDenied: z.array(text).optional(),
}) satisfies z.ZodType<SelfRegistrationSettingsFields>;

export const nothing = z.strictObject({});
