// Fails if two runs of a scenario with the same seed wrote different journals, or if a run did not pass:
//   npx isebed run --repeat 5 --reporter json > runs.json && npm run determinism:check runs.json
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Runs = z.object({
  scenarios: z.array(
    z.object({ file: z.string(), seed: z.number(), outcome: z.string(), journalSha256: z.string().length(64) }),
  ),
});

const [path] = process.argv.slice(2);
if (path === undefined)
  throw new Error('usage: npm run determinism:check FILE, as `isebed run --reporter json` wrote it');
const { scenarios } = Runs.parse(JSON.parse(readFileSync(path, 'utf8')));

const complaints = scenarios.length === 0 ? ['no runs at all'] : [];
for (const [key, runs] of Map.groupBy(scenarios, ({ file, seed }) => `${file} seed ${seed}`)) {
  const hashes = new Set(runs.map(({ journalSha256 }) => journalSha256));
  const notPassed = runs.filter(({ outcome }) => outcome !== 'passed');
  if (runs.length < 2) complaints.push(`${key}: one run proves nothing`);
  if (hashes.size > 1) complaints.push(`${key}: ${hashes.size} different journals in ${runs.length} runs`);
  if (notPassed.length > 0) complaints.push(`${key}: ${notPassed.length} of ${runs.length} runs did not pass`);
}

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
else console.log(`${scenarios.length} runs, one journal for each scenario and seed`);
