import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JSONWebKeySet } from 'jose';
import { InvariantError } from '#libs/diagnosis';
import type { Clock, Journal, Random } from '#libs/simulation';
import type { ExchangeOnline } from '../exchange-online.ts';
import type { ExchangeOrganization } from '../exchange-organization.ts';
import type { ExchangeSettings } from '../exchange-settings.ts';
import { inspectToken, KeyRing, type TokenClaims } from '../token-inspection.ts';
import { unknownCmdlet } from './cmdlet-failures.ts';
import { CmdletError } from './cmdlet.ts';
import { errorAnswer, forbidden, malformedBody, tooManyRequests, type AdminAnswer } from './admin-answer.ts';
import { parseAdminRequest } from './admin-request.ts';
import { findCmdlet, runCmdlet } from './run-cmdlet.ts';

/** What the role is called that lets an application administrate (fact sheet microsoft 5.4). */
const MANAGE_ROLE = 'Exchange.ManageAsApp';

/** Entra roles, one of which it needs besides: Global, Exchange, Exchange Recipient Administrator. Simplified: equal here. */
const DIRECTORY_ROLES: readonly string[] = [
  '62e90394-69f5-4237-9190-012177145e10',
  '29232cdf-9323-42fd-ade2-1d097af3e4de',
  '31392ffb-586c-42d1-9346-e59415a2cc4e',
];

const AUDIENCES = ['https://outlook.office365.com', 'https://outlook.office365.com/'];

const ORIGIN = 'https://outlook.office365.com';

const BODY_BYTES_MAX = 1_048_576;
const PAGE_SIZE_MAX = 1_000;

/** Ours: how many requests in what time the real service takes is not known. */
const RATE_WINDOW_MS = 300_000;

/** Ours: the texts for a token that is refused are not known. */
const ROLE_MISSING = `The role ${MANAGE_ROLE} is not assigned to the application.`;
const WRONG_TENANT = 'The token was issued by another tenant than the one addressed.';

export interface ExchangeAdminApiOptions {
  online: ExchangeOnline;
  /** The signing keys of a tenant, as Entra publishes them. */
  keysOf: (tenantId: string) => Promise<JSONWebKeySet>;
  clock: Clock;
  journal: Journal;
  random: Random;
  /** For `outlook.office365.com`: PKCS #8 key, and the chain without the root. */
  credentials: { keyPem: string; certificateChainPem: string };
  /** Those in force, asked at each request: what SMTP goes by has to hold here too. */
  settings: () => Readonly<ExchangeSettings>;
}

/**
 * The REST transport of Exchange Online PowerShell: `POST /adminapi/beta/<tenant>/InvokeCommand` on
 * `outlook.office365.com`, with a bearer token (fact sheet microsoft 5.4). Simplified: no `$batch` and no module file.
 */
export class ExchangeAdminApi {
  constructor(private readonly options: ExchangeAdminApiOptions) {}

  /** Port 0 takes a free one. */
  async start({ host = '127.0.0.1', port = 0 } = {}): Promise<StartedExchangeAdminApi> {
    const started = new StartedExchangeAdminApi(this.options, host);
    await started.listen(port);
    return started;
  }
}

export class StartedExchangeAdminApi {
  private readonly server: Server;
  private readonly keyRing: KeyRing;
  private readonly random: Random;
  private readonly calls: number[] = [];
  private listeningPort = 0;

  constructor(
    private readonly options: ExchangeAdminApiOptions,
    readonly host: string,
  ) {
    const { keyPem: key, certificateChainPem: cert } = options.credentials;
    this.keyRing = new KeyRing(options.keysOf);
    this.random = options.random.stream('admin api');
    this.server = createServer({ key, cert, minVersion: 'TLSv1.2' }, (request, response) =>
      this.handle(request, response),
    );
  }

  /** Answers a request that came in by another server, such as one front for several hosts. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const { journal } = this.options;
    const cause = journal.causeOfPeer(request.socket);
    journal.within(cause, () => void this.serve(request, response));
  }

  get port(): number {
    return this.listeningPort;
  }

  async listen(port: number): Promise<void> {
    this.server.listen(port, this.host);
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new InvariantError('the admin API has no TCP port');
    this.listeningPort = address.port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === undefined) return; // the client is gone, or sent more than any cmdlet needs
    const { adminRequestsMax } = this.options.settings();
    const answer = this.throttled(adminRequestsMax) ?? (await this.answer(request, body));
    const now = this.options.clock.now();
    const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      'Content-Type': 'application/json; odata.metadata=minimal; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'Cache-Control': 'no-cache',
      'request-id': this.random.uuid(),
      'Rate-Limit-Remaining': String(Math.max(0, adminRequestsMax - this.calls.length)),
      'Rate-Limit-Reset': new Date((this.calls[0] ?? now) + RATE_WINDOW_MS).toISOString(),
      Date: new Date(now).toUTCString(),
      ...answer.headers,
    });
    response.end(text);
  }

  /** Counts a request, and refuses it when it is one too many; those that are refused do not count. */
  private throttled(adminRequestsMax: number): AdminAnswer | undefined {
    const now = this.options.clock.now();
    while ((this.calls[0] ?? now) <= now - RATE_WINDOW_MS) this.calls.shift();
    if (this.calls.length < adminRequestsMax) {
      this.calls.push(now);
      return undefined;
    }
    this.options.journal.record({ kind: 'exchange.admin-refused', reason: 'throttled', status: 429 });
    const refused = errorAnswer(tooManyRequests());
    const waitMs = (this.calls[0] ?? now) + RATE_WINDOW_MS - now;
    return { ...refused, headers: { ...refused.headers, 'Retry-After': String(Math.ceil(waitMs / 1_000)) } };
  }

