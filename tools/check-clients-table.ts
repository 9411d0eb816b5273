// Fails if docs/clients.md does not say what the clients printed when their tests last ran:
//   npm run clients-table:check
// A client of another version may use other words: then it says so and does not compare.
import { readFileSync } from 'node:fs';
import { clientsPage, publishedSections, recordedSections } from './clients-table.ts';

const published = new Map(
  publishedSections(readFileSync(clientsPage, 'utf8')).map((section) => [section.name, section]),
);
const stale: string[] = [];
for (const { name, recordedWith, text } of recordedSections()) {
  const known = published.get(name);
  if (known && known.recordedWith !== recordedWith) {
    console.error(
      `*** ${name} is NOT COMPARED with docs/clients.md: "${known.recordedWith}" there, "${recordedWith}" here ***`,
    );
    continue;
  }
  const before = new Set(known?.text.split('\n'));
  const changed = text.split('\n').filter((line) => !before.has(line));
  if (known?.text !== text) stale.push(`${name}:`, ...changed);
}
if (stale.length > 0) {
  console.error(stale.join('\n'));
  console.error(
    'docs/clients.md is stale: run "npm run clients-table:update", read the difference and commit the file.',
  );
  process.exitCode = 1;
}
