import type { Command } from 'commander';
import { scenarioJsonSchema } from '#libs/scenario';
import type { CommandContext } from './command-context.ts';

const HELP = `
Examples:
  $ isebed schema > scenario.schema.json

Name the schema in the first line of a scenario, and the editor completes and checks what you type:
  # yaml-language-server: $schema=./scenario.schema.json`;

/** `isebed schema`: the JSON Schema of scenario files, for editors. */
export function addSchemaCommand(program: Command, { stdout }: Pick<CommandContext, 'stdout'>): void {
  program
    .command('schema')
    .summary('print the JSON Schema of scenario files')
    .description('Print the JSON Schema of scenario files, for completion and checks in editors.')
    .addHelpText('after', HELP)
    .action(() => {
      stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
    });
}
