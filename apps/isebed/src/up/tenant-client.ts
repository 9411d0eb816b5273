import { request } from 'node:http';
import { ADMIN } from '../testbed/lab-admin.ts';
import { UpError } from './up.error.ts';

const ANSWER_MS_MAX = 60_000;

/** Calls the tenant API of the testbed that runs on this machine. The body is YAML or JSON; the answer is parsed JSON. */
export interface TenantCall {
  port: number;
  method: 'GET' | 'PUT' | 'POST';
  /** Below `/isebed/v1/tenant`. */
  path?: string;
  body?: string;
  /** With the password of the administrator. */
  asAdministrator?: boolean;
}

/** @throws UpError when no testbed answers, or it refuses */
export async function callTenantApi({ port, method, path = '', body, asAdministrator }: TenantCall): Promise<unknown> {
  const url = `http://127.0.0.1:${port}/isebed/v1/tenant${path}`;
  const credentials = Buffer.from(`${ADMIN.userName}:${ADMIN.password}`).toString('base64');
  const headers = {
    ...(asAdministrator ? { authorization: `Basic ${credentials}` } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/yaml' }),
  };
  const { status, text } = await exchange(url, { method, headers, timeout: ANSWER_MS_MAX }, body).catch(
    (cause: unknown) => {
      const remedy = 'Start one with isebed up, or say where its API is with --api-port.';
      throw new UpError('up.not-running', `no testbed answers at ${url}`, remedy, cause);
    },
  );
  const answer: unknown = JSON.parse(text);
  if (status < 300) return answer;
  const { message, remedy } = refusalOf(answer);
  throw new UpError('up.refused', message, remedy);
}

function exchange(
  url: string,
  options: { method: string; headers: Record<string, string>; timeout: number },
  body: string | undefined,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    call.once('timeout', () => call.destroy(new Error('no answer in time')));
    call.once('error', reject);
    call.end(body);
  });
}

function refusalOf(answer: unknown): { message: string; remedy: string } {
  const given = typeof answer === 'object' && answer !== null ? answer : {};
  const message: unknown = 'message' in given ? given.message : undefined;
  const remedy = 'remedy' in given ? String(given.remedy) : 'Correct what was sent.';
  return { message: [message].flat().join('\n') || 'the testbed refused', remedy };
}
