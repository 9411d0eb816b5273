import { z } from 'zod';
import { ACTION_SCHEMAS, isActionName } from './action.schema.ts';
import type { Action } from './action.ts';
import { givenSchema } from './given.schema.ts';
import type { Given } from './given.ts';
import { nearestOf } from './nearest.ts';
import { oneOf } from './schema-mistakes.ts';

/** The world that a scenario without `given` starts from, with another deployment if wanted. */
export function defaultGiven(deployment: 'six-nodes' | 'standalone' = 'six-nodes'): Given {
  return givenSchema.parse({ deployment });
}

/** Actions outside a scenario file: the object of a `do`, `break` or `mend` step, `{ "entra.revokeConsent": {} }`. */
export function readActions(
  raw: unknown,
): { kind: 'actions'; actions: readonly Action[] } | { kind: 'mistakes'; mistakes: readonly string[] } {
  const given = z.record(z.string(), z.unknown()).safeParse(raw);
  if (!given.success || Object.keys(given.data).length === 0) {
    return { kind: 'mistakes', mistakes: ['an object with at least one action is expected'] };
  }
  const actions: Action[] = [];
  const mistakes: string[] = [];
  for (const [name, values] of Object.entries(given.data)) {
    if (!isActionName(name)) {
      const names = Object.keys(ACTION_SCHEMAS);
      const nearest = nearestOf(name, names);
      mistakes.push(`unknown action "${name}"${nearest ? `; did you mean ${nearest}?` : ''} There are ${oneOf(names)}`);
      continue;
    }
    const read = ACTION_SCHEMAS[name].safeParse(values);
    if (read.success) actions.push(read.data);
    else mistakes.push(...read.error.issues.map(({ path, message }) => `${[name, ...path].join('.')}: ${message}`));
  }
  return mistakes.length > 0 ? { kind: 'mistakes', mistakes } : { kind: 'actions', actions };
}
