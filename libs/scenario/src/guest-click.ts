/** `sponsor`: login name of who clicks; absent: the first one. */
interface SponsorPortalFields {
  readonly sponsor?: string;
  readonly copyMe?: boolean;
  readonly sendSummary?: boolean;
  /** Whether guests are mailed; absent: as the button does. */
  readonly notify?: boolean;
}

/** What a guest's form holds. */
interface GuestFormFields {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly emailAddress?: string;
  readonly mobileNumber?: string;
  readonly company?: string;
  readonly personBeingVisited?: string;
  readonly reasonForVisit?: string;
  readonly notificationLanguage?: string;
  readonly location?: string;
}

export interface CreateGuestFields extends SponsorPortalFields, GuestFormFields {
  readonly username?: string;
  readonly guestType?: string;
  readonly validDays?: number;
}

export interface CreateRandomFields extends SponsorPortalFields {
  readonly count: number;
  readonly prefix?: string;
  readonly guestType?: string;
  readonly validDays?: number;
}

export interface ImportGuestsFields extends SponsorPortalFields {
  /** The file. */
  readonly csv: string;
  readonly guestType?: string;
  readonly validDays?: number;
}

export interface ResendGuestFields extends SponsorPortalFields {
  /** The guest's username. */
  readonly guest: string;
}

export interface EditGuestFields extends ResendGuestFields, GuestFormFields {
  readonly guestType?: string;
}

/** Whose accounts: one user name or several. */
interface ChosenGuests extends SponsorPortalFields {
  readonly guest: string | readonly string[];
}

export interface ExtendGuestFields extends ChosenGuests {
  readonly byDays: number;
}

export interface ReasonFields extends ChosenGuests {
  readonly reason?: string;
}

export interface SelfRegistrationFields extends GuestFormFields {
  readonly username?: string;
}

/** `guest`: the e-mail address of the guest whose request is decided. */
export interface ApprovalLinkFields {
  readonly guest: string;
}

/** The guest knows the password that is on the account; `password` is one that he types instead. */
export interface GuestSignInFields {
  readonly guest: string;
  readonly password?: string;
}

export interface GuestPasswordFields extends GuestSignInFields {
  readonly newPassword: string;
}

export interface SponsorGroupFields {
  readonly name: string;
  readonly managePermission?: 'ALLACCOUNTS' | 'GROUPACCOUNTS' | 'OWNACCOUNTS';
  readonly otherPermissions?: Readonly<Record<string, boolean | undefined>>;
  readonly importBatchSizeLimit?: number;
  readonly randomBatchSizeLimit?: number;
  readonly autoNotification?: boolean;
  readonly guestTypes?: readonly string[];
}

type Unit = 'DAYS' | 'HOURS' | 'MINUTES';

/** The settings of the self-registration portal; what is absent has its default. */
export interface SelfRegistrationSettingsFields {
  readonly guestType?: string;
  readonly accountValidityDuration?: number;
  readonly accountValidityTimeUnits?: Unit;
  readonly requireGuestApproval?: boolean;
  readonly sendApprovalRequestTo?: 'SELECTEDEMAILADDRESSES' | 'PERSONBEINGVISITED';
  readonly approvalEmailAddresses?: readonly string[];
  readonly approveDenyLinksValidFor?: number;
  readonly approveDenyLinksTimeUnits?: Unit;
  readonly credentialNotificationUsingEmail?: boolean;
  readonly guestEmailDomainsAllowed?: readonly string[];
  readonly guestEmailDomainsDenied?: readonly string[];
}

/** A button of the guest access pages and portals, with what is typed before. */
export type GuestPageClick =
  | { readonly page: 'Sponsor Portal'; readonly button: 'Create'; readonly fields: CreateGuestFields }
  | { readonly page: 'Sponsor Portal'; readonly button: 'Create Random'; readonly fields: CreateRandomFields }
  | { readonly page: 'Sponsor Portal'; readonly button: 'Import'; readonly fields: ImportGuestsFields }
  | { readonly page: 'Sponsor Portal'; readonly button: 'Resend'; readonly fields: ResendGuestFields }
  | { readonly page: 'Sponsor Portal'; readonly button: 'Edit'; readonly fields: EditGuestFields }
  | { readonly page: 'Sponsor Portal'; readonly button: 'Extend'; readonly fields: ExtendGuestFields }
  | { readonly page: 'Sponsor Portal'; readonly button: 'Suspend' | 'Deny'; readonly fields: ReasonFields }
  | {
      readonly page: 'Sponsor Portal';
      readonly button: 'Reinstate' | 'Delete' | 'Reset Password' | 'Approve';
      readonly fields: ChosenGuests;
    }
  | {
      readonly page: 'Self-Registration Portal';
      readonly button: 'Register';
      readonly fields: SelfRegistrationFields;
    }
  | { readonly page: 'Approval Mail'; readonly button: 'Approve' | 'Deny'; readonly fields: ApprovalLinkFields }
  | { readonly page: 'Guest Portal'; readonly button: 'Sign In'; readonly fields: GuestSignInFields }
  | { readonly page: 'Guest Portal'; readonly button: 'Change Password'; readonly fields: GuestPasswordFields }
  | { readonly page: 'Sponsor Groups'; readonly button: 'Save'; readonly fields: SponsorGroupFields }
  | {
      readonly page: 'Self-Registration Settings';
      readonly button: 'Save';
      readonly fields: SelfRegistrationSettingsFields;
    }
  | {
      readonly page: 'Guest Account Purge Policy';
      readonly button: 'Purge Now';
      readonly fields: Readonly<Record<string, never>>;
    };
