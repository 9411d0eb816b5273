import { fileURLToPath } from 'node:url';
import { ROOT_CAUSE_CODES } from '#libs/diagnosis';
import type { RunContext } from './commands/run.command.ts';

/** The folder of the scenarios that come with the program, from `dist/apps/isebed/src/`. */
const SCENARIOS_DIR = fileURLToPath(new URL('../../../../scenarios', import.meta.url));

/** What the program takes from the process it runs in: the one place that does. */
export function contextFromProcess(): RunContext {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interruption.abort(new Error(signal)));
  }
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    scenariosDir: SCENARIOS_DIR,
    catalogueCodes: ROOT_CAUSE_CODES,
    color: wantsColor(),
    columns: process.stdout.columns,
    interrupted: interruption.signal,
    exit: (status) => {
      process.exitCode = status;
    },
  };
}

/** https://no-color.org and https://force-color.org: any non-empty value decides; otherwise colours are for terminals. */
function wantsColor(): boolean {
  if (process.env['NO_COLOR']) return false;
  return Boolean(process.env['FORCE_COLOR']) || process.stdout.isTTY === true;
}
