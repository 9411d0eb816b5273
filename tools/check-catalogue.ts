// Fails if the catalogue of root causes is not the one that libs/diagnosis and the scenarios give:
//   npm run catalogue:check
import { existsSync, readFileSync } from 'node:fs';
import { catalogueFile, catalogueText } from './catalogue-file.ts';

const published = existsSync(catalogueFile) ? readFileSync(catalogueFile, 'utf8') : undefined;
if (published !== (await catalogueText())) {
  console.error('docs/catalogue.md is stale: run "npm run catalogue:update" and commit the file.');
  process.exitCode = 1;
}
