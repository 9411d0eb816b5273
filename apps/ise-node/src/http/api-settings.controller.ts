import { Body, Controller, Get, Put, UseGuards } from '@nestjs/common';
import { AdminGuard } from './admin.guard.ts';
import { ApiGate, API_SETTINGS_KEY } from './api-gate.ts';
import { apiSettingsSchema, type ApiSettings } from './api-settings.ts';
import { RequestError } from './request-error.ts';
import { ZodPipe } from './zod.pipe.ts';

/** Our own API for Administration > System > Settings > API Settings, which the real product has in the GUI alone. */
@Controller('isebed/v1/api-settings')
@UseGuards(AdminGuard)
export class ApiSettingsController {
  constructor(private readonly gate: ApiGate) {}

  @Get()
  read(): ApiSettings {
    return this.gate.settings;
  }

  @Put()
  save(@Body(new ZodPipe(apiSettingsSchema)) settings: ApiSettings): ApiSettings {
    const { writer, context } = this.gate;
    if (!writer) {
      const { name } = context.settings.deployment.primaryPan;
      throw new RequestError(409, 'deployment.not-primary-pan', `settings are written on ${name}`, `Use ${name}.`);
    }
    writer.write(API_SETTINGS_KEY, settings);
    return settings;
  }
}
