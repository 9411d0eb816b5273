import { Option, type Command } from 'commander';
import { scenarioJsonSchema } from '#libs/scenario';
import { tenantSeedJsonSchema } from '#libs/tenant-seed';
import type { CommandContext } from './command-context.ts';

const HELP = `
Examples:
  $ isebed schema > scenario.schema.json
  $ isebed schema --of tenant > tenant.schema.json

Name the schema in the first line of a scenario, and the editor completes and checks what you type:
  # yaml-language-server: $schema=./scenario.schema.json`;

const SCHEMAS = { scenario: scenarioJsonSchema, tenant: tenantSeedJsonSchema } as const;

/** `isebed schema`: the JSON Schema of scenario files and tenant seeds, for editors. */
export function addSchemaCommand(program: Command, { stdout }: Pick<CommandContext, 'stdout'>): void {
  program
    .command('schema')
    .summary('print the JSON Schema of scenario files or tenant seeds')
    .description('Print the JSON Schema of scenario files or tenant seeds, for completion and checks in editors.')
    .addOption(new Option('--of <kind>', 'of which files').choices(Object.keys(SCHEMAS)).default('scenario'))
    .addHelpText('after', HELP)
    .action(({ of }: { of: keyof typeof SCHEMAS }) => {
      stdout.write(`${JSON.stringify(SCHEMAS[of](), null, 2)}\n`);
    });
}
