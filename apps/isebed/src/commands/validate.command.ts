import type { Command } from 'commander';
import { findScenarioFiles, formatMistake, loadScenarioFile, type Mistake } from '#libs/scenario';
import { EXIT_INVALID, type CommandContext } from './command-context.ts';

/** A file with more mistakes than that is no scenario at all. */
const SHOWN_PER_FILE_MAX = 100;

const HELP = `
Every mistake is told with file, line and column, what is accepted there, and the name that you probably meant.
Exit status: 0 if all files are valid, 2 if not.

Examples:
  $ isebed validate my-case.yaml
  $ isebed validate scenarios other/case.yml`;

/** `isebed validate PATH…`: tells all mistakes of scenario files and runs nothing. */
export function addValidateCommand(program: Command, context: CommandContext): void {
  program
    .command('validate')
    .summary('check scenario files without running them')
    .description('Check scenario files without running them. A folder stands for every *.yaml and *.yml in it.')
    .argument('<path...>', 'scenario files and folders')
    .addHelpText('after', HELP)
    .action((paths: string[]) => validate(paths, context));
}

function validate(paths: readonly string[], { stdout, stderr, catalogueCodes, exit }: CommandContext): void {
  const { files, mistakes: missing } = findScenarioFiles(paths);
  const tell = (mistakes: readonly Mistake[]): void => {
    for (const mistake of mistakes.slice(0, SHOWN_PER_FILE_MAX)) stderr.write(`${formatMistake(mistake)}\n`);
    const more = mistakes.length - SHOWN_PER_FILE_MAX;
    if (more > 0) stderr.write(`${mistakes[0]?.file}: and ${more} more\n`);
  };
  tell(missing);
  let invalid = missing.length;
  for (const file of files) {
    const { mistakes } = loadScenarioFile(file, { catalogueCodes });
    if (mistakes.length === 0) {
      stdout.write(`${file}  valid\n`);
      continue;
    }
    invalid += 1;
    tell(mistakes);
  }
  exit(invalid > 0 ? EXIT_INVALID : 0);
}
