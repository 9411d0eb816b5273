import type { Provider } from '@nestjs/common';
import { ApiCallers } from '../http/api-callers.ts';
import { ApiGate } from '../http/api-gate.ts';
import { NodeContext } from '../node-context.ts';
import { adminUserRoutes } from './admin-user.routes.ts';
import { deploymentRoutes } from './deployment.routes.ts';
import { OPENAPI_ROUTES, OpenApiGateway } from './openapi.gateway.ts';
import type { OpenApiRoute } from './openapi-route.ts';
import { proxyRoutes } from './proxy.routes.ts';
import { TaskDesk } from './task-desk.ts';
import { trustedCertificateRoutes } from './trusted-certificate.routes.ts';

/** OpenAPI on a node, whatever its personas. */
export const OPENAPI_PROVIDERS: readonly Provider[] = [
  OpenApiGateway,
  TaskDesk,
  {
    provide: OPENAPI_ROUTES,
    inject: [NodeContext, ApiGate, ApiCallers, TaskDesk],
    useFactory: (
      context: NodeContext,
      gate: ApiGate,
      callers: ApiCallers,
      tasks: TaskDesk,
    ): readonly OpenApiRoute[] => [
      ...adminUserRoutes(context, callers),
      ...deploymentRoutes(context, tasks, gate),
      ...proxyRoutes(context),
      ...trustedCertificateRoutes(context),
    ],
  },
];
