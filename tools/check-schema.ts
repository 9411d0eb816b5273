// Fails if the published JSON Schema is not the one that the sources give:
//   node tools/check-schema.ts
import { existsSync, readFileSync } from 'node:fs';
import { schemaFile, schemaText } from './schema-file.ts';

const published = existsSync(schemaFile) ? readFileSync(schemaFile, 'utf8') : undefined;
if (published !== schemaText()) {
  console.error('scenarios/scenario.schema.json is stale: run "node tools/update-schema.ts" and commit the file.');
  process.exitCode = 1;
}
