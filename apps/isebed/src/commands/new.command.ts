import { existsSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { reasonOf } from '#libs/scenario';
import { EXIT_INVALID } from './command-context.ts';
import { answerOf, isFound, readEvidence } from './diagnose.command.ts';
import { scenarioFor } from './diagnose-scenarios.ts';
import { WORDS } from './diagnose-words.ts';
import { learntScenario, skeleton } from './new-scenario.ts';
import type { UpContext } from './up.command.ts';

const EXIT_NOTHING_FOUND = 1;

const HELP = `
With --from the scenario reproduces what isebed diagnose finds there. Only the cause is taken over: hosts, users,
tenants and times are those of the testbed.

Examples:
  $ isebed new my-case                                 writes my-case.yaml, to be filled in
  $ isebed new --from guest.log                        writes a scenario named after the cause
  $ isebed new friday --from guest.log reply.txt       several files, a name of one's own
  $ isebed validate my-case.yaml && isebed run my-case.yaml

Exit status: 0 written, 1 no cause was found, 2 bad usage, or a file that cannot be read or written.`;

interface NewOptions {
  from?: string[];
  force?: boolean;
}

/** `isebed new NAME`, `isebed new --from FILE…`: writes a scenario of one's own. */
export function addNewCommand(program: Command, context: UpContext): void {
  program
    .command('new')
    .summary('write a scenario, from scratch or from a log')
    .description('Write a scenario of your own: a skeleton, or one that reproduces what a log shows.')
    .argument('[name]', 'of the file, without .yaml')
    .option('--from <file...>', 'what isebed diagnose is to read: files, folders, or -')
    .option('--force', 'replace a file of that name')
    .addHelpText('after', HELP)
    .action((name: string | undefined, options: NewOptions) => write(name, options, context));
}

async function write(name: string | undefined, { from, force }: NewOptions, context: UpContext): Promise<void> {
  const { stdout, stderr, exit } = context;
  if (name === undefined && from === undefined) {
    stderr.write('name the scenario (isebed new my-case), or say what to learn it from (--from FILE)\n');
    return exit(EXIT_INVALID);
  }
  const made = from === undefined ? { name: name ?? '', text: skeleton(name ?? '') } : await learnt(from, context);
  if (typeof made === 'number') return exit(made);
  const file = `${(name ?? made.name).replace(/\.ya?ml$/, '')}.yaml`;
  if (existsSync(file) && !force) {
    stderr.write(`${file} exists; name another one, or replace it with --force\n`);
    return exit(EXIT_INVALID);
  }
  try {
    writeFileSync(file, made.text);
  } catch (error) {
    stderr.write(`${file}: ${reasonOf(error)}\n`);
    return exit(EXIT_INVALID);
  }
  stdout.write(`${file}  written\nisebed run ${file}\n`);
  exit(0);
}

/** Gives the exit status where nothing could be learnt. */
async function learnt(from: readonly string[], context: UpContext): Promise<{ name: string; text: string } | number> {
  const { stderr } = context;
  const { read, faults } = await readEvidence(from, context);
  for (const fault of faults) stderr.write(`${fault}\n`);
  if (faults.length > 0) return EXIT_INVALID;
  const answer = answerOf(read, { language: 'en' }, context);
  const [cause] = answer.explanation.causes;
  const scenario = cause && scenarioFor(cause.code, context);
  if (!cause || !scenario || !isFound(answer)) {
    stderr.write('no cause is found there; isebed diagnose tells what was understood, and what to collect\n');
    return EXIT_NOTHING_FOUND;
  }
  const kinds = [...read.recognised].map(([kind, count]) => `${WORDS.en.kinds[kind]}: ${count}`).join(', ');
  const certainty = WORDS.en.verdicts[answer.explanation.verdict];
  const text = learntScenario({ code: cause.code, from: kinds, certainty, scenario });
  return { name: `learnt-${cause.code.replaceAll('.', '-')}`, text };
}
