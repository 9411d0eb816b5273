import { Module, type DynamicModule, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RealClock } from '#libs/simulation';
import { MailDesk } from '../mail-api/mail-desk.ts';
import { MailStatistics } from '../mail-api/mail-statistics.ts';
import { MailpitController } from '../mail-api/mailpit.controller.ts';
import { MailpitInfoController } from '../mail-api/mailpit-info.controller.ts';
import { askForPassword, refuseForeignNames, refuseForeignPages } from './api-access.ts';
import { ControlController } from './control.controller.ts';
import { HealthController } from './health.controller.ts';
import { LiveErrorFilter } from './live-error.filter.ts';
import { LiveTestbed } from './live-testbed.ts';
import { readTenantBody, TenantController } from './tenant.controller.ts';
import { TestbedMetrics } from './testbed-metrics.ts';

@Module({})
class LiveApiModule {
  static for(live: LiveTestbed): DynamicModule {
    const realTime = new RealClock();
    const statistics = new MailStatistics(realTime, live.archive);
    const metrics = new TestbedMetrics(() => live.archive.count);
    live.journal.subscribe((record) => {
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

/**
 * Serves mails, health and control of a live testbed. Without a password it answers on loopback alone, and asks for none
 * but before client secrets.
 */
export async function startLiveApi(
  live: LiveTestbed,
  { host, port, password }: { host: string; port: number; password: string | undefined },
): Promise<StartedLiveApi> {
  const app: INestApplication<Server> = await NestFactory.create(LiveApiModule.for(live), new ExpressAdapter(), {
    logger: false,
    abortOnError: false,
  });
  app.use(refuseForeignPages);
  app.use(password === undefined ? refuseForeignNames : askForPassword(password, live.administrator));
  app.use('/isebed/v1/tenant', readTenantBody);
  app.useGlobalFilters(new LiveErrorFilter(app.getHttpAdapter()));
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
