import type { CmdletFailure } from './cmdlet.ts';

/** An answer of the REST transport, complete but for the headers that every answer has. */
export interface AdminAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export function forbidden(text: string): AdminAnswer {
  return { status: 403, body: { error: { code: 'Forbidden', message: text } } };
}

/** The text is known (fact sheet microsoft 5.4), what goes with it is ours. */
export function tooManyRequests(): CmdletFailure {
  return {
    status: 429,
    restCode: 'TooManyRequests',
    errorCode: 'Ex000000',
    exceptionType: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException',
    text: 'You have reached the maximum number of concurrent requests per tenant. Please wait and try again',
    fullyQualifiedErrorId: 'Write-ErrorMessage',
  };
}

export function malformedBody(): CmdletFailure {
  return {
    status: 400,
    restCode: 'BadRequest',
    errorCode: 'Ex000000',
    exceptionType: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException',
    text: 'The request body is not a CmdletInput with CmdletName and Parameters.',
    fullyQualifiedErrorId: 'Write-ErrorMessage',
  };
}

export function errorAnswer({ status, restCode, errorCode, exceptionType, text }: CmdletFailure): AdminAnswer {
  const message = 'Error executing cmdlet';
  return {
    status,
    headers: { 'X-ExceptionType': exceptionType },
    body: {
      error: {
        code: restCode,
        message,
        details: [{ code: 'Context', target: '', message: `${errorCode}|${exceptionType}|${text}` }],
        innererror: {
          message,
          type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException',
          stacktrace: '',
          internalexception: { message: text, type: exceptionType, stacktrace: '' },
        },
      },
    },
  };
}
