import { TestbedError } from '#libs/diagnosis';

/** An answer of Graph that is an error (fact sheet microsoft 5.3). */
export interface GraphRefusal {
  kind: 'refused';
  status: number;
  code: string;
  message: string;
  retryAfterS?: number;
}

function refusal(status: number, code: string, message: string): GraphRefusal {
  return { kind: 'refused', status, code, message };
}

export const refusals = {
  tokenMissing: () => refusal(401, 'InvalidAuthenticationToken', 'Access token is empty.'),
  tokenMalformed: () =>
    refusal(401, 'InvalidAuthenticationToken', 'CompactToken parsing failed with error code: 80049217'),
  tokenExpired: () => refusal(401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.'),
  tokenAudience: () => refusal(401, 'InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.'),
  tokenSignature: () =>
    refusal(401, 'InvalidAuthenticationToken', 'Access token validation failure. Invalid signature.'),
  keysUnavailable: () => refusal(503, 'serviceNotAvailable', 'The service is temporarily unavailable.'),
  denied: () => refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
  throttled: (retryAfterS: number): GraphRefusal => ({
    ...refusal(429, 'TooManyRequests', 'Too many requests. Please retry after the time in the Retry-After header.'),
    retryAfterS,
  }),
  notFound: (id: string) =>
    refusal(
      404,
      'Request_ResourceNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  unknownRoute: (segment: string) => refusal(404, 'BadRequest', `Resource not found for the segment '${segment}'.`),
  notSignedIn: () => refusal(400, 'BadRequest', '/me request is only valid with delegated authentication flow.'),
  badBatch: (message: string) => refusal(400, 'BadRequest', message),
  /** Status of the public documentation; code and text are ours. */
  dependencyFailed: () =>
    refusal(424, 'FailedDependency', 'A request that this one depends on failed, so it was not processed.'),
  badRequest: (message: string) => refusal(400, 'Request_BadRequest', message),
  malformedBody: () =>
    refusal(
      400,
      'BadRequest',
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    ),
  unsupportedQuery: (message: string) => refusal(400, 'Request_UnsupportedQuery', message),
};

/** What the directory refuses, as Graph says it; what is not here is a bug of ours and is thrown on. */
const OF_DIRECTORY: Readonly<Record<string, (message: string) => GraphRefusal>> = {
  'entra.user-exists': refusals.badRequest,
  'entra.domain-not-verified': refusals.badRequest,
  'entra.usage-location-missing': refusals.badRequest,
  'entra.license-unknown': refusals.badRequest,
  'entra.no-seats-left': refusals.badRequest,
  'entra.application-not-instantiable': refusals.badRequest,
  'entra.app-role-unknown': refusals.badRequest,
  'entra.consent-exists': refusals.badRequest,
  'entra.certificate-malformed': refusals.badRequest,
  'entra.grant-exists': (message) => refusal(409, 'Request_MultipleObjectsWithSameKeyValue', message),
  'entra.service-principal-exists': (message) => refusal(409, 'Request_MultipleObjectsWithSameKeyValue', message),
  'entra.secret-unknown': () => refusals.badRequest('No password credential found with keyId.'),
  'entra.secret-period': () => refusals.badRequest('Key credential end date is invalid.'),
  'entra.domain-taken': () => refusals.badRequest('A domain with the same name already exists.'),
};

export function refusalOfError(error: unknown): GraphRefusal {
  const known = error instanceof TestbedError ? OF_DIRECTORY[error.code] : undefined;
  if (!known || !(error instanceof TestbedError)) throw error;
  return known(error.message);
}
