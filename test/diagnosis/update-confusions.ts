// Writes what the diagnosis made of 900 draws into docs/diagnosis.md, from the built program:
//   npm run confusions:update
import { writeFileSync } from 'node:fs';
import { confusions, confusionsFile } from './confusions.ts';

const { text, summary, shortfalls } = await confusions();
writeFileSync(confusionsFile, text);
process.stdout.write(`${[summary, ...shortfalls].join('\n')}\n`);
