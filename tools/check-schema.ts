// Fails if the published JSON Schema is not the one that the sources give:
//   npm run schema:check
import { existsSync, readFileSync } from 'node:fs';
import { schemaFile, schemaText } from './schema-file.ts';

const published = existsSync(schemaFile) ? readFileSync(schemaFile, 'utf8') : undefined;
if (published !== schemaText()) {
  console.error('scenarios/scenario.schema.json is stale: run "npm run schema:update" and commit the file.');
  process.exitCode = 1;
}
