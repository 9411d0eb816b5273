import type { z } from 'zod';
import type { EntityType, GraphEntity, GraphMember } from './entity-type.ts';
import type { GraphDirectory, GraphTenant } from './graph-directory.ts';
import { refusals, type GraphRefusal } from './graph-refusal.ts';
import { readBody } from './request-body.ts';

/** A request as a route sees it: the caller was let in, the tenant is the caller's. */
export interface GraphCall {
  directory: GraphDirectory;
  tenant: GraphTenant;
  /** What stands for the `{…}` of the route's template, in order, decoded. */
  ids: readonly string[];
  body: string;
  /** Epoch milliseconds. */
  now: number;
}

export type GraphAnswer =
  | { kind: 'collection'; type: EntityType; entities: readonly GraphEntity[] }
  | { kind: 'entity'; type: EntityType; entity: GraphMember; isNew?: boolean }
  /** Something that is no member of a set; `context` follows `$metadata#`. */
  | { kind: 'value'; context: string; value: GraphEntity }
  | { kind: 'done' }
  | GraphRefusal;

export interface GraphRoute {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/v1.0`, as the journal writes it. */
  template: string;
  /** Application permissions: any one of them opens the route. `any`: every token that is good. */
  permissions: readonly string[] | 'any';
  answer: (call: GraphCall) => GraphAnswer;
}

/** Reads the body and goes on with it, unless it is refused. */
export function withBody<T>(
  call: GraphCall,
  schema: z.ZodType<T>,
  typeName: string,
  next: (body: T) => GraphAnswer,
): GraphAnswer {
  const read = readBody(call.body, schema, typeName);
  return read.kind === 'read' ? next(read.value) : read;
}

/** Finds something by the ID in the path and goes on with it, unless it is not there. */
export function withFound<T>(
  found: T | undefined,
  id: string | undefined,
  next: (found: T) => GraphAnswer,
): GraphAnswer {
  return found === undefined ? refusals.notFound(id ?? '') : next(found);
}
