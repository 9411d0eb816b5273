import 'reflect-metadata';
import { existsSync } from 'node:fs';
// eslint-disable-next-line no-restricted-imports -- the composition root is a program and has no index.ts
import type { Testbed } from '../../apps/isebed/src/testbed/testbed.ts';

const BUILT = new URL('../../dist/apps/isebed/src/testbed/testbed.js', import.meta.url);
if (!existsSync(BUILT)) throw new Error('The bench measures the build: run "npm run build" first.');

/** The testbed as it was built: decorators need a compiler, and the bench is to measure what users run. */
const { Testbed: BuiltTestbed }: { Testbed: typeof Testbed } = await import(BUILT.href);

export { BuiltTestbed, type Testbed };
