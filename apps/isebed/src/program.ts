import { Command, CommanderError } from 'commander';
import { EXIT_INVALID } from './commands/command-context.ts';
import { addDiagnoseCommand } from './commands/diagnose.command.ts';
import { addListCommand } from './commands/list.command.ts';
import { addNewCommand } from './commands/new.command.ts';
import { addRunCommand } from './commands/run.command.ts';
import { addCaCommand } from './commands/ca.command.ts';
import { addSchemaCommand } from './commands/schema.command.ts';
import { addTenantCommand } from './commands/tenant.command.ts';
import { addUpCommand, type UpContext } from './commands/up.command.ts';
import { addValidateCommand } from './commands/validate.command.ts';

const DESCRIPTION = `A simulated Cisco ISE deployment that mails through a simulated Exchange Online with OAuth 2.0.
Replays troubleshooting cases, and shows why a mail did not arrive.`;

/** Runs the command line `args` (without program and script) and sets the exit status through `context`. */
export async function runProgram(args: readonly string[], version: string, context: UpContext): Promise<void> {
  const program = new Command('isebed').description(DESCRIPTION).version(version).exitOverride();
  program.configureOutput({
    writeOut: (text) => void context.stdout.write(text),
    writeErr: (text) => void context.stderr.write(text),
  });
  program.showHelpAfterError('(isebed --help tells more)').showSuggestionAfterError();
  addRunCommand(program, context);
  addDiagnoseCommand(program, context);
  addNewCommand(program, context);
  addUpCommand(program, context);
  addListCommand(program, context);
  addValidateCommand(program, context);
  addSchemaCommand(program, context);
  addCaCommand(program, context);
  addTenantCommand(program, context);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    context.exit(error.exitCode === 0 ? 0 : EXIT_INVALID);
  }
}
