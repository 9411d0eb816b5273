import { Catch, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { Response } from 'express';
import { TestbedError } from '#libs/diagnosis';
import { diskFailure } from './disk-failure.ts';
import { UpError } from './up.error.ts';

/** By the code of the error; what the simulated Microsoft itself refuses is a conflict. */
const STATUSES: Readonly<Record<string, number>> = {
  'up.not-ready': 503,
  'up.not-stored': 503,
  'up.port-taken': 503,
  'up.change-invalid': 400,
};

/** Errors with a code as JSON, with their remedy; a disk that fails is one of them. */
@Catch()
export class LiveErrorFilter extends BaseExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): void {
    const error = notStored(exception) ?? exception;
    if (!(error instanceof TestbedError)) return super.catch(exception, host);
    const { code, message, detail } = error;
    host
      .switchToHttp()
      .getResponse<Response>()
      .status(STATUSES[code] ?? 409)
      .json({ code, message, remedy: detail.remedy, evidence: detail.evidence });
  }
}

function notStored(cause: unknown): UpError | undefined {
  const reason = diskFailure(cause);
  const remedy = 'Make room on the disk of the data folder, then do it again.';
  return reason === undefined ? undefined : new UpError('up.not-stored', `nothing was done: ${reason}`, remedy, cause);
}
