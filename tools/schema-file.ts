// Not through the index: what else the index exports is more than Node's own type stripping can read.
import { scenarioJsonSchema } from '../libs/scenario/src/scenario.schema.ts';

export const schemaFile = new URL('../scenarios/scenario.schema.json', import.meta.url);

/** What the published schema must hold. */
export function schemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
}
