import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiCallers, type ApiCaller } from '../http/api-callers.ts';
import { ApiGate } from '../http/api-gate.ts';
import { addressOf, decodedParts, originOf } from '../http/api-request.ts';
import { readBody } from '../http/read-body.ts';
import { RequestError } from '../http/request-error.ts';
import { checkFields, readErsBody, type ErsBody } from './ers-body.ts';
import { updatedFields } from './ers-documents.ts';
import { ErsException } from './ers-exception.ts';
import { acceptedFormat, checkErsMediaType, contentFormat, type ErsFormat } from './ers-media.ts';
import { applyQuery, readQuery } from './ers-query.ts';
import {
  changedFields,
  errorReply,
  listReply,
  objectReply,
  outcomeReply,
  versionReply,
  type ErsReply,
} from './ers-reply.ts';
import { isFields, type ErsCall, type ErsFields, type ErsObject, type ErsResource } from './ers-resource.ts';
import { operationName, routeTo, type ErsRoute } from './ers-route.ts';

/** Longer bodies are refused; a bulk request with 500 guests is a quarter of it. */
const ERS_BODY_BYTES_MAX = 4 * 1024 * 1024;

/** What a node's ERS knows: injected as one list, so that each persona can add to it. */
export const ERS_RESOURCES = Symbol('ERS resources');

const PREFIX = ['ers', 'config'];

/** External RESTful Services: every request below `/ers`, from the header to the answer (fact sheet ise 7.1). */
@Injectable()
export class ErsGateway {
  constructor(
    private readonly gate: ApiGate,
    private readonly callers: ApiCallers,
    @Inject(ERS_RESOURCES) private readonly resources: readonly ErsResource[],
  ) {}

  /** Answers; never throws. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { settings } = this.gate;
    if (!settings.ersEnabled) {
      request.resume();
      response.writeHead(302, { Location: '/admin/' }).end();
      return;
    }
    const { reply, path, user } = await this.reply(new ErsRequest(request, this.resources));
    this.gate.note('ers', { method: request.method, path, status: reply.status, user });
    response.writeHead(reply.status, { ...reply.headers, 'Content-Length': Buffer.byteLength(reply.body) });
    response.end(request.method === 'HEAD' ? '' : reply.body);
  }

  private async reply(asked: ErsRequest): Promise<{ reply: ErsReply; path: string; user?: string | undefined }> {
    const { path } = asked;
    let caller: ApiCaller | undefined;
    let route: ErsRoute | undefined;
    try {
      const text = await readBody(asked.request, ERS_BODY_BYTES_MAX);
      if (!this.gate.admit('ers')) throw new ErsException('TOO_MANY_REQUESTS', 'Too many requests within a second');
      const { resource } = asked;
      caller = this.callerOf(asked);
      const format = asked.format();
      if (!resource)
        throw new ErsException('UNSUPPORTED_RESOURCE_EXCEPTION', 'The resource in the URI is not supported');
      checkErsMediaType(asked.header('ers-media-type'), resource);
      const found = routeTo(resource, asked.method, asked.below);
      route = found;
      this.checkRights(asked, caller);
      if (text === undefined) throw new ErsException('TOO_LARGE', `A body has at most ${ERS_BODY_BYTES_MAX} bytes`);
      const body =
        text === '' ? undefined : readErsBody(text, contentFormat(asked.header('content-type'), resource), resource);
      const call = this.callFor(asked, { caller, route: found, body });
      const who = caller;
      const reply = await this.gate.context.asAdministrator(caller.name, () => perform(asked, call, found, format));
      const token = this.gate.fetchedToken(asked.request, who);
      if (token !== undefined) reply.headers['X-CSRF-Token'] = token;
      return { reply, path, user: caller.name };
    } catch (error) {
      const operation = operationName(asked.method, route, asked.resource?.name ?? 'resource');
      const href = asked.origin + path;
      const exception = ersExceptionOf(error);
      if (exception.name === 'INTERNAL_EXCEPTION') this.gate.noteFailure('ers', error);
      const reply = errorReply(exception, { operation, href, format: asked.formatOfError() });
      return { reply, path, user: caller?.name };
    }
  }

  private callerOf({ resource, request }: ErsRequest): ApiCaller {
    const { authorization } = request.headers;
    if (resource?.callers !== 'sponsors') {
      const administrator = this.callers.administrator(authorization);
      if (administrator) return administrator;
      throw new ErsException('UNAUTHORIZED', 'Unauthorized');
    }
    const sponsor = this.callers.sponsor(authorization);
    if (!sponsor) throw new ErsException('UNAUTHORIZED', 'Unauthorized');
    if (sponsor.canAccessViaRest) return sponsor.caller;
    throw new ErsException('UNAUTHORIZED', 'Sponsor does not have permission to access REST Apis');
  }

  private checkRights({ request, resource, method }: ErsRequest, caller: ApiCaller): void {
    const refusal = resource?.callers === 'sponsors' ? undefined : this.gate.refusalOf(method, caller);
    if (refusal) {
      const needed = refusal === 'read' ? 'ERS Admin or ERS Operator' : 'ERS Admin';
      throw new ErsException('FORBIDDEN', `The user is not in the administrator group ${needed}`);
    }
    if (method === 'GET') return;
    if (!this.gate.passesCsrf(request, caller))
      throw new ErsException('CSRF_EXCEPTION', 'CSRF nonce validation failed');
    if (!this.gate.writer) {
      const { name } = this.gate.context.settings.deployment.primaryPan;
      throw new ErsException('APPLICATION_RESOURCE_VALIDATION_EXCEPTION', `Only the primary PAN (${name}) writes`);
    }
  }

  private callFor(
    { origin }: ErsRequest,
    { caller, route, body }: { caller: ApiCaller; route: ErsRoute; body: ErsBody | undefined },
  ): ErsCall {
    const { context, writer } = this.gate;
    return {
      context,
      caller,
      body,
      origin,
      params: route.params,
      write: (key, value) => {
        if (!writer) throw new ErsException('CRUD_OPERATION_EXCEPTION', 'Only the primary PAN writes');
        writer.write(key, value);
      },
    };
  }
}

/** A request below `/ers`, taken apart. */
class ErsRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly resource: ErsResource | undefined;
  /** The decoded parts of the path after the resource. */
  readonly below: readonly string[];
  readonly origin: string;

