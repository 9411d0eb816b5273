import type { OutgoingHttpHeaders } from 'node:http';
import type { Random } from '#libs/simulation';
import { errorUriOf, type AadstsRefusal } from './entra-refusal.ts';

/** An HTTP answer, complete but for the headers that every answer has. */
export interface EntraReply {
  status: number;
  headers: OutgoingHttpHeaders;
  body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export function jsonReply(status: number, body: object, headers: OutgoingHttpHeaders = {}): EntraReply {
  return { status, headers: { 'Content-Type': JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}

/** Headers of the token endpoint, on success and error alike (fact sheet microsoft 1.3). */
export function tokenEndpointHeaders(now: number, requestId: string, random: Random): OutgoingHttpHeaders {
  const cookieEnd = new Date(now + 30 * 86_400_000).toUTCString();
  const session = random.bytes(33).toString('base64url');
  return {
    'Cache-Control': 'no-store, no-cache',
    Pragma: 'no-cache',
    'Content-Type': JSON_TYPE,
    Expires: '-1',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    P3P: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
    'x-ms-request-id': requestId,
    'x-ms-ests-server': '2.1.24000.6 - WEULR1 ProdSlices',
    'X-XSS-Protection': '0',
    'Set-Cookie': [
      `fpc=${session}; expires=${cookieEnd}; path=/; secure; HttpOnly; SameSite=None`,
      'x-ms-gateway-slice=estsfd; path=/; secure; samesite=none; httponly',
      'stsservicecookie=estsfd; path=/; secure; samesite=none; httponly',
    ],
  };
}

/** A trace ID: a GUID whose last byte is 00. */
export function drawTraceId(random: Random): string {
  return `${random.uuid().slice(0, -2)}00`;
}

/** Body of an error (fact sheet microsoft 1.4); today's single spaces between the parts of the description. */
export function errorBody(
  refusal: Pick<AadstsRefusal, 'error' | 'aadsts' | 'text'>,
  ids: { traceId: string; correlationId: string; now: number },
): Record<string, unknown> {
  const timestamp = `${new Date(ids.now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const errorUri = errorUriOf(refusal.aadsts);
  return {
    error: refusal.error,
    error_description:
      `AADSTS${refusal.aadsts}: ${refusal.text} Trace ID: ${ids.traceId} ` +
      `Correlation ID: ${ids.correlationId} Timestamp: ${timestamp}`,
    error_codes: [refusal.aadsts],
    timestamp,
    trace_id: ids.traceId,
    correlation_id: ids.correlationId,
    ...(errorUri === undefined ? {} : { error_uri: errorUri }),
  };
}
