import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { EXIT_INVALID } from './command-context.ts';
import { explained, type UpContext } from './up.command.ts';
import { UP_SETTINGS } from '../up/up-settings.ts';

interface CaOptions {
  readonly data?: string;
  readonly out?: string;
  readonly apiPort?: string;
}

const HELP = `
Examples:
  $ isebed ca --data ./lab --out lab-roots.pem    of the testbed that keeps its state there, running or not
  $ isebed ca > lab-roots.pem                     of the testbed that runs on this machine`;

/** `isebed ca`: the roots that real clients are to trust. */
export function addCaCommand(program: Command, context: UpContext): void {
  program
    .command('ca')
    .summary('write the lab root certificates')
    .description('Write the root certificates of a live testbed as PEM; only their public part.')
    .option('--data <dir>', 'the data folder of the testbed (ISEBED_DATA); keys are made if it has none')
    .option('--api-port <port>', 'without --data: where the running testbed has its API (ISEBED_API_PORT)')
    .option('--out <file>', 'write to this file instead of standard output')
    .addHelpText('after', HELP)
    .action((options: CaOptions) => ca(options, context));
}

async function ca(options: CaOptions, { stdout, stderr, environment, exit }: UpContext): Promise<void> {
  const data = options.data ?? environment['ISEBED_DATA'];
  const portText = options.apiPort ?? environment['ISEBED_API_PORT'] ?? String(UP_SETTINGS.apiPort.fallback);
  const port = UP_SETTINGS.apiPort.read(portText);
  if (port === undefined) {
    stderr.write(`--api-port: "${portText}" is not ${UP_SETTINGS.apiPort.accepted}\n`);
    return exit(EXIT_INVALID);
  }
  const { rootsOfFolder, rootsOfRunningTestbed } = await import('../up/lab-roots.ts');
  const { UpError } = await import('../up/up.error.ts');
  try {
    const roots = data ? await rootsOfFolder(data) : await rootsOfRunningTestbed(port);
    if (options.out === undefined) stdout.write(roots);
    else writeFileSync(options.out, roots);
    exit(0);
  } catch (error) {
    if (!(error instanceof UpError)) throw error;
    stderr.write(explained(error));
    exit(EXIT_INVALID);
  }
}
