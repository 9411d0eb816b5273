import { request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '#libs/simulation';
import { lossOf } from './connection-loss.ts';
import { DialError, type DialFailure } from './dial.error.ts';
import type { DialRequest, ProxySetting } from './simulated-network.ts';

/**
 * Asks the proxy at the other end of `connection` for a tunnel (RFC 9110, 9.3.6).
 *
 * @throws DialError when the proxy refuses, or does not answer within `target.timeoutMs`
 */
export function connectThroughProxy(
  connection: Duplex,
  proxy: ProxySetting,
  target: DialRequest,
  clock: Clock,
): Promise<Duplex> {
  const authority = `${target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorization(proxy) },
      createConnection: () => connection,
    });
    const timer = clock.after(target.timeoutMs, () => request.destroy(new Error('proxy does not answer')));
    request.once('connect', (response, tunnel, head) => {
      timer.cancel();
      const failure = failureOf(response.statusCode ?? 0);
      if (!failure) {
        // A server that speaks first, as SMTP's does, may have its greeting in the same packet as the proxy's answer.
        if (head.length > 0) tunnel.unshift(head);
        return resolve(tunnel);
      }
      tunnel.destroy();
      reject(new DialError(failure, failure === 'proxy-bad-gateway' ? target : proxy));
    });
    request.once('error', (cause) => {
      timer.cancel();
      const failure = lossOf(cause) === 'connection-reset' ? 'connection-reset' : 'connect-timeout';
      reject(new DialError(failure, proxy, cause));
    });
    request.end();
  });
}

function authorization(proxy: ProxySetting): Record<string, string> {
  if (proxy.userName === undefined) return {};
  const credentials = Buffer.from(`${proxy.userName}:${proxy.password ?? ''}`).toString('base64');
  return { 'proxy-authorization': `Basic ${credentials}` };
}

function failureOf(status: number): DialFailure | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 407) return 'proxy-authentication-required';
  if (status === 403) return 'proxy-forbidden';
  return 'proxy-bad-gateway';
}
