import { relative } from 'node:path';
import type { Command } from 'commander';
import { formatMistake, loadScenarioFile, type Scenario } from '#libs/scenario';
import { EXIT_INVALID, type CommandContext } from './command-context.ts';
import { findFiles } from './scenario-files.ts';

interface ListOptions {
  readonly tag?: string;
  readonly json?: boolean;
}

const HELP = `
Examples:
  $ isebed list
  $ isebed list --tag troubleshooting
  $ isebed list --json`;

/** `isebed list`: the scenarios that come with the program. */
export function addListCommand(program: Command, context: CommandContext): void {
  program
    .command('list')
    .summary('list the built-in scenarios')
    .description('List the scenarios that come with the program, with their files and tags.')
    .option('--tag <tag>', 'only those with this tag')
    .option('--json', 'as a JSON array')
    .addHelpText('after', HELP)
    .action((options: ListOptions) => list(options, context));
}

function list(
  { tag, json }: ListOptions,
  { stdout, stderr, scenariosDir, catalogueCodes, exit }: CommandContext,
): void {
  const { scenarios: files, mistakes: missing } = findFiles([scenariosDir]);
  const read = files.map((file) => loadScenarioFile(file, { catalogueCodes }));
  const mistakes = [...missing, ...read.flatMap((result) => result.mistakes)];
  mistakes.forEach((mistake) => stderr.write(`${formatMistake(mistake)}\n`));
  const scenarios = read.flatMap(({ scenario }) => scenario ?? []);
  const chosen = scenarios.filter(({ tags }) => tag === undefined || tags.includes(tag));
  if (tag !== undefined && chosen.length === 0) {
    const tags = [...new Set(scenarios.flatMap((scenario) => scenario.tags))].sort();
    stderr.write(`no scenario has the tag "${tag}"; there are: ${tags.join(', ')}\n`);
  }
  stdout.write(json ? asJson(chosen) : asTable(chosen));
  exit(mistakes.length > 0 || (tag !== undefined && chosen.length === 0) ? EXIT_INVALID : 0);
}

function asJson(scenarios: readonly Scenario[]): string {
  const entries = scenarios.map(({ name, file, tags, description }) => ({
    name,
    file: shown(file),
    tags,
    description,
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}

function asTable(scenarios: readonly Scenario[]): string {
  const rows = scenarios.map(({ name, file, tags }) => [shown(file), name, tags.join(', ')] as const);
  const width = (column: 0 | 1): number => Math.max(0, ...rows.map((row) => row[column].length));
  return rows
    .map(([file, name, tags]) => `${file.padEnd(width(0))}  ${name.padEnd(width(1))}  ${tags}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

/** As the reader would type it. */
export function shown(file: string): string {
  const fromHere = relative('', file);
  return fromHere.startsWith('..') ? file : fromHere;
}
