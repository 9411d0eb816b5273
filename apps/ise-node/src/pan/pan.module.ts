import { Module } from '@nestjs/common';
import { Membership } from '../cluster/membership.ts';
import { BackupController } from './backup.controller.ts';
import { BackupRepository } from './backup-repository.ts';
import { BackupService } from './backup.service.ts';
import { AlarmSettingsController } from './alarm-settings.controller.ts';
import { CertificateExpiryScheduler } from './certificate-expiry.scheduler.ts';
import { ConfigChangeAlarms } from './config-change-alarms.ts';
import { ConfigWriter } from './config-writer.ts';
import { DailyJobs } from './daily-jobs.ts';
import { DeploymentController } from './deployment.controller.ts';
import { DeploymentService } from './deployment.service.ts';
import { DutyAlarms } from './duty-alarms.ts';
import { DutyClaims } from './duty-claims.ts';
import { GuestAccountsService } from './guest-accounts.service.ts';
import { GuestExpiryScheduler } from './guest-expiry.scheduler.ts';
import { GuestPurgeScheduler } from './guest-purge.scheduler.ts';
import { GuestSettingsController } from './guest-settings.controller.ts';
import { GuestSettingsService } from './guest-settings.service.ts';
import { GuestsController } from './guests.controller.ts';
import { IdentitiesController } from './identities.controller.ts';
import { NodeGroupsController } from './node-groups.controller.ts';
import { PanMessagesController } from './pan-messages.controller.ts';
import { IdentitiesService } from './identities.service.ts';
import { PasswordReminderScheduler } from './password-reminder.scheduler.ts';
import { SecretExpiryScheduler } from './secret-expiry.scheduler.ts';
import { SmtpServerController } from './smtp-server.controller.ts';
import { SmtpServerService } from './smtp-server.service.ts';
import { SystemSettingsController } from './system-settings.controller.ts';
import { TrustedCertificatesController } from './trusted-certificates.controller.ts';

/** The Administration persona (PAN). */
@Module({
  controllers: [
    BackupController,
    AlarmSettingsController,
    DeploymentController,
    GuestSettingsController,
    GuestsController,
    IdentitiesController,
    NodeGroupsController,
    PanMessagesController,
    SmtpServerController,
    SystemSettingsController,
    TrustedCertificatesController,
  ],
  providers: [
    BackupRepository,
    BackupService,
    CertificateExpiryScheduler,
    ConfigChangeAlarms,
    ConfigWriter,
    DailyJobs,
    DeploymentService,
    DutyAlarms,
    DutyClaims,
    GuestAccountsService,
    GuestExpiryScheduler,
    GuestPurgeScheduler,
    GuestSettingsService,
    IdentitiesService,
    PasswordReminderScheduler,
    SecretExpiryScheduler,
    SmtpServerService,
  ],
  exports: [
    BackupRepository,
    BackupService,
    ConfigWriter,
    DeploymentService,
    GuestAccountsService,
    GuestSettingsService,
  ],
})
export class PanModule {
  constructor(config: ConfigWriter, membership: Membership) {
    membership.onReturn = (node) => config.returned(node);
  }
}
