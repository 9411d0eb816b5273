import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { InvariantError } from '#libs/diagnosis';
import type { NodeAdmin } from './lab-admin.ts';
import { NodeDownError } from './node-down.error.ts';

/** An answer of a node's API. */
export interface NodeAnswer {
  status: number;
  body: unknown;
}

/**
 * A client of one node's own API, as the browser of an administrator would be. It talks to the node's listener
 * directly: the administrator's network is not part of the simulation.
 */
export class NodeApi {
  constructor(
    private readonly listener: { host: string; port: number; protocol: 'http:' | 'https:'; roots: readonly string[] },
    private readonly admin: NodeAdmin,
  ) {}

  /** @throws NodeDownError when the node ends before it has answered */
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<NodeAnswer> {
    const { userName, password } = this.admin;
    const { host, port, protocol, roots } = this.listener;
    const request = protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const fail = (cause: Error): void => reject(new NodeDownError('the node', cause));
      const call = request(
        {
          host,
          port,
          method,
          path: `/isebed/v1/${path}`,
          agent: false,
          // The listener's address is whatever the host has; the certificate names loopback.
          ...(protocol === 'https:' ? { ca: [...roots], servername: 'localhost' } : {}),
          headers: {
            authorization: `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`,
            'content-type': 'application/json',
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({ status: response.statusCode ?? 0, body: text === '' ? undefined : parse(text) });
          });
          response.once('error', fail);
        },
      );
      call.once('error', fail);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** As `call`, where nothing but success is expected. */
  async succeed(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 400)
      throw new InvariantError(`${method} ${path} answered ${answer.status}`, { answer: answer.body });
    return answer.body;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
