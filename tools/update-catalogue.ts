// Writes the catalogue of root causes from libs/diagnosis and the scenarios:
//   npm run catalogue:update
import { writeFileSync } from 'node:fs';
import { catalogueFile, catalogueText } from './catalogue-file.ts';

writeFileSync(catalogueFile, await catalogueText());
