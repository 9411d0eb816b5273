/** The named errors of ERS and their HTTP status (fact sheet ise 7.1). */
const EXCEPTIONS = {
  VERSION_EXCEPTION: { status: 415, code: 'Version exception' },
  MEDIA_TYPE_EXCEPTION: { status: 415, code: 'Media type exception' },
  UNSUPPORTED_RESOURCE_EXCEPTION: { status: 400, code: 'Unsupported resource exception' },
  UNSUPPORTED_METHOD_EXCEPTION: { status: 400, code: 'Unsupported method exception' },
  QUERY_VALIDATION_EXCEPTION: { status: 400, code: 'Query validation exception' },
  SCHEMA_VALIDATION_EXCEPTION: { status: 400, code: 'Schema validation exception' },
  APPLICATION_RESOURCE_VALIDATION_EXCEPTION: { status: 400, code: 'Application resource validation exception' },
  CRUD_OPERATION_EXCEPTION: { status: 500, code: 'CRUD operation exception' },
  INTERNAL_EXCEPTION: { status: 500, code: 'Internal exception' },
  // The rest is not in the registry; names in its style, statuses as the resources declare them.
  RESOURCE_NOT_FOUND_EXCEPTION: { status: 404, code: 'Resource not found exception' },
  UNAUTHORIZED: { status: 401, code: 'Unauthorized' },
  FORBIDDEN: { status: 403, code: 'Forbidden' },
  CSRF_EXCEPTION: { status: 403, code: 'CSRF nonce validation failed' },
  TOO_LARGE: { status: 413, code: 'Request entity too large' },
  TOO_MANY_REQUESTS: { status: 429, code: 'Too many requests' },
} as const;

export type ErsExceptionName = keyof typeof EXCEPTIONS;

/** A request that ERS refuses; it becomes an `ERSResponse`. Titles name fields and rules, never the values of secrets. */
export class ErsException extends Error {
  readonly titles: readonly string[];

  constructor(
    override readonly name: ErsExceptionName,
    ...titles: string[]
  ) {
    super(titles.join('; '));
    this.titles = titles;
  }

  get status(): number {
    return EXCEPTIONS[this.name].status;
  }

  /** As it stands in the answer. */
  get code(): string {
    return EXCEPTIONS[this.name].code;
  }
}
