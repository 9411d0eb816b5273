import { scenarioJsonSchema } from '#libs/scenario';

export const schemaFile = new URL('../scenarios/scenario.schema.json', import.meta.url);

/** What the published schema must hold. */
export function schemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
}
