import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Clock, Journal, Random } from '#libs/simulation';
import { mayCall, type GraphCaller, type TokenGate } from './access.ts';
import { APPLICATION_ROUTES } from './application.routes.ts';
import { answerBatch, readBatch, type BatchAnswer, type BatchStep } from './batch.ts';
import type { GraphDirectory, GraphTenant } from './graph-directory.ts';
import { refusalOfError, refusals, type GraphRefusal } from './graph-refusal.ts';
import type { GraphAnswer, GraphRoute } from './graph-route.ts';
import { ME_ROUTES } from './me.routes.ts';
import { OAUTH2_GRANT_ROUTES } from './oauth2-grant.routes.ts';
import { entityBody, pageOf, parseQuery, type ODataQuery } from './odata-query.ts';
import { SERVICE_PRINCIPAL_ROUTES } from './service-principal.routes.ts';
import { TENANT_ROUTES } from './tenant.routes.ts';
import { USER_ROUTES } from './user.routes.ts';

/** An HTTP request as the endpoints see it. */
export interface GraphRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

/** An HTTP answer, complete but for `Date` and `Content-Length`. */
export interface GraphReply {
  status: number;
  headers: OutgoingHttpHeaders;
  body: string;
}

const BASE = '/v1.0';
const JSON_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

const GRAPH_ROUTES: readonly GraphRoute[] = [
  ...ME_ROUTES,
  ...USER_ROUTES,
  ...TENANT_ROUTES,
  ...APPLICATION_ROUTES,
  ...SERVICE_PRINCIPAL_ROUTES,
  ...OAUTH2_GRANT_ROUTES,
];

/** The routes of `graph.microsoft.com`, from request to answer; sockets and waiting are the server's. */
export class GraphEndpoints {
  private readonly routes = GRAPH_ROUTES.map((route) => ({ ...route, path: pathOf(route.template) }));
  private requests: { tenantId: string; at: number }[] = [];

