import { z } from 'zod';
import { ErsException } from './ers-exception.ts';
import type { ErsFormat } from './ers-media.ts';
import type { ErsFields, ErsResource } from './ers-resource.ts';
import { fromXml, parseXml } from './ers-xml.ts';

/** The wrapper that the XML and JSON forms of an operation's arguments have. */
const ADDITIONAL_DATA = 'OperationAdditionalData';

/** JSON nested deeper than this is refused before a schema walks through it. */
const DEPTH_MAX = 20;

/** What was sent, read by its format, and for XML by the schema of the resource, but not checked yet. */
export interface ErsBody {
  /** Name of the JSON wrapper or XML root. */
  wrapper: string;
  content: unknown;
}

/**
 * Reads a body: one wrapper with one object inside.
 *
 * @throws ErsException SCHEMA_VALIDATION_EXCEPTION
 */
export function readErsBody(text: string, format: ErsFormat, resource: ErsResource): ErsBody | undefined {
  if (format === 'xml') {
    const { root, content } = parseXml(text);
    if (root.toLowerCase() === resource.name) {
      return { wrapper: resource.wrapper, content: fromXml(content, resource.schema) };
    }
    return { wrapper: root, content };
  }
  const parsed = parseJson(text);
  const [wrapper, ...more] = Object.entries(parsed);
  // Cisco's Python SDK sends an empty object with operations that have no arguments.
  if (!wrapper) return undefined;
  if (more.length > 0) {
    throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', `The body must be one object named ${resource.wrapper}`);
  }
  return { wrapper: wrapper[0], content: wrapper[1] };
}

function parseJson(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', 'Resource Initialization Failed: Invalid JSON');
  }
  if (depthOf(value) > DEPTH_MAX) {
    throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', `Invalid JSON: nested deeper than ${DEPTH_MAX}`);
  }
  const object = z.record(z.string(), z.unknown()).safeParse(value);
  if (object.success && !Array.isArray(value)) return object.data;
  throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', 'The body must be a JSON object');
}

/** Goes no further down than it has to. */
function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return depth;
  return Math.max(depth + 1, ...Object.values(value).map((inner: unknown) => depthOf(inner, depth + 1)));
}

/**
 * The fields of the request, checked: known names, right types, and with `complete` all that must be there.
 *
 * @throws ErsException SCHEMA_VALIDATION_EXCEPTION naming every faulty field; values stay out of it
 */
export function checkFields(
  body: unknown,
  resource: Pick<ErsResource, 'wrapper' | 'schema' | 'required' | 'title'>,
  { complete }: { complete: boolean },
): ErsFields {
  const { wrapper, schema, required, title } = resource;
  const { wrapper: given, content } = bodyOf(body, wrapper);
  if (given !== wrapper) {
    throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', `The body must be one object named ${wrapper}`);
  }
  const result = schema.partial().safeParse(content);
  if (!result.success) throw schemaException(result.error);
  const fields: ErsFields = result.data;
  const missing = required.filter((field) => valueAt(fields, field) === undefined || valueAt(fields, field) === '');
  if (complete && missing.length > 0) {
    const names = missing.join(', ');
    throw new ErsException(
      'SCHEMA_VALIDATION_EXCEPTION',
      `${title}: Validation Error - Mandatory fields missing: [${names}]`,
    );
  }
  return fields;
}

function bodyOf(body: unknown, wrapper: string): ErsBody {
  const result = z.object({ wrapper: z.string(), content: z.unknown() }).safeParse(body);
  if (result.success) return result.data;
  throw new ErsException('SCHEMA_VALIDATION_EXCEPTION', `A body is needed: one object named ${wrapper}`);
}

/** By a dotted path. */
function valueAt(fields: ErsFields, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    return typeof value === 'object' && value !== null
      ? Object.entries(value).find(([key]) => key === name)?.[1]
      : undefined;
  }, fields);
}

/** One message per fault. */
export function schemaException(error: z.ZodError): ErsException {
  const titles = error.issues.slice(0, 20).map((issue) => {
    const path = issue.path.join('.') || 'the object';
    if (issue.code === 'unrecognized_keys') {
      const names = issue.keys.map((key) => key.slice(0, 60)).join(', ');
      return `JSON invalidity at ${path}: please check that the properties names are correct: unknown ${names}`;
    }
    return `${path}: ${issue.message}`;
  });
  return new ErsException('SCHEMA_VALIDATION_EXCEPTION', ...titles);
}

const pairsSchema = z.array(z.object({ name: z.string(), value: z.string() }));

/**
 * The arguments of an operation by their names, from `OperationAdditionalData` in JSON and its counterpart in XML.
 *
 * @throws ErsException SCHEMA_VALIDATION_EXCEPTION
 */
export function additionalData(body: unknown): ReadonlyMap<string, string> {
  if (body === undefined) return new Map();
  const { wrapper, content } = bodyOf(body, ADDITIONAL_DATA);
  const inner = z
    .object({
      additionalData: z.unknown(),
      requestAdditionalAttributes: z.object({ additionalAttribute: z.unknown() }).partial(),
    })
    .partial()
    .safeParse(content);
  const list = inner.data?.additionalData ?? inner.data?.requestAdditionalAttributes?.additionalAttribute ?? [];
  const pairs = pairsSchema.safeParse([list].flat());
  if (wrapper.toLowerCase() !== ADDITIONAL_DATA.toLowerCase() || !inner.success || !pairs.success) {
    throw new ErsException(
      'SCHEMA_VALIDATION_EXCEPTION',
      `The body must be ${ADDITIONAL_DATA} with additionalData, a list of names and values`,
    );
  }
  return new Map(pairs.data.map(({ name, value }) => [name, value]));
}
