import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { TestbedError } from '#libs/diagnosis';
import { RequestError } from './request-error.ts';

/** The one place where a `TestbedError` becomes an HTTP answer. */
@Catch(TestbedError)
export class TestbedErrorFilter implements ExceptionFilter<TestbedError> {
  catch(error: TestbedError, host: ArgumentsHost): void {
    const status = error instanceof RequestError ? error.status : 503;
    const { code, message, detail } = error;
    host
      .switchToHttp()
      .getResponse<Response>()
      .status(status)
      .json({ code, message, remedy: detail.remedy, evidence: detail.evidence });
  }
}
