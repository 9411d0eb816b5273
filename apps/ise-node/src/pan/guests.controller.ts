import { Body, Controller, Get, HttpCode, Post, Put, UseGuards } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import {
  withoutPassword,
  type GuestAccount,
  type GuestAccountRequest,
  type GuestCreation,
  type GuestType,
} from '#libs/guests';
import { composeTestMail } from '#libs/notification';
import type { Envelope } from '../cluster/cluster-messages.ts';
import { CurrentAdmin } from '../http/admin-user.decorator.ts';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import type { SendingOutcome } from '../mail/node-mailer.ts';
import { NodeContext } from '../node-context.ts';
import { GuestAccountsService } from './guest-accounts.service.ts';

const DAY_MS = 86_400_000;

const guestTypeSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  maxAccountDurationDays: z.int().min(1).max(999).default(365),
  defaultDurationDays: z.int().min(1).max(999).default(90),
  expirationNotification: z
    .strictObject({ advanceMs: z.int().min(60_000), text: z.string().max(4096).default('') })
    .optional(),
});
const testMailSchema = z.strictObject({ to: z.email() });

/** Guest accounts, guest types and the portal customization's test mail on the primary PAN. */
@Controller('isebed/v1')
export class GuestsController {
  constructor(
    private readonly context: NodeContext,
    private readonly accounts: GuestAccountsService,
  ) {}

  @MessagePattern('guest.create')
  create(@Payload() { cause, data }: Envelope<GuestAccountRequest>): GuestCreation {
    return this.context.journal.within(cause, () => this.accounts.create(data));
  }

  @MessagePattern('guest.update')
  update(@Payload() { cause, data }: Envelope<GuestAccount>): { taken: boolean } {
    this.context.journal.within(cause, () => this.accounts.store(data));
    return { taken: true };
  }

  @Get('guests')
  @UseGuards(AdminGuard)
  list(): Omit<GuestAccount, 'password'>[] {
    return this.context.settings.guests.map(withoutPassword);
  }

  @Put('guest-types')
  @UseGuards(AdminGuard)
  saveType(@Body(new ZodPipe(guestTypeSchema)) body: z.infer<typeof guestTypeSchema>): GuestType {
    const { name, maxAccountDurationDays, defaultDurationDays, expirationNotification: notification } = body;
    const type: GuestType = {
      name,
      durationMsMax: maxAccountDurationDays * DAY_MS,
      defaultDurationMs: Math.min(defaultDurationDays, maxAccountDurationDays) * DAY_MS,
      allowGuestPortalBypass: false,
      expirationNotification: {
        enabled: notification !== undefined,
        sendEmail: true,
        advanceMs: notification?.advanceMs ?? 3 * DAY_MS,
        text: notification?.text ?? '',
      },
    };
    this.accounts.saveType(type);
    return type;
  }

  /** Portal Page Customization > Notifications > Email > Settings > Send test email. */
  @Post('portal-page-customization/test-email')
  @HttpCode(200)
  @UseGuards(AdminGuard)
  async testMail(
    @Body(new ZodPipe(testMailSchema)) { to }: z.infer<typeof testMailSchema>,
    @CurrentAdmin() admin: string,
  ): Promise<{ outcome: SendingOutcome['kind'] }> {
    const { mailer, settings } = this.context;
    const mail = composeTestMail({ to, settings: settings.guestEmail });
    const outcome = await this.context.asAdministrator(admin, () => mailer.send(mail));
    return { outcome: outcome.kind };
  }
}
