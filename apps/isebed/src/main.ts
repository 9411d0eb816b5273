import { readFileSync } from 'node:fs';
import { contextFromProcess, EXIT_BUG, reportBug } from './environment.ts';
import { runProgram } from './program.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// A reader that has seen enough (`isebed list | head`) is no reason to complain.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT_BUG));
// Nor is it a reason to end that nobody reads the log any more.
process.stderr.on('error', () => undefined);

const context = contextFromProcess();
try {
  await runProgram(process.argv.slice(2), version, context);
} catch (error) {
  reportBug(error);
  context.exit(EXIT_BUG);
}
