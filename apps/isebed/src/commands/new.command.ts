import type { Command } from 'commander';
import type { UpContext } from './up.command.ts';
import type { NewOptions } from './write-scenario.ts';

const HELP = `
With --from the scenario reproduces what isebed diagnose finds there. Only the cause is taken over: hosts, users,
tenants and times are those of the testbed.

Examples:
  $ isebed new my-case                                 writes my-case.yaml, to be filled in
  $ isebed new --from guest.log                        writes a scenario named after the cause
  $ isebed new friday --from guest.log reply.txt       several files, a name of one's own
  $ isebed new --from reply.txt --cause exchange.role-missing
                                                       the reply has several causes, and you found out which it is
  $ isebed validate my-case.yaml && isebed run my-case.yaml

Exit status: 0 written, 1 no cause was found, 2 bad usage, or a file that cannot be read or written.`;

/** `isebed new NAME`, `isebed new --from FILE…`: writes a scenario of one's own. */
export function addNewCommand(program: Command, context: UpContext): void {
  program
    .command('new')
    .summary('write a scenario, from scratch or from a log')
    .description('Write a scenario of your own: a skeleton, or one that reproduces what a log shows.')
    .argument('[name]', 'of the file, without .yaml')
    .option('--from <file...>', 'what isebed diagnose is to read: files, folders, or -')
    .option('--cause <code>', 'which of the causes that are named there, once you know it (default: the first)')
    .option('--force', 'replace a file of that name')
    .addHelpText('after', HELP)
    .action(async (name: string | undefined, options: NewOptions) => {
      const { writeScenario } = await import('./write-scenario.ts');
      await writeScenario(name, options, context);
    });
}
