/**
 * A failure that the reader can do something about. `code` is dotted and stable (branch on it, never on the text),
 * `message` says what was tried and what happened, `remedy` what to do, in the reader's terms.
 *
 * None of the texts may hold a secret, a token or a password.
 */
export class TestbedError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly detail: { remedy: string; evidence?: Record<string, unknown>; cause?: unknown },
  ) {
    super(message, { cause: detail.cause });
    this.name = new.target.name;
  }
}

/** A broken promise of our own code. Nobody catches it below `main`; the program ends with status 70. */
export class InvariantError extends Error {
  constructor(
    message: string,
    readonly evidence: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = new.target.name;
  }
}
