import { existsSync, writeFileSync } from 'node:fs';
import { reasonOf } from '#libs/scenario';
import { plainText } from '../report/text.ts';
import { EXIT_INVALID } from './command-context.ts';
import { answerOf, isFound, readEvidence } from './diagnose-inputs.ts';
import { scenarioFor } from './diagnose-scenarios.ts';
import { WORDS } from './diagnose-words.ts';
import { learntScenario, skeleton } from './new-scenario.ts';
import type { UpContext } from './up.command.ts';

const EXIT_NOTHING_FOUND = 1;

export interface NewOptions {
  from?: string[];
  cause?: string;
  force?: boolean;
}

/** What `isebed new` does: writes a skeleton, or what it has learnt. */
export async function writeScenario(
  name: string | undefined,
  { from, cause, force }: NewOptions,
  context: UpContext,
): Promise<void> {
  const { stdout, stderr, exit } = context;
  if (name === undefined && from === undefined) {
    stderr.write('name the scenario (isebed new my-case), or say what to learn it from (--from FILE)\n');
    return exit(EXIT_INVALID);
  }
  const made =
    from === undefined ? { name: name ?? '', text: skeleton(name ?? '') } : await learnt(from, cause, context);
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
async function learnt(
  from: readonly string[],
  wanted: string | undefined,
  context: UpContext,
): Promise<{ name: string; text: string } | number> {
  const { stderr } = context;
  const { read, faults } = await readEvidence(from, context);
  for (const fault of faults) stderr.write(`${fault}\n`);
  if (faults.length > 0) return EXIT_INVALID;
  const answer = answerOf(read, { language: 'en' }, context);
  const { causes, meaning } = answer.explanation;
  if (meaning) {
    stderr.write(`no scenario shows this, since ISE itself does not bring it about. ${meaning.text}\n`);
    return EXIT_NOTHING_FOUND;
  }
  const cause = wanted === undefined ? causes[0] : causes.find(({ code }) => code === wanted);
  if (wanted !== undefined && causes.length > 0 && !cause) {
    const named = causes.map(({ code }) => code).join(', ');
    stderr.write(`${plainText(wanted)} is none of the causes that are named there: ${named}\n`);
    return EXIT_INVALID;
  }
  const scenario = cause && scenarioFor(cause.code, context);
  if (!cause || !scenario || !isFound(answer)) {
    stderr.write('no cause is found there; isebed diagnose tells what was understood, and what to collect\n');
    return EXIT_NOTHING_FOUND;
  }
  const kinds = [...read.recognised].map(([kind, count]) => `${WORDS.en.kinds[kind]}: ${count}`).join(', ');
  const certainty = wanted === undefined ? WORDS.en.verdicts[answer.explanation.verdict] : 'one of several, chosen';
  const text = learntScenario({ code: cause.code, from: kinds, certainty, scenario });
  return { name: `learnt-${cause.code.replaceAll('.', '-')}`, text };
}
