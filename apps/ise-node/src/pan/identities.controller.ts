import { Body, Controller, Get, Param, Post, Put, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { withoutPasswordHash, type AdminUser, type InternalUser } from '#libs/identities';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { NodeContext } from '../node-context.ts';
import { IdentitiesService } from './identities.service.ts';

const userName = z.string().regex(/^[^\s\p{Cc}/]{1,64}$/u, '1 to 64 characters, no blanks or slashes');
const common = {
  emailAddress: z.email().optional(),
  password: z.string().min(1).max(128).optional(),
  passwordChangedAt: z.iso.datetime().optional(),
  passwordNeverExpires: z.boolean().optional(),
};
const internal = {
  ...common,
  accountNameAlias: z.string().max(128).optional(),
  expiryDate: z.iso.date().optional(),
  expiryDateEnabled: z.boolean().optional(),
  changePassword: z.boolean().optional(),
};
const enabled = z.boolean();
const newInternalUser = z.strictObject({ ...internal, username: userName, enabled: enabled.default(true) });
const editedInternalUser = z.strictObject({ ...internal, enabled: enabled.optional() });
const newAdmin = z.strictObject({
  ...common,
  username: userName,
  enabled: enabled.default(true),
  includeSystemAlarmsInEmails: z.boolean().default(false),
});
const editedAdmin = z.strictObject({
  ...common,
  enabled: enabled.optional(),
  includeSystemAlarmsInEmails: z.boolean().optional(),
});

/**
 * Network access users and administrators. A user may be without a password: then only its age is known, and
 * nobody can sign in with it.
 */
@Controller('isebed/v1')
@UseGuards(AdminGuard)
export class IdentitiesController {
  constructor(
    private readonly context: NodeContext,
    private readonly identities: IdentitiesService,
  ) {}

  @Get('internal-users')
  internalUsers(): Omit<InternalUser, 'passwordHash'>[] {
    return this.context.settings.internalUsers.map(withoutPasswordHash);
  }

  @Post('internal-users')
  addInternalUser(@Body(new ZodPipe(newInternalUser)) body: z.infer<typeof newInternalUser>) {
    const { password, passwordChangedAt, ...fields } = body;
    const user: InternalUser = { kind: 'internal', ...fields, passwordChangedAt: this.instant(passwordChangedAt) };
    return withoutPasswordHash(this.identities.add(user, password));
  }

  @Put('internal-users/:username')
  editInternalUser(
    @Param('username') username: string,
    @Body(new ZodPipe(editedInternalUser)) body: z.infer<typeof editedInternalUser>,
  ) {
    const present = this.identities.named(this.context.settings.internalUsers, username);
    const { password, passwordChangedAt, enabled: isEnabled, ...fields } = body;
    const changes = { password, passwordChangedAt, enabled: isEnabled };
    return withoutPasswordHash(this.identities.edit<InternalUser>(present, fields, changes));
  }

  @Get('admin-users')
  adminUsers(): Omit<AdminUser, 'passwordHash'>[] {
    return this.context.settings.adminUsers.map(withoutPasswordHash);
  }

  @Post('admin-users')
  addAdminUser(@Body(new ZodPipe(newAdmin)) body: z.infer<typeof newAdmin>) {
    const { password, passwordChangedAt, ...fields } = body;
    const user: AdminUser = { kind: 'admin', ...fields, passwordChangedAt: this.instant(passwordChangedAt) };
    return withoutPasswordHash(this.identities.add(user, password));
  }

  @Put('admin-users/:username')
  editAdminUser(
    @Param('username') username: string,
    @Body(new ZodPipe(editedAdmin)) body: z.infer<typeof editedAdmin>,
  ) {
    const present = this.identities.named(this.context.settings.adminUsers, username);
    const { password, passwordChangedAt, enabled: isEnabled, ...fields } = body;
    const changes = { password, passwordChangedAt, enabled: isEnabled };
    return withoutPasswordHash(this.identities.edit<AdminUser>(present, fields, changes));
  }

  private instant(text: string | undefined): number {
    return text === undefined ? this.context.clock.now() : Date.parse(text);
  }
}
