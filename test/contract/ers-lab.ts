import { request as httpRequest } from 'node:http';
import type { NodeLab } from './node-lab.ts';
import { ADMIN } from './node-lab.ts';

export interface ApiAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** Parsed JSON, undefined when it is none. */
  json: ReturnType<typeof JSON.parse>;
}

export interface ApiCall {
  /** Sent as JSON, or as it is when it is a text. */
  body?: unknown;
  /** Instead of, or besides, those of a JSON client; null leaves one out. */
  headers?: Record<string, string | null>;
  /** `null` sends none. */
  credentials?: { userName: string; password: string } | null;
}

const basic = ({ userName, password }: { userName: string; password: string }): string =>
  `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;

/** A request to a node as an API client sends it; `path` begins with a slash. */
export function request(
  lab: NodeLab,
  method: string,
  path: string,
  call: ApiCall = {},
  node = 'ise1',
): Promise<ApiAnswer> {
  const { body, headers = {}, credentials = ADMIN } = call;
  const all: Record<string, string | null> = {
    accept: 'application/json',
    'content-type': 'application/json',
    authorization: credentials && basic(credentials),
    ...headers,
  };
  const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { ...lab.node(node).http, method, path, agent: false, headers: Object.fromEntries(sent) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const entries = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(entries), text, json: parsed(text) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** A request below `/ers/config/`. */
export const ers = (
  lab: NodeLab,
  method: string,
  path: string,
  call: ApiCall = {},
  node = 'ise1',
): Promise<ApiAnswer> => request(lab, method, `/ers/config/${path}`, call, node);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
