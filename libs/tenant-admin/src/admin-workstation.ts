import { InvariantError, TestbedError } from '#libs/diagnosis';
import type { NetworkView } from '#libs/network';
import type { Clock } from '#libs/simulation';
import type { NodeTrust } from '#libs/trust';
import type { AdminAnswer, CmdletCall, GraphCall } from './admin-answer.ts';
import { pick } from './answer-path.ts';
import { exchangeHttps, type HttpsAnswer, type HttpsRequest } from './https-exchange.ts';

const TOKEN_ORIGIN = 'https://login.microsoftonline.com';
const GRAPH_ORIGIN = 'https://graph.microsoft.com';
const EXCHANGE_ORIGIN = 'https://outlook.office365.com';

/** A token is used until so long before its end, as by Microsoft's own libraries (fact sheet microsoft 2.6). */
const RENEWED_BEFORE_MS = 300_000;

export interface AdminWorkstationOptions {
  clock: Clock;
  network: NetworkView;
  trust: NodeTrust;
  /** At the time of each request: a tenant may move. */
  tenantId: () => string;
  /** Of the application that the administrator works with. */
  credential: { readonly clientId: string; readonly value: string };
}

/**
 * The computer that the administrator of a tenant works at: Microsoft Graph and the REST transport of Exchange Online
 * PowerShell, over HTTPS, with tokens from the token endpoint. It shares no code with the servers.
 */
export class AdminWorkstation {
  /** By tenant and resource. */
  private readonly tokens = new Map<string, { value: string; endsAt: number }>();

  constructor(private readonly options: AdminWorkstationOptions) {}

  /**
   * A request to Microsoft Graph (fact sheet microsoft 5.1, 5.3).
   *
   * @throws TestbedError when no token is granted; the error of the connection when there is none
   */
  async graph({ method, path, body }: GraphCall): Promise<AdminAnswer> {
    const answer = await this.send(GRAPH_ORIGIN, {
      method,
      url: new URL(path, GRAPH_ORIGIN),
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (answer.status < 400) return { kind: 'done', ...answer };
    const { status } = answer;
    const [code = '', text = ''] = [pick(answer.body, 'error.code'), pick(answer.body, 'error.message')];
    return { kind: 'refused', status, code, text };
  }

  /**
   * A cmdlet of Exchange Online over `InvokeCommand` (fact sheet microsoft 5.4). `body` of the answer is the first
   * object that the cmdlet puts out.
   *
   * @throws as `graph`
   */
  async invoke({ cmdlet, parameters }: CmdletCall): Promise<AdminAnswer> {
    const tenantId = this.options.tenantId();
    const answer = await this.send(EXCHANGE_ORIGIN, {
      method: 'POST',
      url: new URL(`/adminapi/beta/${tenantId}/InvokeCommand`, EXCHANGE_ORIGIN),
      headers: {
        'X-AnchorMailbox': `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${tenantId}`,
        'X-CmdletName': cmdlet,
        'X-ResponseFormat': 'json',
        'X-ClientApplication': 'ExoManagementModule',
        Prefer: 'odata.maxpagesize=1000',
      },
      body: JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: parameters } }),
    });
    const { status, body } = answer;
    if (status < 400) return { kind: 'done', status, body: firstOf(body) };
    const detail = pick(body, 'error.details[0].message');
    if (detail === undefined) {
      const [code = '', text = ''] = [pick(body, 'error.code'), pick(body, 'error.message')];
      return { kind: 'refused', status, code, text };
    }
    const [, code = '', ...text] = detail.split('|');
    return { kind: 'refused', status, code, text: text.join('|') };
  }

  private async send(resource: string, request: HttpsRequest): Promise<HttpsAnswer> {
    const token = await this.token(resource);
    const headers = {
      Authorization: `Bearer ${token}`,
      ...(request.body === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(request.body)) }),
      ...request.headers,
    };
    return exchangeHttps({ ...request, headers }, this.options);
  }

  /** The client credentials grant (RFC 6749, 4.4), with a cache as every client has one. */
  private async token(resource: string): Promise<string> {
    const { clock, credential } = this.options;
    const tenantId = this.options.tenantId();
    const key = `${tenantId} ${resource}`;
    const known = this.tokens.get(key);
    if (known && clock.now() < known.endsAt - RENEWED_BEFORE_MS) return known.value;
    const body = new URLSearchParams({
      client_id: credential.clientId,
      scope: `${resource}/.default`,
      client_secret: credential.value,
      grant_type: 'client_credentials',
    }).toString();
    const answer = await exchangeHttps(
      {
        method: 'POST',
        url: new URL(`/${tenantId}/oauth2/v2.0/token`, TOKEN_ORIGIN),
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          'Content-Length': String(Buffer.byteLength(body)),
        },
        body,
      },
      this.options,
    );
    const value = pick(answer.body, 'access_token');
    if (value === undefined) throw noToken(resource, answer);
    this.tokens.set(key, { value, endsAt: clock.now() + Number(pick(answer.body, 'expires_in') ?? 0) * 1_000 });
    return value;
  }
}

function noToken(resource: string, { status, body }: HttpsAnswer): TestbedError {
  // What follows names the request, and would differ from run to run.
  const [why = `HTTP ${status}`] = pick(body, 'error_description')?.split(' Trace ID: ') ?? [];
  return new TestbedError(
    'tenant-admin.no-token',
    `the administrator got no token for ${resource}: ${why.replace(/\.$/, '')}`,
    {
      remedy: 'Mend what keeps Entra from issuing tokens, such as entra.settings or entra.policies, first',
    },
  );
}

function firstOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('value' in body) || !Array.isArray(body.value)) {
    throw new InvariantError('the answer of InvokeCommand has no list of objects');
  }
  const objects: readonly unknown[] = body.value;
  return objects[0];
}
