import type { z } from 'zod';

/** The schema of an action's values, which gives the action; `name` is its key in a step. */
export function defineAction<Name extends string, Values extends object>(
  name: Name,
  values: z.ZodType<Values>,
  description: string,
) {
  return values.transform((given) => ({ name, ...given })).meta({ id: name, description });
}
