import { TestbedError } from '#libs/diagnosis';

export type FaultErrorCode = 'fault.name-taken' | 'fault.unknown' | 'fault.invalid';

/** A fault that can't be added or removed. */
export class FaultError extends TestbedError {
  constructor(
    override readonly code: FaultErrorCode,
    message: string,
    remedy: string,
  ) {
    super(code, message, { remedy });
  }
}
