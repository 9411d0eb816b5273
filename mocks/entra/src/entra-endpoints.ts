import type { IncomingHttpHeaders } from 'node:http';
import type { Clock, Journal, Random } from '#libs/simulation';
import { instanceDiscovery, openIdConfiguration } from './discovery.ts';
import type { EntraDirectory } from './entra-directory.ts';
import { drawTraceId, errorBody, jsonReply, tokenEndpointHeaders, type EntraReply } from './entra-reply.ts';
import type { AadstsRefusal, EntraRefusal } from './entra-refusal.ts';
import { inspectAssertion, type AssertionFinding } from './client-assertion.ts';
import { isGuid } from './guid.ts';
import { tenantExists, tenantIsWellFormed } from './token-checks.ts';
import { judgeTokenRequest, type TokenGrant } from './token-judgement.ts';
import type { TokenIssuer } from './token-issuer.ts';
import { parseTokenRequest, type TokenRequest } from './token-request.ts';

/** An HTTP request as the endpoints see it. */
export interface EntraRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Route {
  /** Matched against the path, whatever the case; its first group is the tenant segment. */
  path: RegExp;
  /** Any method when absent. */
  method?: 'GET';
  answer: (request: EntraRequest, tenant: string, random: Random) => EntraReply | Promise<EntraReply>;
}

/** The endpoints of `login.microsoftonline.com`, from request to answer; sockets and waiting are the server's. */
export class EntraEndpoints {
  private readonly routes: readonly Route[] = [
    { path: /^\/([^/]+)\/oauth2\/v2\.0\/token$/i, answer: (...given) => this.token(...given) },
    {
      path: /^\/(common)\/discovery\/instance$/i,
      method: 'GET',
      answer: ({ url }, _tenant, random) => this.instance(url, random),
    },
    {
      path: /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/i,
      method: 'GET',
      answer: (_request, tenant, random) => this.openIdMetadata(tenant, random),
    },
    {
      path: /^\/([^/]+)\/discovery\/v2\.0\/keys$/i,
      method: 'GET',
      answer: (_request, tenant, random) => this.keys(tenant, random, 'v2'),
    },
    {
      path: /^\/([^/]+)\/discovery\/keys$/i,
      method: 'GET',
      answer: (_request, tenant, random) => this.keys(tenant, random, 'v1'),
    },
  ];

