import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ErsException } from '../ers/ers-exception.ts';
import { ApiCallers, type ApiCaller } from '../http/api-callers.ts';
import { ApiGate } from '../http/api-gate.ts';
import { addressOf, decodedParts, matchPath, originOf } from '../http/api-request.ts';
import { readBody } from '../http/read-body.ts';
import { RequestError } from '../http/request-error.ts';
import { codeError, OpenApiError, type OpenApiAnswer, type OpenApiRoute } from './openapi-route.ts';

const BODY_BYTES_MAX = 1024 * 1024;

/** What a node's OpenAPI knows: one list, so that each persona can add to it. */
export const OPENAPI_ROUTES = Symbol('OpenAPI routes');

/** The OpenAPI of ISE 3.1 and later: every request below `/api/v1`, from the header to the answer (fact sheet ise 7.4). */
@Injectable()
export class OpenApiGateway {
  constructor(
    private readonly gate: ApiGate,
    private readonly callers: ApiCallers,
    @Inject(OPENAPI_ROUTES) private readonly routes: readonly OpenApiRoute[],
  ) {}

  /** Answers; never throws. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.gate.settings.openApiEnabled) {
      request.resume();
      response.writeHead(302, { Location: '/admin/' }).end();
      return;
    }
    const { path } = addressOf(request);
    const headers: Record<string, string> = { 'Content-Type': 'application/json' };
    const requestId = [request.headers['x-request-id']].flat()[0];
    if (requestId !== undefined && /^[\x21-\x7e]{1,128}$/.test(requestId)) headers['X-Request-ID'] = requestId;
    const { answer, user } = await this.answer(request, headers);
    this.gate.note('openapi', { method: request.method, path: path.slice(0, 500), status: answer.status, user });
    const text = JSON.stringify(answer.body);
    response.writeHead(answer.status, { ...headers, 'Content-Length': Buffer.byteLength(text) });
    response.end(text);
  }

  private async answer(
    request: IncomingMessage,
    headers: Record<string, string>,
  ): Promise<{ answer: OpenApiAnswer; user?: string | undefined }> {
    let caller: ApiCaller | undefined;
    let route: OpenApiRoute | undefined;
    try {
      const text = await readBody(request, BODY_BYTES_MAX);
      if (!this.gate.admit('openapi')) throw new OpenApiError(429, 'Too many requests within a second');
      caller = this.callers.administrator(request.headers.authorization);
      if (!caller) throw new OpenApiError(401, 'Unauthorized');
      const who = caller;
      const found = this.find(request);
      ({ route } = found);
      this.checkRights(request, caller, found.route);
      if (text === undefined) throw new OpenApiError(413, `A body has at most ${BODY_BYTES_MAX} bytes`);
      const body = parsedBody(text, request.headers['content-type']);
      const call = {
        caller,
        body,
        params: found.params,
        parameters: addressOf(request).parameters,
        header: (name: string) => [request.headers[name]].flat()[0],
        origin: originOf(request),
        config: () => this.writer(),
      };
      const answer = await this.gate.context.asAdministrator(who.name, async () => found.route.run(call));
      const token = this.gate.fetchedToken(request, who);
      if (token !== undefined) headers['X-CSRF-Token'] = token;
      return { answer, user: who.name };
    } catch (thrown) {
      const error = openApiErrorOf(thrown);
      if (error.status === 500) this.gate.noteFailure('openapi', thrown);
      if (error.status === 401) headers['WWW-Authenticate'] = 'Basic realm="ISE OpenAPI"';
      if (error.status === 429) headers['Retry-After'] = '1';
      return { answer: { status: error.status, body: (route?.errors ?? codeError)(error) }, user: caller?.name };
    }
  }

  private find(request: IncomingMessage): { route: OpenApiRoute; params: Record<string, string> } {
    const parts = decodedParts(addressOf(request).path);
    if (!parts) throw new OpenApiError(400, 'The path is not percent-encoded UTF-8');
    const matching = this.routes.flatMap((route) => {
      const params = matchPath(route.path, parts);
      return params ? [{ route, params }] : [];
    });
    // A literal path comes before one with braces that would match as well.
    matching.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length);
    const found = matching.find(({ route }) => route.method === request.method);
    if (found) return found;
    if (matching.length > 0) throw new OpenApiError(405, `The method ${request.method} is not supported here`);
    throw new OpenApiError(404, 'There is no such resource');
  }

  private checkRights(request: IncomingMessage, caller: ApiCaller, { method, onAnyNode }: OpenApiRoute): void {
    if (this.gate.refusalOf(method, caller)) {
      throw new OpenApiError(403, 'The administrator groups of the user do not allow this');
    }
    if (method === 'GET') return;
    if (!this.gate.passesCsrf(request, caller)) throw new OpenApiError(403, 'CSRF nonce validation failed');
    if (!onAnyNode) this.writer();
  }

  private writer() {
    const { writer, context } = this.gate;
    if (writer) return writer;
    throw new OpenApiError(400, `Only the primary PAN (${context.settings.deployment.primaryPan.name}) writes`);
  }
}

function parsedBody(text: string, contentType: string | undefined): unknown {
  if (text === '') return undefined;
  if (!/^application\/json\s*(?:;|$)/i.test(contentType ?? '')) {
    throw new OpenApiError(415, 'The Content-Type must be application/json');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new OpenApiError(400, 'The body is not JSON');
  }
}

/** Rules of the node that said no are errors of the request; all else is ours, and its text stays inside. */
function openApiErrorOf(error: unknown): OpenApiError {
  if (error instanceof OpenApiError) return error;
  if (error instanceof RequestError) return new OpenApiError(error.status, error.message);
  if (error instanceof ErsException) return new OpenApiError(400, error.message);
  return new OpenApiError(500, 'An unexpected error occurred');
}
