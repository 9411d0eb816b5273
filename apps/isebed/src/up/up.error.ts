import { TestbedError } from '#libs/diagnosis';

/** The live testbed can't be started as it was asked to be: bad usage, not a defect. */
export class UpError extends TestbedError {
  constructor(code: string, message: string, remedy: string, cause?: unknown) {
    super(code, message, { remedy, ...(cause === undefined ? {} : { cause }) });
  }
}