  constructor(
    readonly request: IncomingMessage,
    resources: readonly ErsResource[],
  ) {
    this.method = request.method ?? '';
    const { path, parameters } = addressOf(request);
    this.path = path.slice(0, 500);
    this.parameters = parameters;
    const parts = decodedParts(path) ?? [];
    // Cisco's own description of guest types doubles the prefix (fact sheet ise 7.1).
    while (PREFIX.every((part, index) => parts[index] === part)) parts.splice(0, PREFIX.length);
    const [name, ...below] = parts;
    this.resource = path.startsWith('/ers/config/') ? resources.find((each) => each.name === name) : undefined;
    this.below = below;
    this.origin = originOf(request);
  }

  header(name: string): string | undefined {
    return [this.request.headers[name]].flat()[0];
  }

  format(): ErsFormat {
    return acceptedFormat(this.header('accept'), this.resource);
  }

  /** In the asked format; XML, the older one, when that is what is wrong. */
  formatOfError(): ErsFormat {
    try {
      return acceptedFormat(this.header('accept'));
    } catch {
      return 'xml';
    }
  }
}

async function perform(asked: ErsRequest, call: ErsCall, route: ErsRoute, format: ErsFormat): Promise<ErsReply> {
  const { resource } = route;
  const address = { origin: asked.origin, resource, format };
  switch (route.kind) {
    case 'version':
      return versionReply(address);
    case 'list':
      return listReply(
        address,
        applyQuery(resource.list(call), readQuery(asked.parameters, resource), resource.filterValue),
      );
    case 'get':
      return objectReply(address, foundBy(call, route));
    case 'operation':
      return outcomeReply(address, await route.operation.run(call));
    case 'create': {
      const input = checkFields(call.body, resource, { complete: true });
      const id = (await resource.create?.(withoutLink(input), call)) ?? '';
      return outcomeReply(address, { kind: 'created', id });
    }
    case 'update':
    case 'patch': {
      const input = checkFields(call.body, resource, { complete: false });
      const present = foundBy(call, route);
      if (input['id'] !== undefined && input['id'] !== present.id) {
        throw new ErsException(
          'APPLICATION_RESOURCE_VALIDATION_EXCEPTION',
          'The id in the body is not that of the URI',
        );
      }
      const next: ErsObject = { ...present, ...merged(present, withoutLink(input)), id: present.id };
      await resource.update?.(present, next, call);
      const stored = resource.list(call).find(({ id }) => id === present.id) ?? next;
      return outcomeReply(address, updatedFields(changedFields(present, stored)));
    }
    case 'delete':
      await resource.remove?.(foundBy(call, route), call);
      return outcomeReply(address, { kind: 'no-content' });
  }
}

function foundBy(call: ErsCall, { resource, params }: ErsRoute): ErsObject {
  const { id, name } = params;
  const object = resource.list(call).find((each) => (id === undefined ? each.name === name : each.id === id));
  if (object) return object;
  throw new ErsException('RESOURCE_NOT_FOUND_EXCEPTION', `${resource.title} not found`);
}

/** Objects are merged, lists and values replaced. */
function merged(present: ErsFields, changes: ErsFields): ErsFields {
  const entries = Object.entries(changes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, unknown] => {
      const before = present[name];
      return [name, isFields(before) && isFields(value) ? merged(before, value) : value];
    });
  return { ...present, ...Object.fromEntries(entries) };
}

function withoutLink({ link: _link, ...fields }: ErsFields): ErsFields {
  return fields;
}

/** A rule of the node that said no is a semantic error of the request; all else is ours, and its text stays inside. */
function ersExceptionOf(error: unknown): ErsException {
  if (error instanceof ErsException) return error;
  if (error instanceof RequestError) {
    const name = error.status === 404 ? 'RESOURCE_NOT_FOUND_EXCEPTION' : 'APPLICATION_RESOURCE_VALIDATION_EXCEPTION';
    return new ErsException(name, error.message);
  }
  return new ErsException('INTERNAL_EXCEPTION', 'An unexpected error occurred');
}
