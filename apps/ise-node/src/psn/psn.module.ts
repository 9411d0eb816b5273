import { Module } from '@nestjs/common';
import { PORTAL_CONTROLLERS, PORTAL_PROVIDERS } from '../portal/portal.providers.ts';
import { GuestAccountsClient } from './guest-accounts.client.ts';
import { GuestNotifier } from './guest-notifier.ts';
import { GuestPortalController } from './guest-portal.controller.ts';
import { GuestPortalService } from './guest-portal.service.ts';
import { PortalNoticeController } from './portal-notice.controller.ts';
import { PortalThreads } from './portal-threads.ts';
import { SelfRegistrationService } from './self-registration.service.ts';
import { SponsorPortalController } from './sponsor-portal.controller.ts';
import { SponsorPortalService } from './sponsor-portal.service.ts';

/** The Policy Service persona (PSN). */
@Module({
  controllers: [GuestPortalController, PortalNoticeController, SponsorPortalController, ...PORTAL_CONTROLLERS],
  providers: [
    GuestAccountsClient,
    GuestNotifier,
    GuestPortalService,
    PortalThreads,
    SelfRegistrationService,
    SponsorPortalService,
    ...PORTAL_PROVIDERS,
  ],
})
export class PsnModule {}
