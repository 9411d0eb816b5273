import { TestbedError } from '#libs/diagnosis';

/** Something in a scenario file that must be put right before anything runs. */
export interface Mistake {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What was found. */
  readonly message: string;
  /** What would be accepted. */
  readonly expected: string;
  /** The valid name that the author probably meant. */
  readonly nearest?: string;
}

/** One line without control characters: `file:line:column  message; expected …; did you mean …?` */
export function formatMistake({ file, line, column, message, expected, nearest }: Mistake): string {
  const suggestion = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return `${file}:${line}:${column}  ${message}; expected ${expected}${suggestion}`.replace(/\p{Cc}/gu, ' ');
}

/** Raised where a scenario is needed and its file has mistakes; nothing has run. */
export class ScenarioFileError extends TestbedError {
  constructor(readonly mistakes: readonly Mistake[]) {
    const files = [...new Set(mistakes.map(({ file }) => file))].join(', ');
    super(
      'scenario.invalid-file',
      [`${files}: ${mistakes.length} mistake(s)`, ...mistakes.map(formatMistake)].join('\n'),
      {
        remedy: 'Put the lines right, and check with "isebed validate".',
        evidence: { mistakes },
      },
    );
  }
}
