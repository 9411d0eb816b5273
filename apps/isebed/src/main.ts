import { readFileSync } from 'node:fs';
import { contextFromProcess } from './environment.ts';
import { runProgram } from './program.ts';

const EXIT_BUG = 70;

const { version } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// A reader that has seen enough (`isebed list | head`) is no reason to complain.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT_BUG));

const context = contextFromProcess();
try {
  await runProgram(process.argv.slice(2), version, context);
} catch (error) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.stderr.write(`isebed broke down; this is a bug of ours, please report it with the lines below.\n${text}\n`);
  context.exit(EXIT_BUG);
}
