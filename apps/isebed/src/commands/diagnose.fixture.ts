import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { ROOT_CAUSE_CODES } from '#libs/diagnosis';
import { addDiagnoseCommand } from './diagnose.command.ts';
import { addNewCommand } from './new.command.ts';

/** What comes with the program. */
export const BUILT_IN = {
  scenariosDir: fileURLToPath(new URL('../../../../scenarios', import.meta.url)),
  catalogueCodes: ROOT_CAUSE_CODES,
};

/** What a command line wrote, and its exit status. */
export interface Said {
  out: string;
  err: string;
  status: number | undefined;
}

/** Runs one command line of `diagnose` or `new`, as the program would. */
export async function isebed(
  words: readonly string[],
  stdin: string | AsyncIterable<Uint8Array> = '',
  environment: Record<string, string> = {},
): Promise<Said> {
  const said: Said = { out: '', err: '', status: undefined };
  const context = {
    stdin: typeof stdin === 'string' ? chunksOf(stdin) : stdin,
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
    ...BUILT_IN,
    color: false,
    columns: 80,
    watched: false,
    github: undefined,
    interrupted: new AbortController().signal,
    environment,
    exit: (status: number) => (said.status = status),
    quit: () => undefined,
    onUncaught: () => undefined,
  };
  const program = new Command('isebed').exitOverride();
  addDiagnoseCommand(program, context);
  addNewCommand(program, context);
  await program.parseAsync([...words], { from: 'user' });
  return said;
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield Buffer.from(text);
}
