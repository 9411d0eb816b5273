import type { z } from 'zod';
import type { NodeContext } from '../node-context.ts';
import type { ApiCaller } from '../http/api-callers.ts';
import type { ErsQuery } from './ers-query.ts';

/** A JSON object as it stands in a request or an answer. */
export type ErsFields = Record<string, unknown>;

/** A value as text: nothing for none, JSON for lists and objects. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

export function isFields(value: unknown): value is ErsFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that is a field of an object; empty when there is none. */
export function fieldsIn(object: ErsFields, name: string): ErsFields {
  const value = object[name];
  return isFields(value) ? value : {};
}

/** A resource as ERS shows it, without its link. */
export interface ErsObject extends ErsFields {
  id: string;
  name?: string;
  description?: string;
}

/** Everything that an operation may need to know of its request. */
export interface ErsCall {
  readonly context: NodeContext;
  readonly caller: ApiCaller;
  /** Writes configuration; only ever given on the primary PAN. */
  readonly write: (key: string, value: unknown) => void;
  /** `{id}` and the like of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Parsed JSON or XML body, not checked yet; undefined when there was none. */
  readonly body: unknown;
  /** `https://host:port`, as the client addressed it. */
  readonly origin: string;
}

/** What an operation answers. */
export type ErsOutcome =
  | { kind: 'no-content' }
  | { kind: 'created'; id: string }
  /** 202, with the address where the progress is told. */
  | { kind: 'accepted'; path: string }
  /** Its JSON form by wrapper and fields, and its XML form. */
  | { kind: 'document'; wrapper: string; fields: ErsFields; xml: string };

/** An operation besides create, read, update and delete; a PUT for nearly all of them. */
export interface ErsOperation {
  readonly method: 'GET' | 'PUT';
  /** Below the resource: `suspend/{id}`. */
  readonly path: string;
  run(call: ErsCall): ErsOutcome | Promise<ErsOutcome>;
}

/**
 * One ERS resource: what it is called, what it holds, and how it is read and written. What is left out of `create`,
 * `update`, `remove` is refused as an unsupported method.
 */
export interface ErsResource {
  /** In the path: `internaluser`; also the root element in XML. */
  readonly name: string;
  /** Around the object in JSON: `InternalUser`. */
  readonly wrapper: string;
  /** Before `.ers.ise.cisco.com` in XML, and in media types. */
  readonly namespace: 'identity' | 'ers' | 'network';
  /** As in messages: `Internal User`. */
  readonly title: string;
  /** Supported versions, the current one last. */
  readonly versions: readonly string[];
  /** All fields, those that are only read too: clients send back what they were given. Strict. */
  readonly schema: z.ZodObject;
  /** Fields without which nothing is created or replaced. */
  readonly required: readonly string[];
  readonly filterFields: readonly string[];
  readonly sortFields: readonly string[];
  /** Whether `/name/{name}` exists. */
  readonly byName: boolean;
  /** Guest users are for sponsors alone, all else for administrators (fact sheet ise 7.1, 7.2). */
  readonly callers: 'administrators' | 'sponsors';
  list(call: ErsCall): readonly ErsObject[];
  /** What a filter compares, where it is no field of that name on top. */
  readonly filterValue?: (object: ErsObject, field: string) => unknown;
  /** Stores a new object, and gives its id. */
  create?(input: ErsFields, call: ErsCall): string | Promise<string>;
  /** Stores `next`, which is `present` with the fields of the request. */
  update?(present: ErsObject, next: ErsObject, call: ErsCall): void | Promise<void>;
  remove?(present: ErsObject, call: ErsCall): void | Promise<void>;
  readonly operations?: readonly ErsOperation[];
}

/** Filter, order and page of a list. */
export interface ErsListing {
  readonly total: number;
  readonly page: readonly ErsObject[];
  readonly query: ErsQuery;
}
