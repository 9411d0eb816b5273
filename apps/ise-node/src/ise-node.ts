import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { Server as HttpServer, RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { hasPersona, type Deployment } from '#libs/deployment';
import type { LogLevel } from '#libs/node-log';
import { LOG_COMPONENTS } from '#libs/node-log';
import { ClusterPeers } from './cluster/cluster-peers.ts';
import { AdminCredentials } from './http/admin.guard.ts';
import { describeOwnApi } from './http/own-api-document.ts';
import { PublicApiModule } from './http/public-api.module.ts';
import { TestbedErrorFilter } from './http/testbed-error.filter.ts';
import { IseNodeModule } from './ise-node.module.ts';
import { NodeContext, type NodeContextOptions } from './node-context.ts';
import { CONFIG_KEYS } from './node-settings.ts';
import { mountPortals, portalsOf } from './portal/portal-gate.ts';

const LOOPBACK = '127.0.0.1';

/** Documents by configuration key. */
export type InitialConfig = readonly (readonly [key: string, value: unknown])[];

export interface IseNodeOptions extends NodeContextOptions {
  deployment: Deployment;
  admin: { userName: string; password: string };
  debugLog?: LogLevel;
  /** The configuration that the deployment was set up with, equal on all its nodes; used by an empty database. */
  initialConfig?: InitialConfig;
  /**
   * `host` is for the API alone, loopback by default: other nodes come through the network, which dials loopback, and
   * their port asks nobody for a password. Port 0 takes a free one.
   */
  listen?: { host?: string; httpPort?: number; nodePort?: number };
  /** PEM. With it the API is served over TLS. */
  tls?: { keyPem: string; certificateChainPem: string } | undefined;
}

/** A node that is up: where it listens, and how to stop it. */
export interface StartedIseNode {
  name: string;
  /** Its API. */
  http: { host: string; port: number; protocol: 'http:' | 'https:' };
  /** Its port for other nodes. */
  node: { host: string; port: number };
  /** The pages of its portals, for a server that has a certificate; on a node with Policy Service alone. */
  portals?: RequestListener;
  context: NodeContext;
  stop(): Promise<void>;
}

/** Octets of a request's body: an import of guests may have 10 MB, and JSON makes it longer. */
const BODY_OCTETS_MAX = 12 * 1024 * 1024;

/** Starts one ISE node: a Nest application with its own listener, database, trust, token cache and guest.log. */
export async function startIseNode(options: IseNodeOptions): Promise<StartedIseNode> {
  const { deployment, admin, debugLog, initialConfig = [], listen = {}, tls, ...rest } = options;
  const host = listen.host ?? LOOPBACK;
  const context = new NodeContext(rest);
  if (context.store.version === 0) {
    const entries: InitialConfig = [[CONFIG_KEYS.deployment, deployment.toDocument()], ...initialConfig];
    context.store.restore({ version: 1, entries });
  }
  if (debugLog) for (const component of LOG_COMPONENTS) context.log.setLevel(component, debugLog);

  const module = IseNodeModule.for(context, new AdminCredentials(admin.userName, admin.password));
  const app = await NestFactory.create<NestExpressApplication<HttpServer>>(module, new ExpressAdapter(), {
    logger: false,
    abortOnError: false,
    ...(tls ? { httpsOptions: { key: tls.keyPem, cert: tls.certificateChainPem } } : {}),
  });
  PublicApiModule.mount(app);
  const servesPortals = hasPersona(context.definition, 'Policy Service');
  if (servesPortals) mountPortals(app, context);
  app.useBodyParser('json', { limit: BODY_OCTETS_MAX });
  app.useGlobalFilters(new TestbedErrorFilter());
  describeOwnApi(app);
  const microservice = app.connectMicroservice(
    { transport: Transport.TCP, options: { host: LOOPBACK, port: listen.nodePort ?? 0 } },
    { inheritAppConfig: false },
  );
  await app.startAllMicroservices();
  // Two answers in a row would wait for an acknowledgement, which virtual time jumps over.
  microservice.unwrap<Server>().on('connection', (socket) => socket.setNoDelay(true));
  await app.listen(listen.httpPort ?? 0, host);
  const httpServer = app.getHttpServer();
  return {
    name: context.definition.name,
    http: { host, port: portOf(httpServer), protocol: tls ? 'https:' : 'http:' },
    node: { host: LOOPBACK, port: portOf(microservice.unwrap<Server>()) },
    ...(servesPortals ? { portals: portalsOf(app) } : {}),
    context,
    stop: async () => {
      app.get(ClusterPeers).close();
      httpServer.closeAllConnections?.();
      await app.close();
      context.close();
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
