import { ConfidentialClientApplication, LogLevel, ServerError } from '@azure/msal-node';
import { createHash } from 'node:crypto';
import { ConnectionError, DialError, type NetworkView, type ProxySetting } from '#libs/network';
import { LOGGERS, type GuestLog, type Logger } from '#libs/node-log';
import { TOKEN_ENDPOINT_HOST, tokenEndpointOf } from '#libs/settings';
import type { Clock, Journal } from '#libs/simulation';
import { TlsError, type NodeTrust } from '#libs/trust';
import { MsalNetworkClient } from './msal-network-client.ts';
import type { TokenOutcome, TokenRefusal, TokenRequest } from './token-outcome.ts';

/** Applications remembered per node; more than one only after the settings were changed. */
const APPLICATIONS_MAX = 16;

export interface OauthTokenCacheOptions {
  node: string;
  clock: Clock;
  journal: Journal;
  log: GuestLog;
  network: NetworkView;
  trust: NodeTrust;
  proxyFor: (host: string) => ProxySetting | undefined;
}

interface RememberedApplication {
  application: ConfidentialClientApplication;
  client: MsalNetworkClient;
  /** The last refusal of the token endpoint: MSAL repeats it for a while on its own (fact sheet microsoft 2.5). */
  refusal?: TokenRefusal;
}

/**
 * Obtains access tokens with `@azure/msal-node` and keeps them: one cache per node, so each node asks for its own
 * (fact sheet ise 2.1). A token is used until five minutes before its end (fact sheet microsoft 2.6), also when what
 * it was obtained with is no longer valid.
 */
export class OauthTokenCache {
  private readonly applications = new Map<string, RememberedApplication>();
  private readonly cacheLog: Logger;
  private readonly providerLog: Logger;

  constructor(private readonly options: OauthTokenCacheOptions) {
    this.cacheLog = options.log.logger(LOGGERS.tokenCache);
    this.providerLog = options.log.logger(LOGGERS.tokenProvider);
  }

  /**
   * A token for `request`, from the cache or from the token endpoint.
   *
   * @param fresh asks the token endpoint even if a token is cached: Test Connection tests these very values
   * @param mailType the mail that it is for, if it is for one
   * @param timeoutMs milliseconds for each of connecting, the TLS handshake and the answer
   */
  async acquire(
    request: TokenRequest,
    { fresh, timeoutMs, mailType }: { fresh: boolean; timeoutMs: number; mailType?: string | undefined },
  ): Promise<TokenOutcome> {
    const { journal, node } = this.options;
    const remembered = this.remember(request, { fresh, timeoutMs });
    remembered.client.mailType = mailType;
    const outcome = await this.ask(remembered, request);
    switch (outcome.kind) {
      case 'granted':
        if (outcome.fromCache) {
          this.cacheLog.debug(`getToken: valid token found in the cache for client ${request.clientId}`);
        } else {
          this.cacheLog.debug(`getToken: no valid token in the cache for client ${request.clientId}`);
          this.providerLog.debug(`getAccessToken: token obtained from ${this.describe(request)}`);
          this.cacheLog.debug(`putToken: token cached until ${new Date(outcome.expiresAt).toISOString()}`);
        }
        journal.record({
          kind: 'token.acquired',
          node,
          clientId: request.clientId,
          fromCache: outcome.fromCache,
          expiresAt: new Date(outcome.expiresAt).toISOString(),
        });
        break;
      case 'refused':
        this.providerLog.error(`getAccessToken: ${outcome.error}: ${outcome.description}`);
        journal.record({
          kind: 'token.refused',
          node,
          status: outcome.status,
          error: outcome.error,
          aadsts: outcome.aadsts,
          description: outcome.description,
        });
        break;
      case 'unreachable':
        if (outcome.error instanceof TlsError) this.providerLog.error(`getAccessToken: ${outcome.error.javaException}`);
        else this.providerLog.debug(`getAccessToken: ${this.describe(request)} could not be reached`);
        journal.record({ kind: 'token.unreachable', node, failure: outcome.error.code });
        break;
      case 'garbled':
        this.providerLog.error(`getAccessToken: unexpected answer: ${answerOf(outcome)}`);
        journal.record({ kind: 'token.garbled', node, status: outcome.status, description: outcome.description });
        break;
    }
    return outcome;
  }

  /** Forgets every token, as a restart of the node does. */
  clear(): void {
    this.applications.clear();
  }

  private remember(
    request: TokenRequest,
    { fresh, timeoutMs }: { fresh: boolean; timeoutMs: number },
  ): RememberedApplication {
    const { clock, network, trust, proxyFor } = this.options;
    const key = createHash('sha256')
      .update(JSON.stringify([request.tenantId, request.clientId, request.clientSecret]))
      .digest('hex');
    const known = fresh ? undefined : this.applications.get(key);
    if (known) {
      known.client.timeoutMs = timeoutMs;
      return known;
    }
    const client = new MsalNetworkClient({ clock, network, trust, timeoutMs, proxyFor });
    const application = new ConfidentialClientApplication({
      auth: {
        clientId: request.clientId,
        clientSecret: request.clientSecret,
        authority: `https://${TOKEN_ENDPOINT_HOST}/${encodeURIComponent(request.tenantId)}`,
      },
      system: {
        networkClient: client,
        loggerOptions: { logLevel: LogLevel.Error, piiLoggingEnabled: false, loggerCallback: () => undefined },
      },
    });
    const remembered = { application, client };
    const oldest = this.applications.keys().next();
    if (this.applications.size >= APPLICATIONS_MAX && !oldest.done) this.applications.delete(oldest.value);
    this.applications.set(key, remembered);
    return remembered;
  }

  private async ask(remembered: RememberedApplication, request: TokenRequest): Promise<TokenOutcome> {
    const { application, client } = remembered;
    client.lastFailure = undefined;
    client.lastStatus = 0;
    try {
      const result = await application.acquireTokenByClientCredential({ scopes: [request.scope] });
      if (!result?.accessToken || !result.expiresOn)
        return { kind: 'garbled', description: 'no access token in the answer' };
      return {
        kind: 'granted',
        accessToken: result.accessToken,
        expiresAt: result.expiresOn.getTime(),
        fromCache: result.fromCache,
      };
    } catch (error) {
      const failure = client.lastFailure;
      if (failure instanceof DialError || failure instanceof TlsError || failure instanceof ConnectionError) {
        return { kind: 'unreachable', error: failure };
      }
      if (error instanceof ServerError) {
        // Without an answer it is MSAL's own, in a form of its own and with IDs of the request before.
        if (client.lastStatus > 0 || !remembered.refusal) remembered.refusal = refusalFrom(error, client.lastStatus);
        return remembered.refusal;
      }
      const description = failure instanceof Error ? failure.message : 'not understood';
      return { kind: 'garbled', description, ...(client.lastStatus > 0 ? { status: client.lastStatus } : {}) };
    }
  }

  private describe(request: TokenRequest): string {
    return tokenEndpointOf(request.tenantId);
  }
}

function answerOf({ status, description }: { status?: number; description: string }): string {
  return status === undefined ? description : `HTTP ${status}: ${description}`;
}

function refusalFrom(error: ServerError, status: number): TokenRefusal {
  const description = /Description: (.*?)(?: Trace ID: | - Correlation ID: |$)/s.exec(error.errorMessage)?.[1];
  const number = Number(error.errorNo);
  return {
    kind: 'refused',
    status: error.status ?? status,
    error: error.errorCode,
    ...(Number.isInteger(number) && number > 0 ? { aadsts: number } : {}),
    description: (description ?? error.errorMessage).trim(),
  };
}
