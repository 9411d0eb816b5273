import { fileURLToPath } from 'node:url';
import { ROOT_CAUSE_CODES } from '#libs/diagnosis';
import type { UpContext } from './commands/up.command.ts';

/** The folder of the scenarios that come with the program, from `dist/apps/isebed/src/`. */
const SCENARIOS_DIR = fileURLToPath(new URL('../../../../scenarios', import.meta.url));

/** What the program takes from the process it runs in: the one place that does. */
export function contextFromProcess(): UpContext {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interruption.abort(new Error(signal)));
  }
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    scenariosDir: SCENARIOS_DIR,
    catalogueCodes: ROOT_CAUSE_CODES,
    // https://no-color.org: any non-empty value switches colours off.
    color: process.stdout.isTTY && !process.env['NO_COLOR'],
    columns: process.stdout.columns,
    interrupted: interruption.signal,
    environment: process.env,
    quit: (status) => process.exit(status),
    exit: (status) => {
      process.exitCode = status;
    },
  };
}
