/** What a command may use of the world around it. */
export interface CommandContext {
  readonly stdout: Output;
  readonly stderr: Output;
  /** The folder of the scenarios that come with the program. */
  readonly scenariosDir: string;
  /** The codes that a diagnosis can have. */
  readonly catalogueCodes: readonly string[];
  /** Sets the exit status: 0 met, 1 expectation not met, 2 bad usage or invalid file, 70 our bug. */
  readonly exit: (status: number) => void;
}

interface Output {
  write(text: string): unknown;
}

/** Bad usage, or an invalid file. */
export const EXIT_INVALID = 2;
