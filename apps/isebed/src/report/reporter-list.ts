export const REPORTER_NAMES = ['pretty', 'json', 'junit', 'tap', 'html'] as const;
export type ReporterName = (typeof REPORTER_NAMES)[number];

/** A reporter, and where its text goes. */
export interface ChosenReporter {
  readonly name: ReporterName;
  /** Undefined: standard output. Of `html` it is a folder, of the others a file. */
  readonly path: string | undefined;
}

/** Where `html` leaves its pages if it is not told. */
const HTML_FOLDER = 'isebed-report';

/**
 * Reads `pretty,json=out.json`: names with commas between, each perhaps with a path. What was chosen before is kept.
 *
 * @throws Error that says what is wrong, in words for whoever typed it
 */
export function readReporters(text: string, before: readonly ChosenReporter[] = []): ChosenReporter[] {
  const chosen = [...before, ...text.split(',').map(readOne)];
  const onOutput = chosen.filter(({ path }) => path === undefined).map(({ name }) => name);
  if (onOutput.length > 1) {
    const example = `${onOutput[0]},${onOutput[1]}=FILE`;
    throw new Error(`${onOutput.join(' and ')} would both write to standard output; name files, as in ${example}`);
  }
  const paths = chosen.flatMap(({ path }) => path ?? []);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new Error(`two reporters would write to ${twice}`);
  return chosen;
}

function readOne(text: string): ChosenReporter {
  const [word = '', ...rest] = text.split('=');
  const name = REPORTER_NAMES.find((one) => one === word.trim());
  const path = rest.length === 0 ? undefined : rest.join('=');
  if (!name) throw new Error(`"${word}" is no reporter; they are ${REPORTER_NAMES.join(', ')}`);
  if (path === '') throw new Error(`a path is missing after "${name}="`);
  return { name, path: path ?? (name === 'html' ? HTML_FOLDER : undefined) };
}
