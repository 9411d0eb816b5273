// Writes the JSON Schema that editors check scenario files with:
//   npm run schema:update
import { mkdirSync, writeFileSync } from 'node:fs';
import { schemaFile, schemaText } from './schema-file.ts';

mkdirSync(new URL('.', schemaFile), { recursive: true });
writeFileSync(schemaFile, schemaText());
