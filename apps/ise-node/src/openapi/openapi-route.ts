import type { ApiCaller } from '../http/api-callers.ts';
import type { ConfigWriter } from '../pan/config-writer.ts';

/** The version in the envelope of every answer (fact sheet ise 7.4). */
export const ENVELOPE_VERSION = '1.0.0';

/** Everything that an operation may need to know of its request. */
export interface OpenApiCall {
  readonly caller: ApiCaller;
  readonly params: Readonly<Record<string, string>>;
  readonly parameters: URLSearchParams;
  /** A request header; some filters of the alarms are headers. */
  readonly header: (name: string) => string | undefined;
  /** Parsed JSON, not checked yet; undefined when there was none. */
  readonly body: unknown;
  /** `https://host:port`, as the client addressed it. */
  readonly origin: string;
  /** Writes configuration. @throws OpenApiError on every node but the primary PAN */
  readonly config: () => ConfigWriter;
}

export interface OpenApiAnswer {
  status: number;
  body: unknown;
}

/** One operation of the OpenAPI. */
export interface OpenApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/api/v1/task/{taskId}`. */
  readonly path: string;
  /** How this part of the API tells errors. */
  readonly errors: OpenApiErrorForm;
  /** A write that belongs to the node it is sent to, not to the primary PAN: promotion. */
  readonly onAnyNode?: boolean;
  run(call: OpenApiCall): OpenApiAnswer | Promise<OpenApiAnswer>;
}

/** A request that OpenAPI refuses. Messages name fields and rules, never the values of secrets. */
export class OpenApiError extends Error {
  override readonly name = 'OpenApiError';

  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503,
    message: string,
  ) {
    super(message);
  }
}

export type OpenApiErrorForm = (error: OpenApiError) => unknown;

/** Deployment, tasks, alarms: `{"error":{"message"},"version"}`. */
export const messageError: OpenApiErrorForm = ({ message }) => ({ error: { message }, version: ENVELOPE_VERSION });

/** System settings, administrators, and what happens before a route is found: `{"code","message"}`. */
export const codeError: OpenApiErrorForm = ({ status, message }) => ({ code: status, message });

/** Certificates: an ordinary answer that says "Fail". */
export const certificateError: OpenApiErrorForm = ({ message }) => ({
  response: { id: null, message, status: 'Fail' },
  version: ENVELOPE_VERSION,
});

/** What a write of the deployment answers. */
export function succeeded(message: string, status = 200): OpenApiAnswer {
  return { status, body: { success: { message }, version: ENVELOPE_VERSION } };
}

export function enveloped(response: unknown, status = 200): OpenApiAnswer {
  return { status, body: { response, version: ENVELOPE_VERSION } };
}
