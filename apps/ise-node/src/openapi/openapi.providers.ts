import type { Provider } from '@nestjs/common';
import { ApiCallers } from '../http/api-callers.ts';
import { ApiGate } from '../http/api-gate.ts';
import { NodeContext } from '../node-context.ts';
import { BackupRepository } from '../pan/backup-repository.ts';
import { BackupService } from '../pan/backup.service.ts';
import { DeploymentService } from '../pan/deployment.service.ts';
import { adminUserRoutes } from './admin-user.routes.ts';
import { AlarmBook } from './alarm-book.ts';
import { alarmInstanceRoutes } from './alarm-instance.routes.ts';
import { alarmRuleRoutes } from './alarm-rule.routes.ts';
import { backupRoutes } from './backup.routes.ts';
import { deploymentRoutes } from './deployment.routes.ts';
import { membershipRoutes } from './membership.routes.ts';
import { nodeGroupRoutes } from './node-group.routes.ts';
import { OPENAPI_ROUTES, OpenApiGateway } from './openapi.gateway.ts';
import type { OpenApiRoute } from './openapi-route.ts';
import { panHaRoutes } from './pan-ha.routes.ts';
import { proxyRoutes } from './proxy.routes.ts';
import { systemCertificateRoutes } from './system-certificate.routes.ts';
import { TaskDesk } from './task-desk.ts';
import { trustedCertificateRoutes } from './trusted-certificate.routes.ts';

/** OpenAPI on a node, whatever its personas. */
export const OPENAPI_PROVIDERS: readonly Provider[] = [
  AlarmBook,
  OpenApiGateway,
  TaskDesk,
  {
    provide: OPENAPI_ROUTES,
    inject: [
      NodeContext,
      ApiGate,
      ApiCallers,
      TaskDesk,
      AlarmBook,
      { token: DeploymentService, optional: true },
      { token: BackupService, optional: true },
      { token: BackupRepository, optional: true },
    ],
    useFactory: (
      context: NodeContext,
      gate: ApiGate,
      callers: ApiCallers,
      tasks: TaskDesk,
      alarms: AlarmBook,
      deployment: DeploymentService | undefined,
      backups: BackupService | undefined,
      repository: BackupRepository | undefined,
    ): readonly OpenApiRoute[] => [
      ...adminUserRoutes(context, callers),
      ...alarmInstanceRoutes(alarms),
      ...alarmRuleRoutes(context),
      ...backupRoutes(context, tasks, { backups, repository }),
      ...deploymentRoutes(context, tasks, gate),
      ...membershipRoutes(context, deployment),
      ...nodeGroupRoutes(context),
      ...panHaRoutes(context),
      ...proxyRoutes(context),
      ...systemCertificateRoutes(context),
      ...trustedCertificateRoutes(context),
    ],
  },
];
