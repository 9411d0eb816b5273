import { Module } from '@nestjs/common';
import { ConfigWriter } from './config-writer.ts';
import { DeploymentController } from './deployment.controller.ts';
import { GuestAccountsService } from './guest-accounts.service.ts';
import { GuestExpiryScheduler } from './guest-expiry.scheduler.ts';
import { GuestPurgeScheduler } from './guest-purge.scheduler.ts';
import { GuestSettingsController } from './guest-settings.controller.ts';
import { GuestSettingsService } from './guest-settings.service.ts';
import { GuestsController } from './guests.controller.ts';
import { IdentitiesController } from './identities.controller.ts';
import { PasswordReminderScheduler } from './password-reminder.scheduler.ts';
import { SecretExpiryScheduler } from './secret-expiry.scheduler.ts';
import { SmtpServerController } from './smtp-server.controller.ts';
import { SmtpServerService } from './smtp-server.service.ts';
import { SystemSettingsController } from './system-settings.controller.ts';
import { TrustedCertificatesController } from './trusted-certificates.controller.ts';

/** The Administration persona (PAN). */
@Module({
  controllers: [
    DeploymentController,
    GuestSettingsController,
    GuestsController,
    IdentitiesController,
    SmtpServerController,
    SystemSettingsController,
    TrustedCertificatesController,
  ],
  providers: [
    ConfigWriter,
    GuestAccountsService,
    GuestExpiryScheduler,
    GuestPurgeScheduler,
    GuestSettingsService,
    PasswordReminderScheduler,
    SecretExpiryScheduler,
    SmtpServerService,
  ],
  exports: [ConfigWriter, GuestAccountsService, GuestSettingsService],
})
export class PanModule {}
