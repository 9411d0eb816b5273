import { Module, type DynamicModule, type INestApplication } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ERS_PROVIDERS } from '../ers/ers.providers.ts';
import { ErsGateway } from '../ers/ers.gateway.ts';
import { OPENAPI_PROVIDERS } from '../openapi/openapi.providers.ts';
import { OpenApiGateway } from '../openapi/openapi.gateway.ts';
import { ApiCallers } from './api-callers.ts';
import { ApiGate } from './api-gate.ts';
import { ApiSettingsController } from './api-settings.controller.ts';

/** The APIs of the real product: ERS and OpenAPI. */
@Module({})
export class PublicApiModule {
  /** @param imports the node's core and its personas */
  static for(imports: DynamicModule[]): DynamicModule {
    return {
      module: PublicApiModule,
      imports,
      controllers: [ApiSettingsController],
      providers: [ApiCallers, ApiGate, ...ERS_PROVIDERS, ...OPENAPI_PROVIDERS],
    };
  }

  /**
   * Puts both before the body parsers of our own API: they read bodies, and answer for bad ones, in forms of their own.
   * Call it before `app.init`.
   */
  static mount(app: INestApplication): void {
    app.use('/ers', (request: Request, response: Response) => app.get(ErsGateway).handle(request, response));
    app.use('/api/v1', (request: Request, response: Response) => app.get(OpenApiGateway).handle(request, response));
  }
}
