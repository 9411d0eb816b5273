import { BadRequestException, Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { TestbedError } from '#libs/diagnosis';
import { RequestError } from './request-error.ts';

/** The one place where a `TestbedError` becomes an HTTP answer. */
@Catch(TestbedError, BadRequestException)
export class TestbedErrorFilter implements ExceptionFilter<TestbedError | BadRequestException> {
  catch(thrown: TestbedError | BadRequestException, host: ArgumentsHost): void {
    const error = thrown instanceof TestbedError ? thrown : notJson();
    const status = error instanceof RequestError ? error.status : 503;
    const { code, message, detail } = error;
    host
      .switchToHttp()
      .getResponse<Response>()
      .status(status)
      .json({ code, message, remedy: detail.remedy, evidence: detail.evidence });
  }
}

/** Nest's own 400 is for a body that is no JSON; it quotes from the body, and a secret may stand there. */
function notJson(): RequestError {
  return new RequestError(400, 'request.invalid', 'the body is not JSON', 'Send the fields as one JSON object.');
}