  private async answer(request: IncomingMessage, body: string): Promise<AdminAnswer> {
    const url = URL.parse(request.url ?? '/', ORIGIN) ?? new URL(ORIGIN);
    const [, tenant] = /^\/adminapi\/(?:beta|v1\.0|v2\.0)\/([^/]+)\/InvokeCommand$/i.exec(url.pathname) ?? [];
    if (tenant === undefined || request.method !== 'POST') {
      this.options.journal.record({ kind: 'exchange.admin-unknown-route', method: request.method, path: url.pathname });
      return { status: tenant === undefined ? 404 : 405 };
    }
    const organization = this.organizationOf(decoded(tenant));
    const judged = await this.authorize(request, organization);
    if (judged.kind === 'refused') return judged.answer;
    const asked = parseAdminRequest(body);
    if (!asked) return errorAnswer(malformedBody());
    return this.run(asked, { organization: judged.organization, by: judged.claims, url, request });
  }

  private async authorize(
    request: IncomingMessage,
    organization: ExchangeOrganization | undefined,
  ): Promise<
    | { kind: 'refused'; answer: AdminAnswer }
    | { kind: 'granted'; organization: ExchangeOrganization; claims: TokenClaims }
  > {
    const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const refuse = (reason: string, answer: AdminAnswer) => {
      this.options.journal.record({ kind: 'exchange.admin-refused', reason, status: answer.status });
      return { kind: 'refused', answer } as const;
    };
    const challenge = { 'WWW-Authenticate': 'Bearer client_id="00000002-0000-0ff1-ce00-000000000000"' };
    if (token === undefined) return refuse('token-missing', { status: 401, headers: challenge });
    const inspected = await inspectToken(token, this.keyRing, this.options.clock, AUDIENCES);
    if (inspected.kind === 'bad') {
      const headers = {
        ...challenge,
        'x-ms-diagnostics': '2000003;reason="The token is invalid.";error_category="invalid_token"',
      };
      return refuse(inspected.fault, { status: inspected.fault === 'keys-unavailable' ? 503 : 401, headers });
    }
    const { claims } = inspected;
    if (!organization || organization.tenantId !== claims.tenantId) {
      return refuse('tenant-mismatch', forbidden(WRONG_TENANT));
    }
    if (!claims.roles.includes(MANAGE_ROLE)) return refuse('role-missing', forbidden(ROLE_MISSING));
    if (!claims.directoryRoles.some((id) => DIRECTORY_ROLES.includes(id))) {
      return refuse('directory-role-missing', forbidden(directoryRoleMissing(claims.appId)));
    }
    return { kind: 'granted', organization, claims };
  }

  private run(
    { cmdlet, given }: NonNullable<ReturnType<typeof parseAdminRequest>>,
    call: { organization: ExchangeOrganization; by: TokenClaims; url: URL; request: IncomingMessage },
  ): AdminAnswer {
    const { online, clock, journal } = this.options;
    const { organization, by, url, request } = call;
    const settings = this.options.settings();
    const name = findCmdlet(cmdlet)?.name;
    const record = { kind: 'exchange.cmdlet-run', tenantId: organization.tenantId, from: 'rest', appId: by.appId };
    try {
      if (name === undefined) throw unknownCmdlet(cmdlet.slice(0, 80));
      const { objects, warnings = [] } = runCmdlet(name, given, { online, organization, settings, clock });
      journal.record({ ...record, cmdlet: name });
      const from = Number(url.searchParams.get('$skiptoken') ?? 0) || 0;
      const size = pageSize(request.headers['prefer']);
      const next = new URL(url);
      next.searchParams.set('$skiptoken', String(from + size));
      const select = url.searchParams.get('$select');
      return {
        status: 200,
        body: {
          '@odata.context': `https://outlook.office365.com/adminapi/beta/${organization.tenantId}/$metadata#Collection(Exchange.GenericHashTable)`,
          '@adminapi.warnings': warnings,
          ...(from + size < objects.length ? { '@odata.nextLink': next.href } : {}),
          value: objects.slice(from, from + size).map((object) => selected(object, select)),
        },
      };
    } catch (error) {
      if (!(error instanceof CmdletError)) throw error;
      const { exceptionType } = error.failure;
      journal.record({ ...record, cmdlet: name ?? '(unknown)', failed: exceptionType });
      return errorAnswer(error.failure);
    }
  }

  /** By tenant ID or by an accepted domain. */
  private organizationOf(tenant: string): ExchangeOrganization | undefined {
    const { online } = this.options;
    return online.findByTenant(tenant) ?? online.findByAddress(`@${tenant}`);
  }
}

/** As the module prints it when it connects; that it comes in this shape is ours. */
function directoryRoleMissing(appId: string): string {
  return (
    `The role assigned to application ${appId} isn't supported in this scenario. Please check online documentation for ` +
    'assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.'
  );
}

/** As it is when its escapes are none: then it names nobody. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function selected(object: object, select: string | null): object {
  if (select === null) return object;
  const wanted = new Set(select.split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(Object.entries(object).filter(([name]) => wanted.has(name.toLowerCase())));
}

function pageSize(prefer: string | string[] | undefined): number {
  const [, size] = /odata\.maxpagesize=(\d{1,6})/i.exec(String(prefer ?? '')) ?? [];
  return Math.min(Math.max(Number(size ?? PAGE_SIZE_MAX), 1), PAGE_SIZE_MAX);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let octets = 0;
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk as Uint8Array);
      octets += bytes.length;
      if (octets > BODY_BYTES_MAX) {
        request.destroy();
        return undefined;
      }
      chunks.push(bytes);
    }
  } catch {
    return undefined; // broken off: there is nobody left to answer
  }
  return Buffer.concat(chunks).toString();
}
