import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { EXIT_INVALID } from './command-context.ts';
import { explained, type UpContext } from './up.command.ts';
import { readSetting, type GivenFlags } from '../up/up-settings.ts';

const HELP = `
Examples:
  $ isebed ca --data ./lab --out lab-roots.pem    of the testbed that keeps its state there, running or not
  $ isebed ca > lab-roots.pem                     of the testbed that runs on this machine
  $ isebed ca --host 192.0.2.7 > lab-roots.pem    of one that runs on another`;

/** `isebed ca`: the roots that real clients are to trust. */
export function addCaCommand(program: Command, context: UpContext): void {
  program
    .command('ca')
    .summary('write the lab root certificates')
    .description('Write the root certificates of a live testbed as PEM; only their public part.')
    .option('--data <dir>', 'the data folder of the testbed (ISEBED_DATA); keys are made if it has none')
    .option('--host <address>', 'without --data: the address that the running testbed listens on (ISEBED_HOST)')
    .option('--api-port <port>', 'without --data: where the running testbed has its API (ISEBED_API_PORT)')
    .option('--api-password-file <file>', 'without --data: the password of that API (ISEBED_API_PASSWORD)')
    .option('--out <file>', 'write to this file instead of standard output')
    .addHelpText('after', HELP)
    .action((flags: GivenFlags) => ca(flags, context));
}

async function ca(flags: GivenFlags, { stdout, stderr, environment, exit }: UpContext): Promise<void> {
  const faults: string[] = [];
  const source = { flags, environment, faults };
  const [data, host, port, password] = [
    readSetting('data', source),
    readSetting('host', source),
    readSetting('apiPort', source),
    readSetting('apiPassword', source),
  ];
  if (faults.length > 0) {
    for (const fault of faults) stderr.write(`${fault}\n`);
    return exit(EXIT_INVALID);
  }
  const { rootsOfFolder, rootsOfRunningTestbed } = await import('../up/lab-roots.ts');
  const { UpError } = await import('../up/up.error.ts');
  try {
    const roots = data ? await rootsOfFolder(data) : await rootsOfRunningTestbed({ host, port, password });
    if (typeof flags['out'] === 'string') writeFileSync(flags['out'], roots);
    else stdout.write(roots);
    exit(0);
  } catch (error) {
    if (!(error instanceof UpError)) throw error;
    stderr.write(explained(error));
    exit(EXIT_INVALID);
  }
}
