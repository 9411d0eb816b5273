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
