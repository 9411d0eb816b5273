import {
  Catch,
  Module,
  type ArgumentsHost,
  type DynamicModule,
  type ExceptionFilter,
  type INestApplication,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestbedError } from '#libs/diagnosis';
import { RealClock } from '#libs/simulation';
import { MailDesk } from '../mail-api/mail-desk.ts';
import { MailStatistics } from '../mail-api/mail-statistics.ts';
import { MailpitController } from '../mail-api/mailpit.controller.ts';
import { MailpitInfoController } from '../mail-api/mailpit-info.controller.ts';
import { ControlController } from './control.controller.ts';
import { HealthController } from './health.controller.ts';
import { LiveTestbed } from './live-testbed.ts';
import { readTenantBody, TenantController } from './tenant.controller.ts';
import { TestbedMetrics } from './testbed-metrics.ts';

@Module({})
class LiveApiModule {
  static for(live: LiveTestbed): DynamicModule {
    const realTime = new RealClock();
    const statistics = new MailStatistics(realTime, live.archive);
    const metrics = new TestbedMetrics(() => live.archive.count);
    live.subscribe((record) => {
      statistics.note(record);
      metrics.note(record);
    });
    return {
      module: LiveApiModule,
      controllers: [HealthController, MailpitController, MailpitInfoController, ControlController, TenantController],
      providers: [
        { provide: LiveTestbed, useValue: live },
        { provide: MailDesk, useValue: new MailDesk(live.archive, realTime) },
        { provide: MailStatistics, useValue: statistics },
        { provide: TestbedMetrics, useValue: metrics },
      ],
    };
  }
}

/** The API that is up. */
export interface StartedLiveApi {
  port: number;
  close(): Promise<void>;
}

/** Serves mails, health and control of a live testbed. Without passwords, but for the client secret: bind it to loopback. */
export async function startLiveApi(live: LiveTestbed, host: string, port: number): Promise<StartedLiveApi> {
  const app: INestApplication<Server> = await NestFactory.create(LiveApiModule.for(live), new ExpressAdapter(), {
    logger: false,
    abortOnError: false,
  });
  app.use(refuseForeignPages);
  app.use('/isebed/v1/tenant', readTenantBody);
  app.useGlobalFilters(new LiveErrorFilter());
  const description = new DocumentBuilder()
    .setTitle('isebed')
    .setDescription('Received mails in the shape of Mailpit, and control of a live testbed.')
    .setVersion('1')
    .addBasicAuth()
    .build();
  SwaggerModule.setup('api', app, SwaggerModule.createDocument(app, description), {
    ui: false,
    raw: ['json'],
    jsonDocumentUrl: 'api/openapi.json',
  });
  await app.listen(port, host);
  const server = app.getHttpServer();
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await app.close();
    },
  };
}

/** A page from elsewhere that is open in the reader's browser must not command the testbed, or read its mails. */
function refuseForeignPages({ headers }: Request, response: Response, next: NextFunction): void {
  const { origin, host } = headers;
  if (origin === undefined || URL.parse(origin)?.host === host) return next();
  response.status(403).json({ statusCode: 403, message: 'this API answers no pages of other origins' });
}

/** By the code of the error; what the simulated Microsoft itself refuses is a conflict. */
const STATUSES: Readonly<Record<string, number>> = { 'up.not-ready': 503, 'up.change-invalid': 400 };

@Catch(TestbedError)
class LiveErrorFilter implements ExceptionFilter<TestbedError> {
  catch({ code, message, detail }: TestbedError, host: ArgumentsHost): void {
    const status = STATUSES[code] ?? 409;
    host
      .switchToHttp()
      .getResponse<Response>()
      .status(status)
      .json({ code, message, remedy: detail.remedy, evidence: detail.evidence });
  }
}
