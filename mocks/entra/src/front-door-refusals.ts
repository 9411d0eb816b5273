import type { AadstsRefusal, FrontDoorRefusal } from './entra-refusal.ts';
import type { ServiceHealth } from './entra-state.ts';

/** Texts of the reference of error codes; statuses inferred (fact sheet microsoft 1.5). */
const DEGRADED = {
  90033: { status: 503, error: 'temporarily_unavailable', text: 'A transient error has occurred. Please try again.' },
  90024: { status: 504, error: 'temporarily_unavailable', text: 'A transient error has occurred. Please try again.' },
  90006: { status: 500, error: 'server_error', text: 'The service is temporarily unavailable.' },
} as const;

const DOWN = { 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout' } as const;

/** Answers to requests that are refused before anybody looks at what they ask for. */
export const frontDoorRefusals = {
  unavailable: (health: Exclude<ServiceHealth, { status: 'available' }>): AadstsRefusal | FrontDoorRefusal => {
    if (health.status === 'degraded') {
      return { reason: 'service-degraded', aadsts: health.aadsts, ...DEGRADED[health.aadsts] };
    }
    const title = DOWN[health.httpStatus];
    return {
      reason: 'service-down',
      status: health.httpStatus,
      contentType: 'text/html; charset=us-ascii',
      body:
        `<!DOCTYPE html><html><head><title>${title}</title></head>` +
        `<body><h2>${title}</h2><hr><p>HTTP Error ${health.httpStatus}. ${title}.</p></body></html>`,
    };
  },
  /** Fact sheet microsoft 1.7: two words of plain text, no JSON. */
  tooManyRequests: (retryAfterS: number): FrontDoorRefusal => ({
    reason: 'throttled',
    status: 429,
    contentType: 'text/plain',
    body: 'Too Many Requests',
    retryAfterS,
  }),
  /** Only the number is known; status and text are ours. */
  tenantThrottled: (retryAfterS: number): AadstsRefusal => ({
    reason: 'throttled',
    status: 400,
    error: 'temporarily_unavailable',
    aadsts: 90055,
    text: 'There are too many incoming requests.',
    retryAfterS,
  }),
  /** Text as announced for it; status inferred. */
  requestLoop: (): AadstsRefusal => ({
    reason: 'request-loop',
    status: 400,
    error: 'invalid_grant',
    aadsts: 50196,
    text: 'The server terminated an operation because it encountered a loop while processing a request.',
  }),
};
