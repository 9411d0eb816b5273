import { request as httpsRequest } from 'node:https';
import { ConnectionError, lossOf, type NetworkView } from '#libs/network';
import type { Clock } from '#libs/simulation';
import type { NodeTrust } from '#libs/trust';

const HTTPS_PORT = 443;

/** No answer that an administrator waits for is longer. */
const ANSWER_BYTES_MAX = 4_194_304;

/** Milliseconds for each of connecting, the TLS handshake and the answer. */
const PATIENCE_MS = 60_000;

export interface HttpsRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface HttpsAnswer {
  readonly status: number;
  /** Parsed; undefined when there is none, or none in JSON. */
  readonly body: unknown;
}

/**
 * One HTTPS request on a connection of its own, dialled through the network view and trusted by `trust`.
 *
 * @throws DialError, TlsError or ConnectionError
 */
export async function exchangeHttps(
  { method, url, headers, body }: HttpsRequest,
  { clock, network, trust }: { clock: Clock; network: NetworkView; trust: NodeTrust },
): Promise<HttpsAnswer> {
  const peer = { host: url.hostname, port: HTTPS_PORT };
  const connection = await network.dial({ ...peer, timeoutMs: PATIENCE_MS });
  const socket = await trust.secure(connection, peer.host, PATIENCE_MS);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      timer.cancel();
      socket.destroy();
      reject(new ConnectionError(lossOf(error), 'token', peer, error));
    };
    const request = httpsRequest(
      {
        method,
        path: url.pathname + url.search,
        headers: { host: url.host, ...headers },
        createConnection: () => socket,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX) request.destroy(new Error('the answer is too long'));
          chunks.push(chunk);
        });
        response.once('error', fail);
        response.once('end', () => {
          timer.cancel();
          socket.destroy();
          resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()) });
        });
      },
    );
    const timer = clock.after(PATIENCE_MS, () => {
      request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
    });
    request.once('error', fail);
    request.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a page for browsers, or nothing: the status tells enough
  }
}
