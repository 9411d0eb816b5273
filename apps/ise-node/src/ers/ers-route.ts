import { matchPath } from '../http/api-request.ts';
import { ErsException } from './ers-exception.ts';
import type { ErsOperation, ErsResource } from './ers-resource.ts';

/** What a method and path below `/ers/config` ask for. */
export type ErsRoute = { resource: ErsResource; params: Record<string, string> } & (
  | { kind: 'version' | 'list' | 'create' | 'get' | 'update' | 'patch' | 'delete' }
  | { kind: 'operation'; operation: ErsOperation }
);

/** As `operation` of an `ERSResponse` names it: `POST-create-internaluser`. */
export function operationName(method: string, route: ErsRoute | undefined, name: string): string {
  if (!route) return `${method}-unknown-${name}`;
  const byName = 'name' in route.params ? ' by name' : '';
  if (route.kind === 'operation') return `${method}-${route.operation.path.split('/')[0]}${byName}-${name}`;
  return `${method}-${route.kind === 'list' ? 'get all' : route.kind}${byName}-${name}`;
}

/**
 * Finds the operation. `below` holds the path's parts after the resource.
 *
 * @throws ErsException UNSUPPORTED_METHOD_EXCEPTION, or UNSUPPORTED_RESOURCE_EXCEPTION for a path that leads nowhere
 */
export function routeTo(resource: ErsResource, method: string, below: readonly string[]): ErsRoute {
  const { operations = [], byName } = resource;
  if (below.length === 1 && below[0] === 'versioninfo')
    return onlyGet(method, { kind: 'version', resource, params: {} });
  const matching = operations.flatMap((operation) => {
    const params = matchPath(operation.path, below);
    return params ? [{ operation, params }] : [];
  });
  const operation = matching.find((each) => each.operation.method === method);
  if (operation) return { kind: 'operation', resource, ...operation };
  if (matching.length > 0) throw unsupported(method);
  if (below.length === 0) {
    if (method === 'GET') return { kind: 'list', resource, params: {} };
    if (method === 'POST' && resource.create) return { kind: 'create', resource, params: {} };
    throw unsupported(method);
  }
  const [first = '', second = ''] = below;
  const isName = below.length === 2 && first === 'name' && byName;
  if (below.length > 1 && !isName) {
    throw new ErsException('UNSUPPORTED_RESOURCE_EXCEPTION', `There is no such path below ${resource.name}`);
  }
  const params: Record<string, string> = isName ? { name: second } : { id: first };
  if (method === 'GET') return { kind: 'get', resource, params };
  if (method === 'PUT' && resource.update) return { kind: 'update', resource, params };
  if (method === 'PATCH' && resource.update) return { kind: 'patch', resource, params };
  if (method === 'DELETE' && resource.remove) return { kind: 'delete', resource, params };
  throw unsupported(method);
}

function onlyGet(method: string, route: ErsRoute): ErsRoute {
  if (method !== 'GET') throw unsupported(method);
  return route;
}

function unsupported(method: string): ErsException {
  return new ErsException('UNSUPPORTED_METHOD_EXCEPTION', `The method ${method} is not supported for this URI`);
}
