import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { Server as HttpServer, RequestListener } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { hasPersona } from '#libs/deployment';
import type { LogLevel } from '#libs/node-log';
import { LOG_COMPONENTS } from '#libs/node-log';
import { ClusterPeers } from './cluster/cluster-peers.ts';
import { Membership } from './cluster/membership.ts';
import { AdminCredentials } from './http/admin-credentials.ts';
import { describeOwnApi } from './http/own-api-document.ts';
import { PublicApiModule } from './http/public-api.module.ts';
import { NoSuchPageFilter } from './http/no-such-page.filter.ts';
import { TestbedErrorFilter } from './http/testbed-error.filter.ts';
import { IseNodeModule } from './ise-node.module.ts';
import { NodeContext, type NodeContextOptions } from './node-context.ts';
import { CONFIG_KEYS, type SystemCertificate } from './node-settings.ts';
import { ConfigWriter } from './pan/config-writer.ts';
import { mountPortals, portalsOf } from './portal/portal-gate.ts';

const LOOPBACK = '127.0.0.1';

export interface IseNodeOptions extends NodeContextOptions {
  admin: { userName: string; password: string };
  debugLog?: LogLevel;
  /**
   * `host` is for the API alone, loopback by default: other nodes come through the network, which dials loopback, and
   * their port asks nobody for a password. Port 0 takes a free one.
   */
  listen?: {
    host?: string;
    httpPort?: number;
    nodePort?: number;
    /** Called right before the API listens. */
    beforeListen?: ((httpPort: number) => Promise<void>) | undefined;
  };
  /** PEM. With it the API is served over TLS. */
  tls?: { keyPem: string; certificateChainPem: string } | undefined;
  /** What the nodes of the deployment present: the primary PAN lists them, and watches their ends. */
  systemCertificates?: readonly SystemCertificate[];
  /** Told where it listens for other nodes, before it talks to any of them. */
  onListening?: (node: { host: string; port: number }) => void;
}

/** Milliseconds that `stop` waits for a submission under way, at most. */
const SUBMISSION_MS_MAX = 120_000;

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
  /** Ends it in good order: lets the submission under way come to its end if `finish` says so. */
  stop(options?: { finish?: boolean }): Promise<void>;
  /** Ends it as a power cut does: without any farewell. What its database holds is what it will know. */
  kill(): void;
}

/** Octets of a request's body: an import of guests may have 10 MB, and JSON makes it longer. */
const BODY_OCTETS_MAX = 12 * 1024 * 1024;

/** Starts one ISE node: a Nest application with its own listener, database, trust, token cache and guest.log. */
export async function startIseNode(options: IseNodeOptions): Promise<StartedIseNode> {
  const { admin, debugLog, listen = {}, onListening, systemCertificates = [], tls, ...rest } = options;
  const host = listen.host ?? LOOPBACK;
  const certificates = systemCertificates.map((each) => [CONFIG_KEYS.systemCertificate(each.node), each] as const);
  const context = new NodeContext({ ...rest, initialConfig: [...(rest.initialConfig ?? []), ...certificates] });
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
  app.useGlobalFilters(new TestbedErrorFilter(), new NoSuchPageFilter(context));
  describeOwnApi(app);
  const microservice = app.connectMicroservice(
    { transport: Transport.TCP, options: { host: LOOPBACK, port: listen.nodePort ?? 0 } },
    { inheritAppConfig: false },
  );
  await app.startAllMicroservices();
  // Two answers in a row would wait for an acknowledgement, which virtual time jumps over.
  const nodeServer = microservice.unwrap<Server>();
  const peerSockets = new Set<Socket>();
  nodeServer.on('connection', (socket) => {
    socket.setNoDelay(true);
    peerSockets.add(socket);
    socket.once('close', () => peerSockets.delete(socket));
  });
  try {
    await listen.beforeListen?.(listen.httpPort ?? 0);
    await app.listen(listen.httpPort ?? 0, host);
  } catch (error) {
    await app.close();
    context.end();
    throw error;
  }
  const httpServer = app.getHttpServer();
  onListening?.({ host: LOOPBACK, port: portOf(nodeServer) });
  if (context.startsAgain) await app.get(Membership).returnToDeployment();
  context.queue.recover();
  if (context.startsAgain && context.isPrimaryPan) {
    const config = app.get(ConfigWriter, { strict: false });
    const renewed = certificates.filter(([key, { pem }]) => context.store.get<SystemCertificate>(key)?.pem !== pem);
    if (renewed.length > 0) config.writeAll(renewed);
    void config.contactAll();
  }
  return {
    name: context.definition.name,
    http: { host, port: portOf(httpServer), protocol: tls ? 'https:' : 'http:' },
    node: { host: LOOPBACK, port: portOf(nodeServer) },
    ...(servesPortals ? { portals: portalsOf(app) } : {}),
    context,
    stop: async ({ finish = false } = {}) => {
      context.queue.stop();
      if (finish) await Promise.race([context.queue.idle(), context.clock.sleep(SUBMISSION_MS_MAX)]);
      app.get(ClusterPeers).close();
      httpServer.closeAllConnections?.();
      await app.close();
      context.end();
    },
    kill: () => {
      context.end();
      for (const job of app.get(SchedulerRegistry, { strict: false }).getCronJobs().values()) void job.stop();
      app.get(ClusterPeers).close();
      httpServer.close();
      httpServer.closeAllConnections();
      nodeServer.close();
      for (const socket of peerSockets) socket.destroy();
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
