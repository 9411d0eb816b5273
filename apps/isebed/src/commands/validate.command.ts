import type { Command } from 'commander';
import { formatMistake, loadScenarioFile, type Mistake, type ReadResult } from '#libs/scenario';
import { EXIT_INVALID, type CommandContext } from './command-context.ts';
import { findFiles, tenantMistakes, tenantsOf } from './scenario-files.ts';

/** A file with more mistakes than that is no scenario at all. */
const SHOWN_PER_FILE_MAX = 100;

const HELP = `
Every mistake is told with file, line and column, what is accepted there, and the name that you probably meant.
Exit status: 0 if all files are valid, 2 if not.

Examples:
  $ isebed validate my-case.yaml
  $ isebed validate scenarios other/case.yml
  $ isebed validate my-tenant.yaml`;

/** `isebed validate PATH…`: tells all mistakes of scenario files and tenant seeds, and runs nothing. */
export function addValidateCommand(program: Command, context: CommandContext): void {
  program
    .command('validate')
    .summary('check scenario files and tenant seeds without running them')
    .description(
      'Check scenario files and tenant seeds without running them. A folder stands for every *.yaml and *.yml in it.',
    )
    .argument('<path...>', 'scenario files, tenant seeds and folders')
    .addHelpText('after', HELP)
    .action((paths: string[]) => validate(paths, context));
}

async function validate(
  paths: readonly string[],
  { stdout, stderr, catalogueCodes, exit }: CommandContext,
): Promise<void> {
  const found = findFiles(paths);
  const tell = (mistakes: readonly Mistake[]): void => {
    for (const mistake of mistakes.slice(0, SHOWN_PER_FILE_MAX)) stderr.write(`${formatMistake(mistake)}\n`);
    const more = mistakes.length - SHOWN_PER_FILE_MAX;
    if (more > 0) stderr.write(`${mistakes[0]?.file}: and ${more} more\n`);
  };
  tell(found.mistakes);
  let invalid = found.mistakes.length;
  for (const file of [...found.scenarios, ...found.tenants].sort()) {
    const isScenario = found.scenarios.includes(file);
    const read: ReadResult = isScenario ? loadScenarioFile(file, { catalogueCodes }) : { mistakes: [] };
    const tenants = read.scenario ? tenantsOf(read.scenario) : isScenario ? [] : [file];
    const mistakes = tenants.length > 0 ? await tenantMistakes(tenants) : read.mistakes;
    if (mistakes.length === 0) {
      stdout.write(`${file}  valid\n`);
      continue;
    }
    invalid += 1;
    tell(mistakes);
  }
  exit(invalid > 0 ? EXIT_INVALID : 0);
}
