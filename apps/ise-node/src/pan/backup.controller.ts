import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { backupSchema, BackupService, type Backup } from './backup.service.ts';

const encryptionKey = z.string().min(8, 'at least 8 characters').max(128);
const backupRequestSchema = z.strictObject({ name: z.string().trim().min(1).max(100), encryptionKey });
const restoreRequestSchema = z.strictObject({ backup: backupSchema, encryptionKey });

/** Administration > System > Backup & Restore. Simplified: the backup is the answer, there are no repositories. */
@Controller('isebed/v1/backup-restore')
@UseGuards(AdminGuard)
export class BackupController {
  constructor(private readonly backups: BackupService) {}

  @Post('backup')
  @HttpCode(200)
  backup(@Body(new ZodPipe(backupRequestSchema)) request: z.infer<typeof backupRequestSchema>): Backup {
    return this.backups.backup(request.name, request.encryptionKey);
  }

  @Post('restore')
  @HttpCode(200)
  restore(@Body(new ZodPipe(restoreRequestSchema)) request: z.infer<typeof restoreRequestSchema>): { message: string } {
    this.backups.restore(request.backup, request.encryptionKey);
    return { message: `${request.backup.name} was restored. SMTP server settings are not part of a backup.` };
  }
}
