import { Body, Controller, Get, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import type { AdminUser, InternalUser } from '#libs/identities';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

const userName = z.string().regex(/^[^\s\p{Cc}/]{1,64}$/u, '1 to 64 characters, no blanks or slashes');
const common = {
  username: userName,
  emailAddress: z.email().optional(),
  passwordChangedAt: z.iso.datetime().optional(),
  enabled: z.boolean().default(true),
};
const internalUserSchema = z.strictObject({ ...common, accountNameAlias: z.string().max(128).optional() });
const adminUserSchema = z.strictObject({ ...common, includeSystemAlarmsInEmails: z.boolean().default(false) });

/** Network access users and administrators; in a first form without passwords, only with their ages. */
@Controller('isebed/v1')
@UseGuards(AdminGuard)
export class IdentitiesController {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {}

  @Get('internal-users')
  internalUsers(): InternalUser[] {
    return this.context.settings.internalUsers;
  }

  @Post('internal-users')
  addInternalUser(@Body(new ZodPipe(internalUserSchema)) body: z.infer<typeof internalUserSchema>): InternalUser {
    const user: InternalUser = { kind: 'internal', ...body, passwordChangedAt: this.instant(body.passwordChangedAt) };
    this.config.write(CONFIG_KEYS.internalUser(user.username), user);
    return user;
  }

  @Get('admin-users')
  adminUsers(): AdminUser[] {
    return this.context.settings.adminUsers;
  }

  @Post('admin-users')
  addAdminUser(@Body(new ZodPipe(adminUserSchema)) body: z.infer<typeof adminUserSchema>): AdminUser {
    const user: AdminUser = { kind: 'admin', ...body, passwordChangedAt: this.instant(body.passwordChangedAt) };
    this.config.write(CONFIG_KEYS.adminUser(user.username), user);
    return user;
  }

  private instant(text: string | undefined): number {
    return text === undefined ? this.context.clock.now() : Date.parse(text);
  }
}
