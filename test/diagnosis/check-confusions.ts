// Fails if the diagnosis does not earn its name, or docs/diagnosis.md tells other figures:
//   npm run test:diagnosis
import { readFileSync } from 'node:fs';
import { confusions, confusionsFile } from './confusions.ts';

const { text, summary, shortfalls } = await confusions();
process.stdout.write(`${summary}\n`);
for (const shortfall of shortfalls) process.stderr.write(`${shortfall}\n`);
const isStale = readFileSync(confusionsFile, 'utf8') !== text;
if (isStale)
  process.stderr.write(`${'docs/diagnosis.md is stale: run "npm run confusions:update" and commit the file.'}\n`);
if (isStale || shortfalls.length > 0) process.exitCode = 1;
