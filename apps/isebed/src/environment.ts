import { fileURLToPath } from 'node:url';
import { ROOT_CAUSE_CODES } from '#libs/diagnosis';
import type { UpContext } from './commands/up.command.ts';

/** The folder of the scenarios that come with the program, from `dist/apps/isebed/src/`. */
const SCENARIOS_DIR = fileURLToPath(new URL('../../../../scenarios', import.meta.url));

/** Exit status for what can only be a defect of this program. */
export const EXIT_BUG = 70;

/** Says on standard error that the program broke down, and where. */
export function reportBug(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`isebed broke down; this is a bug of ours, please report it with the lines below.\n${text}\n`);
}

/** What the program takes from the process it runs in: the one place that does. */
export function contextFromProcess(): UpContext {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interruption.abort(new Error(signal)));
  }
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    scenariosDir: SCENARIOS_DIR,
    catalogueCodes: ROOT_CAUSE_CODES,
    color: wantsColor(),
    columns: process.stdout.columns,
    watched: process.stdout.isTTY === true && !process.env['CI'] && !process.env['NO_COLOR'],
    github: process.env['GITHUB_ACTIONS'] === 'true' ? { summaryFile: process.env['GITHUB_STEP_SUMMARY'] } : undefined,
    interrupted: interruption.signal,
    environment: process.env,
    quit: (status) => process.exit(status),
    exit: (status) => {
      process.exitCode = status;
    },
    onUncaught: (survives) => {
      process.on('uncaughtException', (error) => {
        if (survives(error)) return;
        reportBug(error);
        process.exit(EXIT_BUG);
      });
    },
  };
}

/** https://no-color.org and https://force-color.org: any non-empty value decides; otherwise colours are for terminals. */
function wantsColor(): boolean {
  if (process.env['NO_COLOR']) return false;
  return Boolean(process.env['FORCE_COLOR']) || process.stdout.isTTY === true;
}
