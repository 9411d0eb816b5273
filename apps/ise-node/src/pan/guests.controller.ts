import { Body, Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import {
  withoutPassword,
  type GuestAccount,
  type GuestBatchCreation,
  type GuestCreation,
  type GuestOperationOutcome,
  type RegistrationOutcome,
} from '#libs/guests';
import { composeTestMail } from '#libs/notification';
import type { ClusterMessages, Envelope } from '../cluster/cluster-messages.ts';
import { CurrentAdmin } from '../http/admin-user.decorator.ts';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import type { SendingOutcome } from '../mail/node-mailer.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';
import { GuestAccountsService } from './guest-accounts.service.ts';

const testMailSchema = z.strictObject({ to: z.email() });

type Question<P extends keyof ClusterMessages> = Envelope<ClusterMessages[P]['question']>;

/** Guest accounts and the portal customization's test mail on the primary PAN. */
@Controller('isebed/v1')
export class GuestsController {
  constructor(
    private readonly context: NodeContext,
    private readonly accounts: GuestAccountsService,
    private readonly config: ConfigWriter,
  ) {}

  @MessagePattern('guest.create')
  create(@Payload() { cause, data }: Question<'guest.create'>): GuestCreation {
    return this.asPrimary(cause, () => this.accounts.create(data));
  }

  @MessagePattern('guest.createMany')
  createMany(@Payload() { cause, data }: Question<'guest.createMany'>): GuestBatchCreation {
    return this.asPrimary(cause, () => this.accounts.createMany(data));
  }

  @MessagePattern('guest.perform')
  perform(@Payload() { cause, data }: Question<'guest.perform'>): GuestOperationOutcome {
    return this.asPrimary(cause, () => this.accounts.perform(data));
  }

  @MessagePattern('guest.register')
  register(@Payload() { cause, data }: Question<'guest.register'>): RegistrationOutcome {
    return this.asPrimary(cause, () => this.accounts.register(data.registration, data.portal));
  }

  @MessagePattern('guest.followLink')
  followLink(@Payload() { cause, data }: Question<'guest.followLink'>): GuestOperationOutcome {
    return this.asPrimary(cause, () => this.accounts.followLink(data.token, data.reason));
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

  /** "Purge Now". */
  @Post('guests/purge')
  @HttpCode(200)
  @UseGuards(AdminGuard)
  purge(): { message: string } {
    this.config.requirePrimaryPan();
    return { message: `${this.accounts.purge()} guest account(s) purged` };
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

  /** Refuses before anything is judged or journalled: only the primary PAN knows how things stand. */
  private asPrimary<T>(cause: number | undefined, work: () => T): T {
    return this.context.journal.within(cause, () => {
      this.config.requirePrimaryPan();
      return work();
    });
  }
}
