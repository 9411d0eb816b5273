import { TestbedError } from '#libs/diagnosis';

/** A request to a node's API that can't be carried out; `status` is its HTTP status. */
export class RequestError extends TestbedError {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 429 | 503,
    code: string,
    message: string,
    remedy: string,
    evidence: Record<string, unknown> = {},
  ) {
    super(code, message, { remedy, evidence });
  }
}
