import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { withoutPassword, type GuestAccount } from '#libs/guests';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { GuestPortalService } from './guest-portal.service.ts';
import { guestFields } from './portal-forms.ts';
import { PortalThreads } from './portal-threads.ts';
import { SelfRegistrationService, type DecisionAnswer, type RegistrationAnswer } from './self-registration.service.ts';

const registerSchema = z.strictObject({
  ...guestFields,
  username: z.string().max(64).optional(),
  portal: z.string().optional(),
});
const approvalSchema = z.strictObject({ token: z.string().min(1).max(256), reason: z.string().max(256).optional() });
const signInSchema = z.strictObject({ username: z.string().max(256), password: z.string().max(256) });
const passwordSchema = signInSchema.extend({ newPassword: z.string().max(256) });

/** What guests and approvers do on their pages, as an API of our own; the caller is an administrator. */
@Controller('isebed/v1')
@UseGuards(AdminGuard)
export class GuestPortalController {
  constructor(
    private readonly threads: PortalThreads,
    private readonly registrations: SelfRegistrationService,
    private readonly guests: GuestPortalService,
  ) {}

  @Post('self-registration')
  async register(
    @Body(new ZodPipe(registerSchema)) body: z.infer<typeof registerSchema>,
  ): Promise<Omit<RegistrationAnswer, 'account'> & { account: Omit<GuestAccount, 'password'> }> {
    const { portal, ...registration } = body;
    const answer = await this.threads.run('guest', () => this.registrations.register(registration, portal));
    return { ...answer, account: withoutPassword(answer.account) };
  }

  @Post('self-registration/approval')
  @HttpCode(200)
  decide(
    @Body(new ZodPipe(approvalSchema)) { token, reason }: z.infer<typeof approvalSchema>,
  ): Promise<DecisionAnswer> {
    return this.threads.run('approver', () => this.registrations.decideByLink(token, reason));
  }

  @Post('guest-portal/sign-in')
  @HttpCode(200)
  async signIn(
    @Body(new ZodPipe(signInSchema)) { username, password }: z.infer<typeof signInSchema>,
  ): Promise<{ account: Omit<GuestAccount, 'password'>; message: string }> {
    const account = await this.threads.run('guest', () => this.guests.signIn(username, password));
    return { account, message: 'You are signed in' };
  }

  @Post('guest-portal/password')
  @HttpCode(200)
  async changePassword(
    @Body(new ZodPipe(passwordSchema)) { username, password, newPassword }: z.infer<typeof passwordSchema>,
  ): Promise<{ message: string }> {
    await this.threads.run('guest', () => this.guests.changePassword(username, password, newPassword));
    return { message: 'Your password has been changed' };
  }
}
