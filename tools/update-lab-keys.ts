// Replaces the published keys of the lab. Run once in a great while, and only by hand:
//   npm run lab-keys:update
import { writeFileSync } from 'node:fs';
import { generateLabKeys } from '#mocks/pki';

const file = new URL('../mocks/pki/src/lab-keys.json', import.meta.url);
const content = {
  comment: 'Private keys of the simulated lab. They are published here, so they protect nothing: never trust them.',
  writtenBy: 'tools/update-lab-keys.ts',
  keys: await generateLabKeys(),
};
writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
