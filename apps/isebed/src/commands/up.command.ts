import { Option, type Command } from 'commander';
import { type TestbedError } from '#libs/diagnosis';
import { readUpSettings, UP_SETTINGS, variableOf, type GivenFlags } from '../up/up-settings.ts';
import { EXIT_INVALID } from './command-context.ts';
import type { RunContext } from './run.command.ts';

/** What `up` and `ca` use besides what every command does. */
export interface UpContext extends RunContext {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ends the process, whatever is still under way in it. */
  readonly quit: (status: number) => void;
  /** Asks `survives` of each error that nobody caught; one that it says no to ends the process as a bug of ours. */
  readonly onUncaught: (survives: (error: unknown) => boolean) => void;
}

const HELP = `
Each option can be given as an environment variable too (--https-port: ISEBED_HTTPS_PORT); the option wins.

Examples:
  $ isebed up                                    in memory, on loopback, until Ctrl-C
  $ isebed up --data ./lab --time x60            state and keys are kept; a minute takes a second
  $ isebed up --https-port 443 --smtp-port 587   as root: for clients that can't be told another port`;

/** `isebed up`: a live testbed for real clients. */
export function addUpCommand(program: Command, context: UpContext): void {
  const command = program
    .command('up')
    .summary('run a live testbed for real clients')
    .description('Run ISE nodes and the simulated Microsoft in real time, reachable by real clients, until Ctrl-C.');
  for (const { flag, argument, description, fallback } of Object.values(UP_SETTINGS)) {
    const option = new Option(argument === undefined ? flag : `${flag} ${argument}`, description);
    const shown = flag === '--time' ? 'real' : fallback;
    const isShown = shown !== undefined && shown !== false;
    option.description += isShown ? ` (default: ${String(shown)}; ${variableOf(flag)})` : ` (${variableOf(flag)})`;
    command.addOption(option);
  }
  command.addHelpText('after', HELP).action((flags: GivenFlags) => up(flags, context));
}

async function up(flags: GivenFlags, context: UpContext): Promise<void> {
  const { stdout, stderr, environment, interrupted, exit, quit, onUncaught } = context;
  const read = readUpSettings(flags, environment);
  if (read.kind === 'faults') {
    for (const fault of read.faults) stderr.write(`${fault}\n`);
    return exit(EXIT_INVALID);
  }
  // Loaded here: the other commands need none of it and should answer at once.
  const { runUp } = await import('../up/run-up.ts');
  const { UpError } = await import('../up/up.error.ts');
  try {
    await runUp(read.settings, {
      print: (text) => void stdout.write(text),
      log: (line) => void stderr.write(`${line}\n`),
      interrupted,
      onUncaught,
    });
    quit(0);
  } catch (error) {
    if (!(error instanceof UpError)) throw error;
    stderr.write(explained(error));
    quit(EXIT_INVALID);
  }
}

/** What happened, and what to do. */
export function explained({ message, detail }: TestbedError): string {
  return `${message}\n  ${detail.remedy}\n`;
}