  constructor(
    private readonly directory: GraphDirectory,
    private readonly gate: TokenGate,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  async answer(request: GraphRequest, random: Random): Promise<GraphReply> {
    const requestId = random.uuid();
    const clientRequestId = String(request.headers['client-request-id'] ?? requestId);
    const ids = { 'request-id': requestId, 'client-request-id': clientRequestId };
    const isBatch = request.method === 'POST' && request.url.pathname.toLowerCase() === `${BASE}/$batch`;
    const route = isBatch ? undefined : this.find(request);
    if (!isBatch && !route) return this.unknownRoute(request, ids);
    const caller = await this.gate.admit(request.headers.authorization);
    if (!('kind' in caller)) {
      return route ? this.answerRoute(caller, route, request, ids) : this.batch(caller, request, ids);
    }
    const refused = this.errorReply(caller, ids);
    this.recordRequest(undefined, request.method, route?.template ?? '/$batch', refused);
    return refused;
  }

  private unknownRoute({ method, url }: GraphRequest, ids: ReplyIds): GraphReply {
    this.journal.record({ kind: 'graph.unknown-route', method, path: url.pathname });
    const segment = url.pathname.split('/').find((part) => part !== '' && part !== 'v1.0') ?? '';
    return this.errorReply(refusals.unknownRoute(segment), ids);
  }

  private recordRequest(tenantId: string | undefined, method: string, template: string, { status }: GraphReply): void {
    this.journal.record({ kind: 'graph.request', tenantId, method, route: `${BASE}${template}`, status });
  }

  private answerRoute(caller: GraphCaller, route: FoundRoute, request: GraphRequest, ids: ReplyIds): GraphReply {
    const reply = this.answerCaller(caller, route, request, ids);
    this.recordRequest(caller.tenantId, request.method, route.template, reply);
    return reply;
  }

  /** JSON batching: many requests of one caller in one. Each is judged, throttled and journalled as if it came alone. */
  private batch(caller: GraphCaller, { body, headers }: GraphRequest, ids: ReplyIds): GraphReply {
    const answer = (step: BatchStep): BatchAnswer => {
      const url = URL.parse(`${ORIGIN}${BASE}/${step.url.replace(/^\//, '')}`) ?? new URL(ORIGIN);
      const own = Object.entries(step.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
      const request = {
        method: step.method,
        url,
        headers: { ...headers, ...Object.fromEntries(own) },
        body: step.body,
      };
      const route = this.find(request);
      return inBatch(step, route ? this.answerRoute(caller, route, request, ids) : this.unknownRoute(request, ids));
    };
    const notTried = (step: BatchStep): BatchAnswer => inBatch(step, this.errorReply(refusals.dependencyFailed(), ids));
    const read = readBatch(body);
    const reply =
      read.kind === 'refused'
        ? this.errorReply(read, ids)
        : jsonReply(200, { responses: answerBatch(read.steps, answer, notTried) }, ids);
    this.recordRequest(caller.tenantId, 'POST', '/$batch', reply);
    return reply;
  }

  private answerCaller(
    caller: GraphCaller,
    { route, ids: found, isCount }: FoundRoute,
    request: GraphRequest,
    ids: ReplyIds,
  ): GraphReply {
    const tenant = this.directory.findTenant(caller.tenantId);
    if (!tenant) return this.errorReply(refusals.tokenSignature(), ids);
    const throttled = this.throttle(tenant);
    if (throttled) return this.errorReply(throttled, ids);
    if (!mayCall(caller, route.permissions)) return this.errorReply(refusals.denied(), ids);
    const answer = this.perform(route, { tenant, ids: found, body: request.body });
    return this.write(answer, request, isCount, ids);
  }

  private perform(route: GraphRoute, call: { tenant: GraphTenant; ids: readonly string[]; body: string }): GraphAnswer {
    try {
      return route.answer({ ...call, directory: this.directory, now: this.clock.now() });
    } catch (error) {
      return refusalOfError(error);
    }
  }

  private write(answer: GraphAnswer, request: GraphRequest, isCount: boolean, ids: ReplyIds): GraphReply {
    const { url, headers } = request;
    switch (answer.kind) {
      case 'refused':
        return this.errorReply(answer, ids);
      case 'done':
        return { status: 204, headers: { ...ids }, body: '' };
      case 'value':
        return jsonReply(
          200,
          { '@odata.context': `${ORIGIN}${BASE}/$metadata#${answer.context}`, ...answer.value },
          ids,
        );
      case 'entity': {
        const query = parseQuery(url.searchParams, answer.type, false);
        if ('kind' in query) return this.errorReply(query, ids);
        const location = `${ORIGIN}${BASE}/${answer.type.set}/${answer.entity.id}`;
        const body = entityBody(answer.entity, answer.type, query.select);
        return jsonReply(answer.isNew ? 201 : 200, body, ids, answer.isNew ? { Location: location } : {});
      }
      case 'collection': {
        const eventual = String(headers['consistencylevel'] ?? '').toLowerCase() === 'eventual';
        const query = parseQuery(url.searchParams, answer.type, eventual);
        if ('kind' in query) return this.errorReply(query, ids);
        if (isCount) return this.countReply(answer, query, eventual, ids);
        return jsonReply(200, pageOf(answer.entities, answer.type, query, url), ids);
      }
    }
  }

  /** `/users/$count`: a bare number, and only where the caller takes counts that lag behind. */
  private countReply(
    { entities }: Extract<GraphAnswer, { kind: 'collection' }>,
    { filter }: ODataQuery,
    eventual: boolean,
    ids: ReplyIds,
  ): GraphReply {
    if (!eventual) return this.errorReply(refusals.badRequest('$count is not currently supported.'), ids);
    const count = filter ? entities.filter(filter).length : entities.length;
    return { status: 200, headers: { 'Content-Type': 'text/plain', ...ids }, body: String(count) };
  }

  private throttle({ tenantId, policies: { graphThrottling: limit } }: GraphTenant): GraphRefusal | undefined {
    if (!limit) return undefined;
    const now = this.clock.now();
    this.requests = this.requests.filter(({ at }) => at > now - limit.windowMs);
    this.requests.push({ tenantId, at: now });
    const count = this.requests.filter((request) => request.tenantId === tenantId).length;
    return count > limit.requestsMax ? refusals.throttled(limit.retryAfterS) : undefined;
  }

  private find({ method, url }: GraphRequest): FoundRoute | undefined {
    const path = decode(url.pathname)?.replace(/\(appId='([^'/]*)'\)/i, '/appId=$1');
    if (path === undefined) return undefined;
    const isCount = path.endsWith('/$count') && method === 'GET';
    const wanted = isCount ? path.slice(0, -'/$count'.length) : path;
    for (const route of this.routes) {
      const match = route.method === method ? route.path.exec(wanted) : null;
      if (match) return { route, ids: match.slice(1), template: route.template + (isCount ? '/$count' : ''), isCount };
    }
    return undefined;
  }

  private errorReply({ status, code, message, retryAfterS }: GraphRefusal, ids: ReplyIds): GraphReply {
    const date = new Date(this.clock.now()).toISOString().slice(0, 19);
    const error = { code, message, innerError: { date, ...ids } };
    return jsonReply(status, { error }, ids, {
      ...(retryAfterS === undefined ? {} : { 'Retry-After': String(retryAfterS) }),
      ...(status === 401 ? { 'WWW-Authenticate': CHALLENGE } : {}),
    });
  }
}

const ORIGIN = 'https://graph.microsoft.com';
const CHALLENGE =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ' +
  'client_id="00000003-0000-0000-c000-000000000000"';

interface ReplyIds {
  'request-id': string;
  'client-request-id': string;
}

interface FoundRoute {
  route: GraphRoute;
  ids: readonly string[];
  template: string;
  isCount: boolean;
}

function jsonReply(status: number, body: object, ids: ReplyIds, headers: OutgoingHttpHeaders = {}): GraphReply {
  return {
    status,
    headers: {
      'Content-Type': JSON_TYPE,
      'Cache-Control': 'no-cache',
      'Strict-Transport-Security': 'max-age=31536000',
      'OData-Version': '4.0',
      ...ids,
      'x-ms-ags-diagnostic':
        '{"ServerInfo":{"DataCenter":"West Europe","Slice":"E","Ring":"5","ScaleUnit":"001","RoleInstance":"AM2PEPF0001BA11"}}',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}

/** The headers that say something about the answer itself; the others are those of the batch. */
const OF_THE_ANSWER = ['Cache-Control', 'Content-Type', 'Location', 'OData-Version', 'Retry-After'];

function inBatch({ id }: BatchStep, { status, headers, body }: GraphReply): BatchAnswer {
  const own = Object.entries(headers).filter(([name]) => OF_THE_ANSWER.includes(name));
  const shown = Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
  const isJson = shown['Content-Type']?.startsWith('application/json');
  return {
    id,
    status,
    headers: shown,
    ...(body === '' ? {} : { body: isJson ? (JSON.parse(body) as unknown) : body }),
  };
}

/** `/users/{id}` as an expression whose groups are the IDs; names of collections count whatever the case. */
function pathOf(template: string): RegExp {
  return new RegExp(`^${BASE}${template.replaceAll(/\{\w+\}/g, '([^/]+)')}$`, 'i');
}

/** Undefined for a path that is not even encoded rightly. */
function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
