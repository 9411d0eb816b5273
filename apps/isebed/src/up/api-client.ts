import { request } from 'node:http';
import { basicCredentials } from './basic-credentials.ts';
import { API_USER } from './api-access.ts';
import type { NodeAdmin } from '../testbed/lab-admin.ts';
import { UpError } from './up.error.ts';

const ANSWER_MS_MAX = 30_000;

/** Where a testbed has its API, and the password if it asks for one. */
export interface ApiAccess {
  /** An IP address. Default: loopback. */
  host?: string | undefined;
  port: number;
  password?: string | undefined;
  /** Who asks, where it is the administrator. */
  administrator?: NodeAdmin | undefined;
}

export interface ApiAnswer {
  status: number;
  body: string;
}

/**
 * Calls the API of a testbed that runs; `body` goes as JSON; a text as YAML, which JSON is too.
 *
 * @param path without a leading slash: `isebed/v1/testbed`
 * @throws UpError when none answers, or it asks for another password
 */
export async function callApi(
  { host = '127.0.0.1', port, password, administrator }: ApiAccess,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<ApiAnswer> {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/${path}`;
  const headers = {
    ...(body === undefined
      ? {}
      : { 'content-type': typeof body === 'string' ? 'application/yaml' : 'application/json' }),
    ...(password === undefined ? {} : { authorization: basicCredentials(API_USER, password) }),
    ...(administrator && { authorization: basicCredentials(administrator.userName, administrator.password) }),
  };
  const answer = await new Promise<ApiAnswer>((resolve, reject) => {
    const call = request(url, { method, headers, timeout: ANSWER_MS_MAX }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    call.once('timeout', () => call.destroy(new Error(`no answer within ${ANSWER_MS_MAX / 1_000} s`)));
    call.once('error', reject);
    call.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  }).catch((cause: unknown) => {
    throw new UpError(
      'up.not-running',
      `no testbed answers at ${url}`,
      'Start one with isebed up, say where its API is with --host and --api-port, or name its folder with --data.',
      cause,
    );
  });
  if (answer.status !== 401) return answer;
  if (administrator) {
    throw new UpError(
      'up.admin-password',
      `the testbed at port ${port} refuses the password of ${administrator.userName}`,
      'Give the one it was started with: --admin-password-file <file>, or ISEBED_ADMIN_PASSWORD.',
    );
  }
  throw new UpError(
    'up.api-password',
    `the testbed at port ${port} asks for ${password === undefined ? 'a' : 'another'} password`,
    'Give the one it was started with: --api-password-file <file>, or ISEBED_API_PASSWORD.',
  );
}
