import { z } from 'zod';
import type { Mistake } from './mistake.ts';
import { nearestOf } from './nearest.ts';
import { isMapping, quoted } from './plain-data.ts';
import type { YamlPath, YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** What a schema accepts, where it does not say so itself. It becomes the issue's message. */
const expectation: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'string' && ['number', 'boolean'].includes(typeof issue.input)) return 'text, in quotes';
      return KINDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values.map(String));
    case 'too_small':
      return 'at least one item';
    default:
      return undefined;
  }
};

/**
 * Reads the value at `path` with the schema. Gives either what the schema makes of it, or all its mistakes with
 * their places.
 */
export function readWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  source: YamlSource,
  path: YamlPath = [],
): { output: z.output<Schema>; mistakes: [] } | { output: undefined; mistakes: Mistake[] } {
  const result = schema.safeParse(value, { error: expectation, reportInput: true });
  if (result.success) return { output: result.data, mistakes: [] };
  const issues = result.error.issues.flatMap((issue) => settleUnions(issue));
  const misspelled = new Set(issues.filter(({ code }) => code === 'unrecognized_keys').map(pathOf));
  const mistakes = issues
    // What a mapping lacks is most likely what the unknown key was meant to be.
    .filter((issue) => issue.code !== 'custom' || !misspelled.has(pathOf(issue)))
    .flatMap((issue) => mistakesOf(issue, schema, source, path));
  return { output: undefined, mistakes };
}

/** `one of: a, b, c` */
export function oneOf(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]}` : `one of: ${names.join(', ')}`;
}

function mistakesOf(issue: Issue, schema: z.ZodType, source: YamlSource, root: YamlPath): Mistake[] {
  const path = [...root, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const valid = [...new Set(keysAt(schema, issue.path))];
    const expected = valid.length === 0 ? issue.message : oneOf(valid);
    return issue.keys.map((key) => {
      const found = { message: `unknown key ${quoted(key)}`, expected, nearest: nearestOf(key, valid) };
      return source.mistakeAt([...path, key], found, 'key');
    });
  }
  const found = source.describe(path);
  const candidates = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const nearest = typeof issue.input === 'string' ? nearestOf(issue.input, candidates) : undefined;
  const keys = issue.code === 'invalid_type' && issue.expected === 'object' ? keysAt(schema, issue.path) : [];
  const expected = keys.length > 0 ? `a mapping with ${oneOf(keys)}` : issue.message;
  const isCollection = found === 'a mapping' || found === 'a list';
  const state = issue.code === 'custom' && isCollection ? 'does not fit' : `is ${found ?? 'missing'}`;
  return [source.mistakeAt(path, { message: `${labelOf(path)} ${state}`, expected, nearest })];
}

function pathOf({ path }: Issue): string {
  return JSON.stringify(path);
}

function labelOf(path: YamlPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  if (typeof last !== 'number') return `"${String(last)}"`;
  const list = path.at(-2);
  return list === 'steps' ? `step ${last + 1}` : `item ${last + 1} of "${String(list)}"`;
}

/**
 * A union names the mistakes of all its members. If one member has the right kind of value (a mapping, say), only its
 * mistakes are worth telling; else they all expect something here, and the mistake lists that.
 */
function settleUnions(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  if ('discriminator' in issue) return [unknownKind(issue)];
  const members = issue.errors.map((issues) => issues.flatMap((inner) => settleUnions(inner)));
  const close = members
    .filter((issues) =>
      issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys' || code === 'custom'),
    )
    .sort((one, other) => one.length - other.length)[0];
  if (close) return close.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  const here = members.flat();
  const values = here.flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []));
  const message = [...new Set(here.map((inner) => inner.message))].join(', or ');
  return [{ code: 'invalid_value', values, path: issue.path, message, input: issue.input }];
}

/** Nothing that the key which tells the members of a union apart may say. */
function unknownKind(issue: Extract<Issue, { code: 'invalid_union' }>): Issue {
  const values = ('options' in issue && Array.isArray(issue.options) ? issue.options : []).map(String);
  const key = issue.path.at(-1);
  const input = isMapping(issue.input) && key !== undefined ? issue.input[String(key)] : issue.input;
  return { code: 'invalid_value', values, path: issue.path, message: oneOf(values), input };
}

/** The keys that a mapping at the path may have. */
function keysAt(schema: unknown, path: YamlPath): string[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysAt(option, path));
  if (schema instanceof z.ZodPipe) return keysAt(schema.in, path);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return keysAt(schema.unwrap(), path);
  }
  const [step, ...rest] = path;
  if (schema instanceof z.ZodArray && step !== undefined) return keysAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (step === undefined) return Object.keys(schema.shape);
  return keysAt(schema.shape[String(step)], rest);
}
