import { z } from 'zod';
import { endExpectationsSchema } from './expectation.schema.ts';
import { givenSchema } from './given.schema.ts';
import { tag, text } from './scalar.schema.ts';
import { anyStepSchema } from './step.schema.ts';

/** Far more than a scenario needs; a file with more is not looked into. */
export const STEPS_MAX = 1_000;

/** The file but for its steps, which are read one by one. */
export const frameSchema = z.strictObject({
  name: text.describe('What the scenario shows, in one line.'),
  description: text.optional(),
  tags: z.array(tag).default([]).describe('Words to choose scenarios by.'),
  given: givenSchema.prefault({}),
  steps: z
    .array(z.unknown())
    .min(1, { error: 'at least one step' })
    .max(STEPS_MAX, { error: `at most ${STEPS_MAX} steps` }),
  expect: endExpectationsSchema.prefault({}),
});

/** Editors would insert such defaults. */
function withoutEmptyDefault({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const value: unknown = jsonSchema.default;
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) delete jsonSchema.default;
}

/** JSON Schema (draft 7, which editors know best) of a scenario file: completion, hover texts and checks while typing. */
export function scenarioJsonSchema(): object {
  const schema = frameSchema.extend({
    steps: z
      .array(anyStepSchema)
      .min(1)
      .max(STEPS_MAX)
      .describe('What happens, in order. Each step has exactly one headline key.'),
  });
  return {
    title: 'isebed scenario',
    description: 'A scenario: a simulated ISE deployment, what is done to it, and what must come of it.',
    ...z.toJSONSchema(schema, { target: 'draft-7', io: 'input', override: withoutEmptyDefault }),
  };
}
