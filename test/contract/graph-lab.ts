import { Agent, request as httpsRequest } from 'node:https';
import { Random } from '#libs/simulation';
import { GraphMock, type StartedGraphMock } from '#mocks/graph';
import { LabPki } from '#mocks/pki';
import { httpRequest, inMicrosoftLab, START, type MicrosoftLab } from './microsoft-lab.ts';

/** The Microsoft lab with Graph beside it, and a token of an application that is Global Administrator. */
export interface GraphLab extends MicrosoftLab {
  graph: StartedGraphMock;
  administratorToken: string;
}

export interface GraphHttpAnswer {
  status: number;
  headers: Record<string, string>;
  /** Parsed; undefined when there is none, text when it is no JSON. */
  body: ReturnType<typeof JSON.parse>;
  text: string;
}

export async function inGraphLab<T>(test: (lab: GraphLab) => Promise<T>, seed = '7'): Promise<T> {
  return inMicrosoftLab({ seed }, async (lab) => {
    const { clock, journal, directory } = lab;
    const pki = await LabPki.issue({ validFrom: START, clock });
    const graph = await new GraphMock({
      directory,
      keysOf: async (tenantId) => JSON.parse((await httpRequest(lab, `/${tenantId}/discovery/v2.0/keys`)).body),
      clock,
      journal,
      random: new Random(seed).stream('graph'),
      credentials: pki.serverCredentials('token-endpoint'),
    }).start();
    try {
      const administratorToken = await graphToken(lab, directory.createAdministrator(lab.tenantId));
      return await test({ ...lab, graph, administratorToken });
    } finally {
      await graph.close();
    }
  });
}

/** A token for Graph, asked for with this client. */
export async function graphToken(
  lab: MicrosoftLab,
  { clientId, value }: { clientId: string; value: string },
  tenantId = lab.tenantId,
): Promise<string> {
  const body = new URLSearchParams({
    client_id: clientId,
    client_secret: value,
    scope: 'https://graph.microsoft.com/.default',
    grant_type: 'client_credentials',
  });
  const answer = await httpRequest(lab, `/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body: body.toString() });
  return String(JSON.parse(answer.body).access_token);
}

export interface GraphCallOptions {
  /** Default the administrator's; an empty one sends no header. */
  token?: string;
  headers?: Record<string, string>;
  /** Sent as it is. */
  raw?: string;
}

/** A call as `node:https` makes it: `path` is below `/v1.0`, or a whole link. */
export function callGraph(
  lab: GraphLab,
  method: string,
  path: string,
  body?: unknown,
  options: GraphCallOptions = {},
): Promise<GraphHttpAnswer> {
  const {
    token = lab.administratorToken,
    headers = {},
    raw = body === undefined ? '' : JSON.stringify(body),
  } = options;
  const link = path.replace('https://graph.microsoft.com/v1.0', '');
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      {
        host: '127.0.0.1',
        port: lab.graph.port,
        path: `/v1.0${link.replaceAll(' ', '%20')}`,
        method,
        headers: {
          Host: 'graph.microsoft.com',
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(raw),
          ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        agent: new Agent({ ca: lab.tokenEndpointRoot, servername: 'graph.microsoft.com' }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = String(response.headers['content-type']).startsWith('application/json');
          const received: Record<string, string> = {};
          for (const [name, value] of Object.entries(response.headers)) received[name] = String(value);
          resolve({
            status: response.statusCode ?? 0,
            headers: received,
            body: isJson && text !== '' ? JSON.parse(text) : undefined,
            text,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(raw);
  });
}
