// Replaces the published keys of the lab. Run once in a great while, and only by hand:
//   node tools/update-lab-keys.ts
import { writeFileSync } from 'node:fs';
// Not through the index: what else the index exports is more than Node's own type stripping can read.
import { generateLabKeys } from '../mocks/pki/src/lab-keys.ts';

const file = new URL('../mocks/pki/src/lab-keys.json', import.meta.url);
const content = {
  comment: 'Private keys of the simulated lab. They are published here, so they protect nothing: never trust them.',
  writtenBy: 'tools/update-lab-keys.ts',
  keys: await generateLabKeys(),
};
writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
