import { ApprovalController } from './approval.controller.ts';
import { GuestSignInController } from './guest-sign-in.controller.ts';
import { MissingPageController } from './missing-page.controller.ts';
import { PortalLimits } from './portal-limits.ts';
import { PortalPages } from './portal-pages.ts';
import { SelfRegistrationController } from './self-registration.controller.ts';
import { SponsorAccessController } from './sponsor-access.controller.ts';
import { SponsorAccountsController } from './sponsor-accounts.controller.ts';
import { SponsorCreateController } from './sponsor-create.controller.ts';
import { SponsorCreation } from './sponsor-creation.ts';
import { SponsorImportController } from './sponsor-import.controller.ts';
import { SponsorNotices } from './sponsor-notices.ts';
import { SponsorOperationsController } from './sponsor-operations.controller.ts';

/** The pages of both portals; the order is that in which a path is looked up. */
export const PORTAL_CONTROLLERS = [
  ApprovalController,
  SelfRegistrationController,
  GuestSignInController,
  SponsorAccessController,
  SponsorAccountsController,
  SponsorOperationsController,
  SponsorImportController,
  SponsorCreateController,
  MissingPageController,
];

/** What they are made from, besides the services of the PSN. */
export const PORTAL_PROVIDERS = [PortalLimits, PortalPages, SponsorCreation, SponsorNotices];
