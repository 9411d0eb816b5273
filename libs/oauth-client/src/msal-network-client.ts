import { request as httpsRequest } from 'node:https';
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { ConnectionError, lossOf, markStage, type NetworkView, type ProxySetting } from '#libs/network';
import type { Clock } from '#libs/simulation';
import type { NodeTrust } from '#libs/trust';

/** No answer of a token endpoint is longer; a captive portal's page may be. */
const RESPONSE_BYTES_MAX = 1_048_576;

export interface MsalNetworkClientOptions {
  clock: Clock;
  network: NetworkView;
  trust: NodeTrust;
  /** Milliseconds for each of connecting, the TLS handshake and the answer. */
  timeoutMs: number;
  proxyFor: (host: string) => ProxySetting | undefined;
}

/**
 * The HTTP client that MSAL uses on a node: dialled through the node's network view, trusted by the node's store.
 * MSAL reports a failed request as `network_error` and drops the reason, so it is kept in `lastFailure`.
 */
export class MsalNetworkClient implements INetworkModule {
  lastFailure: unknown;
  lastStatus = 0;
  /** May change from one request to the next, with the page SMTP Server. */
  timeoutMs: number;
  /** The mail that the next request is for, if it is for one. */
  mailType: string | undefined;

  constructor(private readonly options: MsalNetworkClientOptions) {
    this.timeoutMs = options.timeoutMs;
  }

  sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.send('GET', url, options);
  }

  sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.send('POST', url, options);
  }

  private async send<T>(method: string, url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    try {
      const { status, headers, text } = await this.exchange(method, new URL(url), options);
      this.lastStatus = status;
      return { status, headers, body: JSON.parse(text) as T };
    } catch (error) {
      this.lastFailure = error;
      throw error;
    }
  }

  private async exchange(
    method: string,
    url: URL,
    options: NetworkRequestOptions = {},
  ): Promise<{ status: number; headers: Record<string, string>; text: string }> {
    const { clock, network, trust, proxyFor } = this.options;
    const { timeoutMs } = this;
    const port = url.port === '' ? 443 : Number(url.port);
    const { hostname: host } = url;
    const connection = await network.dial({ host, port, timeoutMs, proxy: proxyFor(host), mailType: this.mailType });
    markStage(connection, 'tls');
    const socket = await trust.secure(connection, host, timeoutMs);
    markStage(connection, 'token');
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        {
          method,
          path: url.pathname + url.search,
          headers: { host: url.host, ...options.headers },
          createConnection: () => socket,
        },
        (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > RESPONSE_BYTES_MAX) request.destroy(new AnswerTooLongError());
            chunks.push(chunk);
          });
          response.once('end', () => {
            timer.cancel();
            socket.destroy();
            resolve({
              status: response.statusCode ?? 0,
              headers: Object.fromEntries(
                Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
              ),
              text: Buffer.concat(chunks).toString('utf8'),
            });
          });
          response.once('error', fail);
        },
      );
      const fail = (error: Error): void => {
        timer.cancel();
        reject(
          error instanceof AnswerTooLongError
            ? error
            : new ConnectionError(lossOf(error), 'token', { host, port }, error),
        );
      };
      const timer = clock.after(timeoutMs, () => {
        request.destroy(Object.assign(new Error('the token endpoint does not answer'), { code: 'ETIMEDOUT' }));
        connection.destroy();
      });
      request.once('error', fail);
      request.end(options.body);
    });
  }
}

class AnswerTooLongError extends Error {
  constructor() {
    super('the answer of the token endpoint is too long');
  }
}
