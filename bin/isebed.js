#!/usr/bin/env node
// The program needs Node 24 or later. npm puts the pinned one first on the PATH of `npx` and of npm scripts; started
// in another way, under an older Node, it says so instead of failing somewhere inside.
import { existsSync } from 'node:fs';

const NODE_MAJOR_MIN = 24;
const program = new URL('../dist/apps/isebed/src/main.js', import.meta.url);

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `isebed needs Node ${NODE_MAJOR_MIN} or later, this is ${process.version}. Start it with \`npx isebed\` in its folder.\n`,
  );
  process.exitCode = 2;
} else if (!existsSync(program)) {
  process.stderr.write('isebed is not built. Run `npm ci` (or `npm run build`) in its folder first.\n');
  process.exitCode = 2;
} else {
  await import(program.href);
}
