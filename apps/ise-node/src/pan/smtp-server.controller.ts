import { Body, Controller, Get, HttpCode, Post, Put, UseGuards } from '@nestjs/common';
import { smtpServerFormSchema, type SmtpServerForm } from '#libs/settings';
import { CurrentAdmin } from '../http/admin-user.decorator.ts';
import { AdminGuard } from '../http/admin.guard.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { NodeContext } from '../node-context.ts';
import { SmtpServerService, type SmtpServerPage, type TestConnectionAnswer } from './smtp-server.service.ts';

/** Our own API for the SMTP Server page: the real product has it in the GUI alone (fact sheet ise 3). */
@Controller('isebed/v1/smtp-server')
@UseGuards(AdminGuard)
export class SmtpServerController {
  constructor(
    private readonly context: NodeContext,
    private readonly smtpServer: SmtpServerService,
  ) {}

  @Get()
  page(): SmtpServerPage {
    return this.smtpServer.page();
  }

  @Get('client-secret')
  reveal(): { clientSecret: string } {
    return this.smtpServer.reveal();
  }

  @Post('test-connection')
  @HttpCode(200)
  test(
    @Body(new ZodPipe(smtpServerFormSchema)) form: SmtpServerForm,
    @CurrentAdmin() admin: string,
  ): Promise<TestConnectionAnswer> {
    return this.context.asAdministrator(admin, () => this.smtpServer.testConnection(form));
  }

  @Put()
  save(
    @Body(new ZodPipe(smtpServerFormSchema)) form: SmtpServerForm,
    @CurrentAdmin() admin: string,
  ): Promise<SmtpServerPage> {
    return this.context.asAdministrator(admin, () => this.smtpServer.save(form));
  }
}
