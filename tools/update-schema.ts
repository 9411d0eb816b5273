// Writes the JSON Schemas that editors check scenario files and tenant seeds with:
//   npm run schema:update
import { writeSchemas } from './schema-file.ts';

writeSchemas();
