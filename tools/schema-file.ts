import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from '#libs/scenario';
import { tenantSeedJsonSchema } from '#libs/tenant-seed';

/** The published schemas, and what each must hold. */
const SCHEMAS = [
  { path: 'scenarios/scenario.schema.json', schema: scenarioJsonSchema },
  { path: 'scenarios/tenant.schema.json', schema: tenantSeedJsonSchema },
] as const;

/** The paths of those that are not what the sources give. */
export function staleSchemas(): string[] {
  return SCHEMAS.filter(({ path, schema }) => {
    const file = urlOf(path);
    return !existsSync(file) || readFileSync(file, 'utf8') !== textOf(schema());
  }).map(({ path }) => path);
}

export function writeSchemas(): void {
  for (const { path, schema } of SCHEMAS) writeFileSync(urlOf(path), textOf(schema()));
}

function urlOf(path: string): URL {
  return new URL(`../${path}`, import.meta.url);
}

function textOf(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