  constructor(
    private readonly directory: EntraDirectory,
    private readonly issuer: TokenIssuer,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  async answer(request: EntraRequest, random: Random): Promise<EntraReply> {
    for (const { path, method, answer } of this.routes) {
      const segment = path.exec(request.url.pathname)?.[1];
      if (segment === undefined || (method && method !== request.method)) continue;
      return answer(request, decodeSegment(segment), random);
    }
    this.journal.record({ kind: 'entra.unknown-route', method: request.method, path: request.url.pathname });
    return { status: 404, headers: { 'Content-Length': 0 }, body: '' };
  }

  private async token(request: EntraRequest, segment: string, random: Random): Promise<EntraReply> {
    const { method, url, headers, body } = request;
    const asked = parseTokenRequest({ method, tenant: segment, query: url.searchParams, headers, body });
    const now = this.clock.now();
    const traceId = drawTraceId(random);
    const correlationId = isGuid(asked.clientRequestId ?? '') ? (asked.clientRequestId ?? '') : random.uuid();
    const replyHeaders = tokenEndpointHeaders(now, traceId, random);
    if (headers['return-client-request-id'] === 'true') replyHeaders['client-request-id'] = correlationId;
    const tenantId = this.directory.findTenant(segment)?.tenantId;
    if (tenantId !== undefined) this.directory.traffic.record(tenantId, asked.clientId, now);

    const judgement = judgeTokenRequest(asked, this.directory, now, await this.assertionOf(asked, now));
    if (judgement.kind === 'refused') {
      const { refusal } = judgement;
      this.recordRefusal(asked, refusal);
      if (refusal.retryAfterS !== undefined) replyHeaders['Retry-After'] = String(refusal.retryAfterS);
      if ('body' in refusal) {
        return {
          status: refusal.status,
          headers: { ...replyHeaders, 'Content-Type': refusal.contentType },
          body: refusal.body,
        };
      }
      if (asked.hasTelemetry) replyHeaders['x-ms-clitelem'] = `1,${refusal.aadsts},0,,`;
      return jsonReply(refusal.status, errorBody(refusal, { traceId, correlationId, now }), replyHeaders);
    }
    const { accessToken, expiresAt, expiresInS } = await this.issuer.issue(judgement, random);
    this.recordGrant(judgement, expiresAt);
    if (asked.hasTelemetry) replyHeaders['x-ms-clitelem'] = '1,0,0,,';
    const { refreshInS } = judgement;
    return jsonReply(
      200,
      {
        token_type: 'Bearer',
        expires_in: expiresInS,
        ext_expires_in: expiresInS,
        ...(refreshInS === undefined ? {} : { refresh_in: refreshInS }),
        access_token: accessToken,
      },
      replyHeaders,
    );
  }

  /** Looked at before the checks, which wait for nothing. Undefined where there is no assertion or no registration. */
  private async assertionOf(asked: TokenRequest, now: number): Promise<AssertionFinding | undefined> {
    const tenant = this.directory.findTenant(asked.tenant);
    const registration = tenant && this.directory.findClient(tenant, asked.clientId).registration;
    if (asked.clientAssertion === '' || !tenant || !registration) return undefined;
    const hosts = [asked.tenant.toLowerCase(), tenant.tenantId].map((segment) => `${ORIGIN}/${segment}`);
    const audiences = hosts.flatMap((base) => [`${base}/oauth2/v2.0/token`, `${base}/oauth2/token`, `${base}/v2.0`]);
    return this.clock.hold(() => inspectAssertion(asked, registration, audiences, now));
  }

  private instance(url: URL, random: Random): EntraReply {
    const document = instanceDiscovery(url.searchParams.get('authorization_endpoint') ?? '');
    const headers = {
      'Cache-Control': 'max-age=86400, private',
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': 'GET, OPTIONS',
    };
    if (document) return jsonReply(200, document, headers);
    const refusal = { error: 'invalid_instance', aadsts: 50049, text: 'Unknown or invalid instance.' };
    return this.discoveryError(refusal, random);
  }

  private openIdMetadata(segment: string, random: Random): EntraReply {
    const found = this.discover(segment, random);
    return 'reply' in found ? found.reply : jsonReply(200, openIdConfiguration(segment, found), PUBLIC_FOR_A_DAY);
  }

  /** Entries of the first version lack the two fields that tell whose tokens the key is for. */
  private keys(segment: string, random: Random, version: 'v1' | 'v2'): EntraReply {
    const found = this.discover(segment, random);
    if ('reply' in found) return found.reply;
    const owner = { cloud_instance_name: 'microsoftonline.com', issuer: `${ORIGIN}/${found.tenantId}/v2.0` };
    const keys = this.issuer.publicKeys.map((key) => (version === 'v1' ? key : { ...key, ...owner }));
    return jsonReply(200, { keys }, PUBLIC_FOR_A_DAY);
  }

  /** Discovery judges the tenant alone, and calls an unknown one `invalid_tenant` (fact sheet microsoft 2.2). */
  private discover(
    segment: string,
    random: Random,
  ): { tenantId: string; regionScope: string | null } | { reply: EntraReply } {
    const refusal = tenantIsWellFormed({ tenant: segment }) ?? tenantExists({ tenant: segment }, this.directory);
    if (refusal) return { reply: this.discoveryError({ ...refusal, error: 'invalid_tenant' }, random) };
    return this.directory.findTenant(segment) ?? { tenantId: '{tenantid}', regionScope: null };
  }

  private discoveryError(refusal: Pick<AadstsRefusal, 'error' | 'aadsts' | 'text'>, random: Random): EntraReply {
    const ids = { traceId: drawTraceId(random), correlationId: random.uuid(), now: this.clock.now() };
    return jsonReply(400, errorBody(refusal, ids));
  }

  private recordGrant(
    { tenant, registration, servicePrincipal, audience, roles }: TokenGrant,
    expiresAt: number,
  ): void {
    this.journal.record({
      kind: 'entra.token-granted',
      tenantId: tenant.tenantId,
      clientId: registration.clientId,
      audience,
      roles,
      oid: servicePrincipal.objectId,
      expiresAt: new Date(expiresAt * 1000).toISOString(),
    });
  }

  /** Only what looks like a tenant or a client ID is written down: a secret may have been pasted into the wrong field. */
  private recordRefusal({ tenant, clientId }: TokenRequest, refusal: EntraRefusal): void {
    const { status, reason } = refusal;
    const named = 'aadsts' in refusal ? { error: refusal.error, aadsts: refusal.aadsts } : {};
    this.journal.record({
      kind: 'entra.token-refused',
      tenant: tenantIsWellFormed({ tenant }) ? '(malformed)' : tenant,
      clientId: isGuid(clientId) ? clientId : '(not a GUID)',
      status,
      ...named,
      reason,
    });
  }
}

const ORIGIN = 'https://login.microsoftonline.com';
const PUBLIC_FOR_A_DAY = { 'Cache-Control': 'max-age=86400, private', 'Access-Control-Allow-Origin': '*' };

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
