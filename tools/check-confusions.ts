// Fails if the diagnosis does not earn its name, or docs/diagnosis.md tells other figures:
//   npm run test:diagnosis
import { readFileSync } from 'node:fs';
import { confusions, confusionsFile } from './confusions-file.ts';

const { text, summary, shortfalls } = await confusions();
console.log(summary);
for (const shortfall of shortfalls) console.error(shortfall);
const isStale = readFileSync(confusionsFile, 'utf8') !== text;
if (isStale) console.error('docs/diagnosis.md is stale: run "npm run confusions:update" and commit the file.');
if (isStale || shortfalls.length > 0) process.exitCode = 1;
