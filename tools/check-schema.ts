// Fails if a published JSON Schema is not the one that the sources give:
//   npm run schema:check
import { staleSchemas } from './schema-file.ts';

for (const path of staleSchemas()) {
  console.error(`${path} is stale: run "npm run schema:update" and commit the file.`);
  process.exitCode = 1;
}
